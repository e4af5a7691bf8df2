"""Writes stories into the newsroom: one transaction each, twice the same, never over the newsroom's own work."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from wagtail.models import Page, ReferenceIndex, Revision
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.signals import page_published

from broadsheet.articles.models import ArticleByline, ArticlePage, ArticleTopic, PolicyPage, SectionPage

from .. import report
from ..models import ImportedItem
from .archive import Archive
from .catalogue import Catalogue
from .map import Story
from .media import MediaShelf
from .policy import to_rich_text
from .redirects import Redirects, retire

_LINK = re.compile(r'<a href="([^"]*)"[^>]*>')
EDITED = "the newsroom has worked on it since: left as it is"
DELETED = "the newsroom has deleted it since: left out"


class Loader:
    """Stores the stories of one archive. In a dry run all is decided in the same way and nothing is written."""

    def __init__(
        self,
        archive: Archive,
        catalogue: Catalogue,
        media: MediaShelf,
        redirects: Redirects,
        made: Counter[str],
        *,
        dry_run: bool,
    ) -> None:
        self._archive = archive
        self._catalogue = catalogue
        self._media = media
        self._redirects = redirects
        self._made = made
        self._dry_run = dry_run
        self._source = archive.site.name

    def is_unchanged(self, key: str, content_hash: str) -> bool:
        """A run before this one took the item as it is now."""
        return ImportedItem.objects.filter(source=self._source, key=key, content_hash=content_hash).exists()

    def store(self, story: Story, content_hash: str) -> tuple[str, str]:
        """Take the story or bring it up to date: the outcome, and the reason where it was left alone."""
        known = ImportedItem.objects.filter(source=self._source, key=story.key).first()
        page = _page_of(known) if known else None
        if known is not None and page is None:
            return report.KEPT, DELETED
        if known is not None and page is not None and _is_edited(known, page):
            return report.KEPT, EDITED
        made = Counter(self._made)
        redirects = self._redirects.plan(story.old_paths)
        try:
            # Wagtail would count the references of every row at every save; once for each page is enough.
            with transaction.atomic(), disable_reference_index_auto_update():
                self._write(story, content_hash, known, page)
        except BaseException:
            # What was counted for this story did not come about.
            self._made.clear()
            self._made.update(made)
            self._catalogue.reload()
            self._media.forget()
            self._redirects.forget(story.old_paths)
            raise
        self._made["redirects"] += redirects
        self._made["links_rewritten"] += story.internal_links
        return (report.TAKEN if known is None else report.UPDATED), ""

    def _write(self, story: Story, content_hash: str, known: ImportedItem | None, page: Page | None) -> None:
        is_article = story.kind == "article"
        section = self._catalogue.section(story.section, story.language, is_public=story.is_public) if is_article else 0
        public = story.is_public
        authors = (
            [self._catalogue.author(login, story.language, is_public=public) for login in story.authors]
            if is_article
            else []
        )
        topics = (
            [self._catalogue.topic(key, name, story.language, is_public=public) for key, name in story.topics]
            if is_article
            else []
        )
        self._media.note(story.pictures)
        blocks = self._with_images(story)
        picture = self._featured(story) if is_article else None
        if self._dry_run:
            return
        fields = self._fields(story)
        if is_article:
            parent: Page = SectionPage.objects.get(pk=section)
            fields |= {"body": blocks, "lead": story.lead, "picture_id": picture}
            fields["bylines"] = [ArticleByline(author_id=one, sort_order=n) for n, one in enumerate(_once(authors))]
            fields["topic_links"] = [ArticleTopic(topic_id=one, sort_order=n) for n, one in enumerate(_once(topics))]
        else:
            parent = self._catalogue.front(story.language)
            fields |= {"body": to_rich_text(blocks), "kind": "other"}
        item = known or ImportedItem(source=self._source, key=story.key, kind=story.kind)
        item.content_hash, item.is_public, item.old_paths = content_hash, story.is_public, list(story.old_paths)
        # A story with links to others waits as a draft until all are there.
        item.is_finished = story.internal_links == 0
        written = self._put(item, story, fields, parent, page)
        item.object_id, item.revision_id = written.pk, written.latest_revision_id
        if item.is_finished:
            self._publish(item, written)
        item.save()

    def _fields(self, story: Story) -> dict[str, Any]:
        return {
            "title": story.headline,
            "draft_title": story.headline,
            "seo_title": story.seo_title,
            "search_description": story.description,
            "go_live_at": story.go_live_at,
            "first_published_at": story.published_at,
            "last_published_at": (story.modified_at or story.published_at) if story.is_public else None,
        }

    def _put(self, item: ImportedItem, story: Story, fields: dict[str, Any], parent: Page, page: Any) -> Any:
        """The page with the story's fields in its place in the tree; live at once where nothing is to be waited for."""
        if page is None:
            return self._add(item, story, fields, parent)
        if page.get_parent().pk != parent.pk:
            page.slug = page.free_slug(page.slug, parent)
            page.save()
            page.move(parent, pos="last-child")
            page = type(page).objects.get(pk=page.pk)
        if page.live and not item.is_public:
            page.unpublish()
        _set(page, fields)
        page.live = page.live or (item.is_public and item.is_finished)
        page.save()
        return page

    def _add(self, item: ImportedItem, story: Story, fields: dict[str, Any], parent: Page) -> Any:
        model = ArticlePage if story.kind == "article" else PolicyPage
        page = model(live=item.is_public and item.is_finished, locale=self._catalogue.locale(story.language))
        _set(page, fields)
        page.slug = page.free_slug(story.slug, parent)
        key = self._catalogue.group_key(story.group)
        if story.group and not model.objects.filter(translation_key=key, locale=page.locale).exists():
            page.translation_key = key
        parent.add_child(instance=page)
        return page

    # Pictures

    def _with_images(self, story: Story) -> list[dict[str, Any]]:
        """The blocks with the ids of images in place of their files."""
        return [self._block_with_images(block, story) for block in story.blocks]

    def _block_with_images(self, block: dict[str, Any], story: Story) -> dict[str, Any]:
        if block["type"] == "image":
            return block | {"value": self._value_with_image(block["value"], story)}
        if block["type"] == "gallery":
            pictures = [
                one | {"value": self._value_with_image(one["value"], story)} for one in block["value"]["pictures"]
            ]
            return block | {"value": block["value"] | {"pictures": pictures}}
        return block

    def _value_with_image(self, value: dict[str, Any], story: Story) -> dict[str, Any]:
        for picture in story.pictures:
            file = self._media.find_file(picture.url)
            if file is not None and str(file) == value["image"]:
                return value | {"image": self._media.take(file, picture)}
        raise ValueError(f"no picture of the story has the file {value['image']}")

    def _featured(self, story: Story) -> int | None:
        if story.featured is None:
            return None
        file = self._media.find_file(story.featured.url)
        return self._media.take(file, story.featured) if file else None

    # Links and publishing

    def finish_all(self) -> Iterator[int]:
        """Second pass: rewrite links to other stories and publish; yields how many are done."""
        waiting = ImportedItem.objects.filter(source=self._source, is_finished=False).order_by("pk")
        targets = dict(
            ImportedItem.objects.filter(source=self._source, kind__in=["article", "page"], is_public=True).values_list(
                "key", "object_id"
            )
        )
        for number, item in enumerate(list(waiting), start=1):
            with transaction.atomic(), disable_reference_index_auto_update():
                page = _page_of(item)
                if page is not None:
                    self._rewrite_links(page, targets)
                    page.live = page.live or item.is_public
                    page.save()
                    self._publish(item, page)
                item.is_finished = True
                item.save()
            yield number

    def _rewrite_links(self, page: Page, targets: dict[str, int]) -> None:
        def rewrite(link: re.Match[str]) -> str:
            target = targets.get(self._archive.old_target(html.unescape(link[1])))
            return f'<a linktype="page" id="{target}">' if target else link[0]

        if isinstance(page, PolicyPage):
            page.body = _LINK.sub(rewrite, page.body)
            return
        raw = [
            {**block, "value": _LINK.sub(rewrite, block["value"])} if block["type"] == "text" else dict(block)
            for block in page.body.raw_data
        ]
        page.body = raw

    def _publish(self, item: ImportedItem, page: Any) -> None:
        """A revision of the page as it stands; where it is public, readers see it and its old addresses lead to it."""
        revision: Revision = page.save_revision(clean=False)
        item.revision_id = revision.pk
        ReferenceIndex.create_or_update_for_object(page)
        if item.is_public:
            Page.objects.filter(pk=page.pk).update(live_revision=revision, has_unpublished_changes=False)
            page_published.send(sender=type(page), instance=page, revision=revision)
            retire(item.old_paths, page)


def _set(page: Any, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(page, name, value)


def _page_of(item: ImportedItem) -> Any:
    model: Any = ArticlePage if item.kind == "article" else PolicyPage
    return model.objects.filter(pk=item.object_id).first()


def _is_edited(item: ImportedItem, page: Page) -> bool:
    """The page has another revision than the import left, or was retracted."""
    return page.latest_revision_id != item.revision_id or (item.is_public and item.is_finished and not page.live)


def _once(ids: list[int]) -> list[int]:
    return list(dict.fromkeys(ids))
