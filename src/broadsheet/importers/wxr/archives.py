"""The old site's category, tag and author addresses and its attachment pages lead to what stands there now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db import transaction

from broadsheet.articles.models import ArticlePage, Author, PolicyPage, SectionPage, Topic
from broadsheet.articles.projection import PublishedAuthor, PublishedTopic

from ..models import ImportedItem
from . import old_addresses
from .archive import Archive, is_uncategorised
from .redirects import Redirects, retire


def count_lists(archive: Archive, public: set[str], redirects: Redirects, made: Counter[str]) -> None:
    """What `retire_lists` would add: `public` holds the keys of what public stories of this run use."""
    for key in sorted(public):
        made["redirects"] += redirects.plan(_list_paths(archive, key))
    stories = set(archive.addresses.values())
    for parent, paths in _attachment_paths(archive):
        if f"post:{parent}" in stories:
            made["redirects"] += redirects.plan(paths)


def retire_lists(archive: Archive, redirects: Redirects, made: Counter[str]) -> None:
    """Where readers find something in the list today, its old address leads there."""
    items = ImportedItem.objects.filter(source=archive.site.name)
    # A category can be a section and a topic: its address leads to the section.
    lists = sorted(
        items.filter(kind__in=["section", "topic", "author"]), key=lambda one: (one.kind != "section", one.pk)
    )
    for item in lists:
        paths = _list_paths(archive, item.key)
        page, target = _standing(item)
        if paths and (page is not None or target):
            made["redirects"] += redirects.plan(paths)
            with transaction.atomic():
                retire(paths, page, target)
    stories = dict(items.filter(kind__in=["article", "page"], is_public=True).values_list("key", "object_id"))
    for parent, paths in _attachment_paths(archive):
        story = _story(stories.get(f"post:{parent}", 0))
        if story is not None:
            made["redirects"] += redirects.plan(paths)
            with transaction.atomic():
                retire(paths, story)


def _list_paths(archive: Archive, key: str) -> list[str]:
    """Where WordPress lists what has this key: `section:world:en`, `tag:harbour:en`, `author:anna:en`."""
    kind, name = key.rsplit(":", 1)[0].split(":", 1)
    kind = "category" if kind == "section" else kind
    site = archive.site
    if kind == "author":
        return [path for path in [old_addresses.archive_path(site, kind, name.lower().replace(" ", "-"))] if path]
    if kind not in {"category", "tag"} or is_uncategorised(name):
        return []
    paths = [old_addresses.archive_path(site, kind, name)]
    if kind == "category":
        paths.append(old_addresses.archive_path(site, kind, *archive.category_line(name)))
    return [path for path in dict.fromkeys(paths) if path]


def _standing(item: ImportedItem) -> tuple[SectionPage | None, str]:
    """The live section, or the path of a topic or author with something to read."""
    if item.kind == "section":
        return SectionPage.objects.live().filter(pk=item.object_id).first(), ""
    if item.kind == "topic":
        topic = Topic.objects.filter(pk=item.object_id).first()
        has_stories = topic is not None and PublishedTopic.objects.filter(topic=topic).exists()
        return None, topic.public_path if topic and has_stories else ""
    author = Author.objects.filter(pk=item.object_id).first()
    has_stories = author is not None and PublishedAuthor.objects.filter(author=author).exists()
    return None, author.public_path if author and has_stories else ""


def _attachment_paths(archive: Archive) -> Iterator[tuple[str, list[str]]]:
    """The pages of attachments by the number of the story that they belong to."""
    for parent, attachments in archive.children.items():
        paths = [path for one in attachments for path in archive.attachment_paths.get(one, ())]
        if paths:
            yield parent, paths


def _story(number: int) -> ArticlePage | PolicyPage | None:
    article = ArticlePage.objects.live().filter(pk=number).first()
    return article or PolicyPage.objects.live().filter(pk=number).first()
