"""A small site with every kind of page in two languages, and every address at which something stands or may stand."""

from __future__ import annotations

import uuid
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from unittest.mock import patch
from urllib.parse import parse_qsl

from broadsheet import events
from broadsheet.articles import handlers, stand_ins
from broadsheet.articles.models import ArticlePage, Author, Edition, HomePage, PolicyPage, SectionPage, Topic
from broadsheet.media.models import NewsImage
from broadsheet.outbox.models import OutboxEvent
from broadsheet.rendering import memo
from broadsheet.rendering.finished import FinishedPage, PageRequest
from broadsheet.rendering.purging import Purge, tags_of
from broadsheet.rendering.render import render
from tests import factories

BUILT_AT = factories.NOON
# Changes are made, and all pages rendered, at this moment.
NOW = BUILT_AT + timedelta(hours=6)
PAGE_SIZE, FEED_SIZE = 3, 4
FEEDS = ("feed.xml", "atom.xml", "feed.json")
IN_WORLD = 18


@dataclass
class Site:
    """What was built, by the names that tests know it by."""

    fronts: dict[str, HomePage] = field(default_factory=dict)
    sections: dict[str, SectionPage] = field(default_factory=dict)
    stories: dict[str, ArticlePage] = field(default_factory=dict)
    authors: dict[str, Author] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    pages: dict[str, PolicyPage] = field(default_factory=dict)
    images: dict[str, NewsImage] = field(default_factory=dict)
    pages_before: dict[str, FinishedPage] = field(default_factory=dict)

    def story(self, name: str) -> ArticlePage:
        """The story as an editor opens it."""
        return ArticlePage.objects.get(pk=self.stories[name].pk).get_latest_revision_as_object()

    def edition(self, language: str = "en") -> Edition:
        return Edition.objects.get(locale__language_code=language)


def build() -> Site:
    """World has many stories, the newest of them the rich one; Asia stands inside it; Мир is its Russian version."""
    site = Site()
    for name, size in (("lead", (96, 64)), ("body", (90, 60)), ("portrait", (60, 60)), ("logo", (120, 40))):
        site.images[name] = factories.make_image(
            name, size=size, credit="A. Photographer", licence="CC BY 4.0", alt_text=f"What {name} shows"
        )
    for language, name in (("en", "The Lantern"), ("ru", "Фонарь")):
        site.fronts[language] = factories.make_home(language, name)
    _make_sections(site)
    _make_names(site)
    _make_stories(site)
    _make_policies(site)
    _curate(site)
    _end_some(site)
    return site


def _make_sections(site: Site) -> None:
    en, ru = site.fronts["en"], site.fronts["ru"]
    site.sections["world"] = factories.make_section(en, "World", description="All that happens.")
    site.sections["asia"] = factories.make_section(site.sections["world"], "Asia")
    site.sections["sport"] = factories.make_section(en, "Sport", label="Games")
    site.sections["empty"] = factories.make_section(en, "Empty")
    key = site.sections["world"].translation_key
    site.sections["мир"] = factories.make_section(ru, "Мир", translation_key=key)
    site.sections["спорт"] = factories.make_section(ru, "Спорт")


def _make_names(site: Site) -> None:
    person, astronomy = uuid.uuid4(), uuid.uuid4()
    portrait = site.images["portrait"]
    site.authors["aytan"] = factories.make_author(
        role="reporter", biography="Writes.", portrait=portrait, translation_key=person
    )
    site.authors["ivan"] = factories.make_author(name="Ivan Reed", kind="guest")
    site.authors["айтан"] = factories.make_author("ru", "Айтан", translation_key=person)
    site.authors["unpublished"] = factories.make_author(name="Nobody Yet")
    site.topics["astronomy"] = factories.make_topic(description="Stars.", translation_key=astronomy)
    site.topics["sea"] = factories.make_topic(name="Sea")
    site.topics["астрономия"] = factories.make_topic("ru", "Астрономия", translation_key=astronomy)
    site.topics["unpublished"] = factories.make_topic(name="Nothing yet")


def _make_stories(site: Site) -> None:
    world, sport = site.sections["world"], site.sections["sport"]
    aytan, ivan, astronomy, sea = (
        *(site.authors["aytan"], site.authors["ivan"]),
        *(site.topics["astronomy"], site.topics["sea"]),
    )
    for n in range(1, IN_WORLD):
        named = {"authors": [aytan], "topics": [astronomy]} if n % 2 else {}
        _tell(site, f"world {n}", world, -7 * n, lead=f"It is {n}.", label="analysis" if n == 2 else "", **named)
    _tell(site, "asia 1", site.sections["asia"], -3, authors=[ivan], topics=[sea])
    _tell(site, "asia 2", site.sections["asia"], -50)
    _tell(site, "sport 1", sport, -2, picture=site.images["lead"], authors=[ivan])
    _tell(site, "sport 2", sport, -24 * 300, short_headline="Short two")
    _tell(site, "rich", world, -1, **_rich(site))
    _tell(site, "draft", world, None, authors=[aytan], topics=[sea])
    _tell(site, "мир 1", site.sections["мир"], -1, topics=[site.topics["астрономия"]], authors=[site.authors["айтан"]],
          translation_key=site.stories["rich"].translation_key)  # fmt: skip
    _tell(site, "мир 2", site.sections["мир"], -30, translation_key=site.stories["world 2"].translation_key)
    _tell(site, "спорт 1", site.sections["спорт"], -40)


def _tell(site: Site, name: str, section: SectionPage, hours: int | None, **fields) -> None:
    at = None if hours is None else BUILT_AT + timedelta(hours=hours)
    site.stories[name] = factories.make_article(
        section, f"Story {name}", publish=at is not None, first_published_at=at, slug=_slug(name), **fields
    )


def _slug(name: str) -> str:
    return name.replace(" ", "-").replace("мир", "mir").replace("спорт", "sport-ru")


def _rich(site: Site) -> dict:
    picture = {"image": site.images["body"].pk, "alt": "", "caption": "The quay"}
    return {
        "authors": [site.authors["aytan"]],
        "topics": [site.topics["astronomy"], site.topics["sea"]],
        "picture": site.images["lead"],
        "picture_caption": "The harbour at dawn",
        "lead": "The first boat left at nine.",
        "short_headline": "Short and rich",
        "dateline": "Baku",
        "body": [
            ("text", '<p>Boats leave at <a href="https://example.org/times">nine</a>.</p><h2>Later</h2>'),
            ("quote", {"text": "We sail.", "speaker": "Ivan", "role": "captain", "source": "Radio",
                       "source_url": "https://radio.example/1"}),
            ("pull_quote", {"text": "We sail.", "attribution": "Ivan"}),
            ("image", picture),
            ("gallery", {"title": "The harbour", "pictures": [picture]}),
            ("embed", {"url": "https://www.youtube.com/watch?v=21X5lGlDOfg", "caption": "The quay"}),
            ("table", {"caption": "Boats", "columns": [{"type": "text", "heading": "Boat"},
                                                      {"type": "number", "heading": "Seats"}],
                       "rows": [{"values": ["Nora", "12"]}]}),
            ("list", {"title": "Take with you", "style": "numbered", "items": ["a coat", "tea"]}),
            ("fact_box", {"title": "The harbour", "text": "<p>Built long ago.</p>"}),
            ("related", {"title": "", "articles": [site.stories["sport 2"].pk]}),
            ("attribution", {"outlet": "Harbour Radio", "url": "https://radio.example/"}),
            ("correction", {"date": "2026-03-02T11:30:00+00:00", "text": "The boat was blue."}),
        ],
    }  # fmt: skip


def _make_policies(site: Site) -> None:
    target = site.stories["world 3"].pk
    about = uuid.uuid4()
    for name, language, fields in (
        ("about", "en", {"title": "About us", "kind": "about", "translation_key": about}),
        ("reuse", "en", {"title": "Reuse", "kind": "reuse", "body": f'<p><a linktype="page" id="{target}">So</a></p>'}),
        ("о нас", "ru", {"title": "О нас", "kind": "about", "translation_key": about}),
    ):
        site.pages[name] = PolicyPage(**{"body": "<p>We are here.</p>", **fields})
        site.fronts[language].add_child(instance=site.pages[name])
        site.pages[name].save_revision().publish()


def _curate(site: Site) -> None:
    front = HomePage.objects.get(pk=site.fronts["en"].pk)
    curated = (
        ("lead", "rich"),
        ("secondary", "world 4"),
        ("list", "draft"),
        ("list", "world 12"),
        ("list", "world 13"),
    )
    for slot, name in curated:
        front.slots.create(slot=slot, article=site.stories[name])
    front.save_revision().publish()
    world = SectionPage.objects.get(pk=site.sections["world"].pk)
    for slot, name in (("lead", "world 5"), ("secondary", "world 9"), ("secondary", "world 11")):
        world.slots.create(slot=slot, article=site.stories[name])
    world.save_revision().publish()
    edition = site.edition()
    edition.logo_light = site.images["logo"]
    edition.header_menu = [
        {"type": "page", "value": site.sections["world"].pk},
        {"type": "page", "value": site.stories["world 6"].pk},
        {"type": "page", "value": site.fronts["en"].pk},
        {"type": "link", "value": {"label": "Shop", "url": "https://shop.example/"}},
    ]
    edition.save()


def _end_some(site: Site) -> None:
    """One story is retracted, one has moved: their old addresses answer 410 and 301."""
    _tell(site, "gone", site.sections["world"], -200)
    _tell(site, "moved", site.sections["sport"], -210)
    site.stories["gone"].unpublish()
    moved = site.story("moved")
    moved.slug = "moved-on"
    moved.save_revision().publish()


def addresses() -> list[str]:
    """Every address that is rendered: where something stands, where it stood, where it may come to stand."""
    lists = ["/en/world/", "/en/asia/", "/en/sport/", "/en/empty/", "/ru/mir/", "/ru/sport/", "/en/author/aytan-reed/"]
    lists += ["/en/author/ivan-reed/", "/ru/author/aytan/", "/en/topic/astronomy/", "/en/topic/sea/"]
    lists += ["/ru/topic/astronomiya/", "/en/archive/2026/03/02/", "/en/author/nobody-yet/", "/en/topic/nothing-yet/"]
    last = {"/en/world/": 8, "/en/asia/": 1, "/en/author/aytan-reed/": 3, "/en/archive/2026/03/02/": 1}
    numbered = [f"{path}?page={n + 1}" for path, count in last.items() for n in range(count)]
    stories = ["world/rich", "world/world-1", "world/world-2", "world/world-3", "world/world-9", "asia/asia-1"]
    stories += ["sport/sport-1", "sport/sport-2", "world/draft", "world/gone", "sport/moved", "sport/moved-on"]
    stories += ["world/new", "world/renamed", "sport/rich", "planet/rich"]
    feeds = [f"{path}{kind}" for path in ("/en/", "/en/empty/") for kind in FEEDS]
    feeds += ["/en/world/atom.xml", "/en/asia/feed.xml", "/ru/mir/feed.json", "/ru/feed.xml", "/en/topic/sea/atom.xml"]
    feeds += ["/en/author/ivan-reed/feed.json", "/en/topic/astronomy/feed.xml", "/en/author/aytan-reed/atom.xml"]
    return [
        *("/en/", "/ru/", "/az/", *lists, *numbered),
        *(f"/en/{one}/" for one in stories),
        *("/en/world/rich/print/", "/ru/mir/mir-1/", "/ru/mir/mir-2/", "/ru/sport/sport-ru-1/", "/ru/mir/new/"),
        *("/en/archive/", "/en/archive/2026/", "/en/archive/2026/02/", "/en/archive/2026/03/", "/ru/archive/"),
        *("/en/archive/2025/", "/en/archive/2026/03/01/", "/en/archive/2026/02/14/", "/en/archive/2024/"),
        *("/en/authors/", "/en/topics/", "/ru/authors/", "/ru/topics/"),
        *("/en/about-us/", "/en/reuse/", "/ru/o-nas/", "/en/planet/", "/en/world", "/en/nothing/", "/ru/nothing/"),
        *("/nothing", "/en/offline/", "/ru/offline/", "/en/share-card.png", *feeds),
        *("/en/news-sitemap.xml", "/ru/news-sitemap.xml", "/sitemap.xml", "/sitemap-pages.xml"),
        *("/sitemap-articles-0.xml", "/sitemap-articles-1.xml", "/sitemap-authors-0.xml", "/sitemap-topics-0.xml"),
        *("/robots.txt", "/manifest.webmanifest", "/manifest.webmanifest?lang=ru", "/sw.js"),
    ]


def render_all(only: list[str] | None = None) -> dict[str, FinishedPage]:
    """The pages by address. Nothing changes meanwhile: what stands on every page is read once for all of them."""
    with memo.remembering(), patch.object(memo, "remembering", nullcontext):
        return {address: _render(address) for address in only or addresses()}


def _render(address: str) -> FinishedPage:
    path, _, query = address.partition("?")
    return render(PageRequest(path, dict(parse_qsl(query))))


def shown(page: FinishedPage) -> tuple:
    """All of a page that a reader gets."""
    return page.status, page.content_type, page.headers, page.body


def collect(mark: int) -> list[events.Event]:
    """The events recorded since `mark`, with those that our own handlers record on account of them."""
    found: list[events.Event] = []
    while rows := list(OutboxEvent.objects.filter(pk__gt=mark).order_by("pk")):
        mark = rows[-1].pk
        for row in rows:
            event = events.from_payload(row.kind, row.payload)
            found.append(event)
            if isinstance(event, events.ImageChanged):
                handlers.republish_pictures(event)
            elif isinstance(
                event, events.EditionChanged | events.SectionChanged | events.AuthorChanged | events.TopicChanged
            ):
                stand_ins.begin(event)
            elif isinstance(event, events.StandInsDue):
                stand_ins.take_step(event)
    return found


def last_event() -> int:
    return OutboxEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def purge_all(found: list[events.Event]) -> Purge:
    """What all of the events purge together."""
    purges = [tags_of(event) for event in found]
    hard = frozenset().union(*(one.hard for one in purges))
    return Purge(hard, frozenset().union(*(one.soft for one in purges)) - hard)


def moment(hours: float) -> datetime:
    return BUILT_AT + timedelta(hours=hours)
