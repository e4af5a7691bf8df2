"""Changes a running site as its newsroom does, from a process of its own: reads `[name, args, kwargs]` a line.

Only functions marked with `asked` can be asked for; answers are plain values. Started by `harness.Desk`.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.db import close_old_connections, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Locale, Page, Revision  # noqa: E402

from broadsheet.articles import addresses  # noqa: E402
from broadsheet.articles.models import ArticlePage, Author, Edition, HomePage, PolicyPage, SectionPage, Topic  # noqa: E402
from broadsheet.articles.projection import PublishedArticle  # noqa: E402
from broadsheet.media import publishing  # noqa: E402
from broadsheet.media.models import NewsImage  # noqa: E402
from broadsheet.outbox import services as outbox  # noqa: E402
from broadsheet.outbox.models import OutboxEvent  # noqa: E402
from tests import factories  # noqa: E402

from .desk_facts import LONG_AGO, OLD_STORIES  # noqa: E402

LANGUAGES = ("en", "az", "ru", "hy", "fa")
LONGEST_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
# As many marks on each letter as a headline may have.
MARKS = ("\N{LATIN SMALL LETTER E WITH ACUTE}" + "\N{COMBINING ACUTE ACCENT}" * 8) * 20

_asked: dict[str, Callable[..., Any]] = {}


def asked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let the tests ask for the function by its name."""
    _asked[function.__name__] = function
    return function


@asked
def add_hard_cases() -> None:
    """What a demo has no need for: a story with every block, long lists, empty places, withdrawn stories, odd names."""
    with transaction.atomic():
        for language in LANGUAGES:
            _add_story_with_everything(language)
            _add_empty_places(language)
            retract(_story(language, "Withdrawn", slug="withdrawn").pk)
        for language in ("en", "fa"):
            _add_long_list(language)
        _story("en", f"{LONGEST_WORD} meets {LONGEST_WORD}", slug="hard-words", lead=LONGEST_WORD * 3)
        _story("en", f"Marks {MARKS} and \N{RIGHT-TO-LEFT OVERRIDE}desrever", slug="hard-marks", lead=MARKS * 4)
        _story("en", "<script>alert('headline')</script> & \"quotes\" ]]>", slug="hard-signs")
    outbox.deliver_all()


@asked
def paths(language: str) -> dict[str, str]:
    """One address for every template of the readers' site, by a name for its kind."""
    everything = PublishedArticle.objects.get(language=language, slug="everything")
    author = Author.objects.filter(locale__language_code=language, slug="leyla-mammadli").get()
    topic = Topic.objects.filter(locale__language_code=language).order_by("pk")[0]
    policy = PolicyPage.objects.live().filter(locale__language_code=language).order_by("path")[0]
    section = _section(language)
    day = PublishedArticle.objects.filter(language=language).latest("published_at").published_at
    day = day.astimezone(timezone.get_default_timezone())
    story = addresses.article_path(language, everything.section.slug, "everything")
    search = addresses.search_path(language)
    found = {
        "front": addresses.front_path(language),
        "section": section.public_path,
        "nested section": _section(language, "books").public_path,
        "empty section": SectionPage.objects.get(locale__language_code=language, slug="empty").public_path,
        "article": story,
        "print": addresses.print_path(language, everything.section.slug, "everything"),
        "author": author.public_path,
        "author without stories": addresses.author_path(language, "nobody"),
        "topic": topic.public_path,
        "topic without stories": addresses.topic_path(language, "nothing"),
        "archive": addresses.archive_path(language),
        "year": addresses.archive_path(language, day.year),
        "month": addresses.archive_path(language, day.year, day.month),
        "day": addresses.archive_path(language, day.year, day.month, day.day),
        "policy": policy.public_path,
        "search": search,
        "search with results": f"{search}?q={everything.headline.split()[0]}",
        "search without results": f"{search}?q=qqqqzzzz",
        "missing": addresses.article_path(language, section.slug, "never-there"),
        "withdrawn": addresses.article_path(language, section.slug, "withdrawn"),
        "offline": f"/{language}/offline/",
    }
    if language in {"en", "fa"}:
        found["page of a list"] = f"{section.public_path}?page=1"
    return found


@asked
def stories(language: str) -> list[dict[str, Any]]:
    """The public stories of a language, newest first: path, headline, views, translations by language."""
    found = []
    for row in PublishedArticle.objects.filter(language=language).order_by("-published_at").select_related("section"):
        group = PublishedArticle.objects.filter(translation_key=row.translation_key).select_related("section")
        found.append(
            {
                "id": row.pk,
                "path": _path(row),
                "headline": row.headline,
                "section": row.section.slug,
                "views": row.views,
                "kinds": sorted({block["type"] for block in row.article.body.raw_data}),
                "translations": {one.language: _path(one) for one in group},
            }
        )
    return found


@asked
def add_story(language: str, headline: str, *, publish: bool = True, **fields: Any) -> dict[str, Any]:
    """A story, in the language's first section unless it is named, of long ago unless it `is_recent`.

    `author` and `topic` are names of new ones, `picture_name` of a file.
    """
    page = _story(language, headline, publish=publish, **_with_names(language, fields))
    return {"id": page.pk, "path": page.public_path}


@asked
def schedule(language: str, headline: str, seconds: float, **fields: Any) -> dict[str, Any]:
    """A story that goes live by itself so many seconds from now."""
    page = _story(language, headline, publish=False, **_with_names(language, fields))
    page.go_live_at = timezone.now() + timedelta(seconds=seconds)
    page.save_revision(approved_go_live_at=page.go_live_at)
    return {"id": page.pk, "path": page.public_path}


@asked
def revise(page_id: int, *, publish: bool = False, **fields: Any) -> None:
    """A new revision of a story; readers see it only if it is published."""
    page = ArticlePage.objects.get(pk=page_id).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(page, name, value if name != "body" else _body(value))
    revision = page.save_revision()
    if publish:
        revision.publish()


@asked
def reword(page_id: int, old: str, new: str) -> None:
    """Other words in a story's latest draft, its blocks staying themselves, and published."""
    page = ArticlePage.objects.get(pk=page_id).get_latest_revision_as_object()
    raw = json.dumps(page.body.get_prep_value(), ensure_ascii=False, default=str)
    assert old in raw
    page.body = raw.replace(old, new)
    page.save_revision().publish()


@asked
def versions(page_id: int) -> dict[str, dict[str, Any]]:
    """A story's versions by language: number, path, whether it is public."""
    page = ArticlePage.objects.get(pk=page_id)
    return {
        one.language: {"id": one.pk, "path": one.public_path, "live": one.live}
        for one in page.get_translations(inclusive=True)
    }


@asked
def story_key(page_id: int) -> str:
    """The name of the set of a story's versions."""
    return str(ArticlePage.objects.get(pk=page_id).translation_key)


@asked
def retract(page_id: int) -> None:
    """Unpublish a story."""
    ArticlePage.objects.get(pk=page_id).unpublish()


@asked
def delete(page_id: int) -> None:
    """Delete a story for good."""
    Page.objects.get(pk=page_id).specific.delete()


@asked
def withdraw_pictures(after_s: float) -> int:
    """Do what the relay would do about pictures that nobody shows any more, so many seconds from now."""
    return publishing.withdraw_unused(timezone.now() + timedelta(seconds=after_s))


@asked
def section_id(language: str, key: str) -> int:
    """The id of one of the demo's sections."""
    return int(_section(language, key).pk)


@asked
def find_story(headline: str) -> int:
    """The id of a story, published or not."""
    return int(ArticlePage.objects.get(title=headline).pk)


@asked
def add_section(language: str, title: str) -> int:
    """A section below a language's front; its id may be given to `add_story`."""
    return int(factories.make_section(HomePage.objects.get(locale__language_code=language), title).pk)


@asked
def stories_named(word: str) -> list[dict[str, Any]]:
    """The stories whose headlines begin so, drafts too, the newest first: as published, and how often they came out.

    `headline` is what readers should see, empty where they should see nothing.
    """
    firsts: dict[int, int] = {}
    for event in OutboxEvent.objects.filter(kind="ArticlePublished", payload__first=True):
        firsts[event.payload["article_id"]] = firsts.get(event.payload["article_id"], 0) + 1
    rows = {row.pk: row for row in PublishedArticle.objects.filter(headline__startswith=word)}
    pages = ArticlePage.objects.filter(title__startswith=word).order_by("-first_published_at", "-pk")
    return [
        {
            "id": page.pk,
            "title": page.draft_title,
            "live": page.live,
            "headline": rows[page.pk].headline if page.pk in rows else "",
            "path": page.public_path,
            "slug": page.slug,
            "firsts": firsts.get(page.pk, 0),
        }
        for page in pages
    ]


@asked
def count_images(title: str) -> int:
    """How many images have the title."""
    return int(NewsImage.objects.filter(title=title).count())


@asked
def waiting_events() -> int:
    """How many events wait to be delivered, those of a later time left out."""
    return OutboxEvent.objects.filter(next_attempt_at__isnull=False).exclude(kind="OuterPurgeDue").count()


@asked
def deliver_again(count: int) -> int:
    """Have the relay deliver the last events once more, as though it had died before it could note that it had."""
    last = list(OutboxEvent.objects.order_by("-pk").values_list("pk", flat=True)[:count])
    fresh = {"delivered_at": None, "handlers_done": [], "attempts": 0, "next_attempt_at": timezone.now()}
    return OutboxEvent.objects.filter(pk__in=last).update(**fresh)


@asked
def path_of(page_id: int) -> str:
    """Where readers will find a story."""
    return ArticlePage.objects.get(pk=page_id).public_path


@asked
def scheduled_at(page_id: int) -> str:
    """When a story's waiting revision goes live."""
    revision = Revision.objects.filter(object_id=str(page_id), approved_go_live_at__isnull=False).get()
    return revision.approved_go_live_at.isoformat()


@asked
def set_tagline(language: str, tagline: str) -> None:
    """Give an edition its tagline."""
    edition = Edition.objects.get(locale__language_code=language)
    edition.tagline = tagline
    edition.save()


def _path(row: PublishedArticle) -> str:
    return addresses.article_path(row.language, row.section.slug, row.slug)


def _section(language: str, key: str = "world") -> SectionPage:
    from broadsheet.demo import reading

    slug = reading.edition()["sections"][key][language]["slug"]
    return SectionPage.objects.get(locale__language_code=language, slug=slug)


def _story(language: str, headline: str, *, publish: bool = True, **fields: Any) -> ArticlePage:
    section = fields.pop("section", None) or "world"
    if isinstance(section, int):
        section = SectionPage.objects.get(pk=section)
    section = _section(language, section) if isinstance(section, str) else section
    is_recent = fields.pop("is_recent", False)
    if publish:
        fields.setdefault("first_published_at", timezone.now() if is_recent else LONG_AGO)
    if isinstance(fields.get("body"), list):
        fields["body"] = [tuple(block) for block in fields["body"]]
    return factories.make_article(section, headline, publish=publish, locale=section.locale, **fields)


def _with_names(language: str, fields: dict[str, Any]) -> dict[str, Any]:
    if name := fields.pop("author", ""):
        fields["authors"] = [factories.make_author(language, name)]
    if name := fields.pop("topic", ""):
        fields["topics"] = [factories.make_topic(language, name)]
    if name := fields.pop("picture_name", ""):
        picture = factories.make_image(name)
        picture.file.name = _rename(picture, name)
        picture.save()
        fields["picture"] = picture
    return fields


def _rename(picture: Any, name: str) -> str:
    with picture.file.open("rb") as file:
        return str(picture.file.storage.save(f"original_images/{name}.jpg", file))


def _body(blocks: list[list[Any]]) -> str:
    return json.dumps([{"type": kind, "value": value} for kind, value in blocks])


def _add_story_with_everything(language: str) -> None:
    """The first block of every type that the demo has, in the language where it has it, in one story."""
    blocks: dict[str, Any] = {}
    for found_in in (language, "en"):
        for page in ArticlePage.objects.live().filter(locale__language_code=found_in).order_by("pk"):
            for block in page.body.raw_data:
                # An outlet without an address is named, and is no link.
                if block["type"] == "attribution" and not block["value"]["url"]:
                    continue
                blocks.setdefault(block["type"], block["value"])
    first = ArticlePage.objects.live().filter(locale__language_code=language).order_by("pk")[0]
    story = _story(
        language,
        first.title,
        slug="everything",
        lead=first.lead,
        dateline=first.dateline,
        label=first.label or first.title.split()[0],
        picture=first.picture,
        picture_alt=first.picture_alt,
        picture_caption=first.picture_caption,
        authors=list(Author.objects.filter(locale__language_code=language)[:2]),
        topics=list(Topic.objects.filter(locale__language_code=language)[:2]),
        updated_at=LONG_AGO + timedelta(hours=5),
        body=list(blocks.items()),
    )
    key = ArticlePage.objects.filter(slug="everything").order_by("pk")[0].translation_key
    if story.translation_key != key:
        story.translation_key = key
        story.save_revision().publish()


def _add_empty_places(language: str) -> None:
    names = {"en": "Empty", "az": "Boş", "ru": "Пусто", "hy": "Դատարկ", "fa": "خالی"}
    locale = Locale.objects.get(language_code=language)
    parent = _section(language, "books").get_parent().specific
    factories.make_section(parent, names[language], slug="empty", locale=locale)
    Author.objects.create(name=names[language], slug="nobody", locale=locale)
    Topic.objects.create(name=names[language], slug="nothing", locale=locale)


def _add_long_list(language: str) -> None:
    titles = list(PublishedArticle.objects.filter(language=language).values_list("headline", flat=True)[:20])
    for number in range(OLD_STORIES):
        _story(
            language,
            titles[number % len(titles)],
            slug=f"old-{number}",
            first_published_at=LONG_AGO - timedelta(hours=number),
            lead=titles[(number + 1) % len(titles)],
        )


def main() -> None:
    """Answer until there is nothing more to read."""
    for line in sys.stdin:
        name, args, kwargs = json.loads(line)
        try:
            answer = {"value": _asked[name](*args, **kwargs)}
        except Exception:
            answer = {"failure": traceback.format_exc()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        close_old_connections()


if __name__ == "__main__":
    main()
