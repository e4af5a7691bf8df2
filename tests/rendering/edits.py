"""Every change that an editor can make to what readers see: one for each field of each model, and those without one.

A field that is in neither `FIELDS` nor `UNSEEN` fails `test_every_field_is_declared`: whoever adds one says here how it
is edited, or why no reader sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.images import ImageFile
from wagtail.models import Page, Revision

from broadsheet.articles import groups
from broadsheet.articles.models import (
    ArticleByline,
    ArticlePage,
    ArticleTopic,
    Author,
    Edition,
    HomePage,
    HomeSlot,
    PolicyPage,
    RelatedStory,
    SectionPage,
    SectionSlot,
    Topic,
)
from broadsheet.media.models import NewsImage
from broadsheet.newsroom import schedule
from tests import factories
from tests.rendering.whole_edition import NOW, Site, moment

Change = Callable[[Site], Any]


def publish(page: Page) -> None:
    page.save_revision().publish()


def story(name: str = "rich", /, **fields: Any) -> Change:
    """The story published again with these fields."""

    def change(site: Site) -> None:
        page = site.story(name)
        for field, value in fields.items():
            setattr(page, field, value)
        publish(page)

    return change


def picture_of(name: str, image: str) -> Change:
    return lambda site: story(name, picture=site.images[image])(site)


def page(kind: str, name: str, /, **fields: Any) -> Change:
    """A front, section or page about the newsroom published again."""

    def change(site: Site) -> None:
        found = getattr(site, kind)[name]
        found = type(found).objects.get(pk=found.pk)
        for field, value in fields.items():
            setattr(found, field, value)
        publish(found)

    return change


def named(kind: str, name: str, /, **fields: Any) -> Change:
    """An author, topic or image saved."""

    def change(site: Site) -> None:
        found = getattr(site, kind)[name]
        found = type(found).objects.get(pk=found.pk)
        for field, value in fields.items():
            setattr(found, field, site.images[value] if field == "portrait" and value else value)
        found.full_clean()
        found.save()

    return change


def edition(**fields: Any) -> Change:
    def change(site: Site) -> None:
        found = site.edition()
        for field, value in fields.items():
            setattr(found, field, site.images[value] if field.startswith("logo") and value else value)
        found.full_clean()
        found.save()

    return change


def block(kind: str, value: Any = None, /, **fields: Any) -> Change:
    """The rich story published with another block of its kind."""

    def change(site: Site) -> None:
        page = site.story("rich")
        raw = list(page.body.raw_data)
        for one in raw:
            if one["type"] == kind:
                one["value"] = value(site) if callable(value) else value or {**one["value"], **fields}
        page.body = raw
        publish(page)

    return change


def children(name: str, relation: str, edit: Callable[[Any, Site], None], kind: str = "stories") -> Change:
    """A page published with other child rows."""

    def change(site: Site) -> None:
        found = getattr(site, kind)[name]
        page = site.story(name) if kind == "stories" else type(found).objects.get(pk=found.pk)
        edit(getattr(page, relation), site)
        publish(page)

    return change


def _set_first(field: str, value: Callable[[Site], Any]) -> Callable[[Any, Site], None]:
    def edit(rows: Any, site: Site) -> None:
        first = rows.all()[0]
        setattr(first, field, value(site))
        rows.add(first)

    return edit


def _swap(rows: Any, site: Site) -> None:
    """The last two change places."""
    *others, one, other = list(rows.all())
    one.sort_order, other.sort_order = other.sort_order, one.sort_order
    rows.set([*others, other, one])


def _new_file(site: Site) -> None:
    image = NewsImage.objects.get(pk=site.images["lead"].pk)
    other = factories.make_image("other", size=(98, 60))
    with other.file.open("rb") as content:
        image.file = ImageFile(content, name="other.jpg")
        image._set_image_file_metadata()
        image.save()


def _menu(kind: str, value: Callable[[Site], Any]) -> Change:
    def change(site: Site) -> None:
        found = site.edition()
        setattr(found, kind, value(site))
        found.save()

    return change


# By model: how each of its fields is edited.
FIELDS: dict[type, dict[str, Change]] = {
    ArticlePage: {
        "title": story(title="Another headline"),
        "slug": story(slug="renamed"),
        "seo_title": story(seo_title="For machines"),
        "search_description": story(search_description="What machines say."),
        "first_published_at": story(first_published_at=moment(-1.5)),
        "short_headline": story(short_headline="Shorter"),
        "label": story(label="interview"),
        "lead": story(lead="The first boat left at ten."),
        "dateline": story(dateline="Tbilisi"),
        "updated_at": story(updated_at=moment(1)),
        "picture": picture_of("rich", "body"),
        "picture_alt": story(picture_alt="A harbour in the morning"),
        "picture_caption": story(picture_caption="At noon"),
        "body": story("world 1", body=[{"type": "text", "value": "<p>Another text.</p>"}]),
    },
    SectionPage: {
        "title": page("sections", "world", title="Planet"),
        "slug": page("sections", "world", slug="planet"),
        "seo_title": page("sections", "world", seo_title="World for machines"),
        "search_description": page("sections", "asia", search_description="Asia for machines"),
        "label": page("sections", "world", label="Abroad"),
        "description": page("sections", "world", description="Another description."),
    },
    HomePage: {
        "title": page("fronts", "en", title="Start"),
        "slug": page("fronts", "en", slug="start"),
        "seo_title": page("fronts", "en", seo_title="News for machines"),
        "search_description": page("fronts", "en", search_description="All for machines"),
        "description": page("fronts", "en", description="All that matters."),
    },
    PolicyPage: {
        "title": page("pages", "about", title="Who we are"),
        "slug": page("pages", "about", slug="planet"),
        "seo_title": page("pages", "about", seo_title="About for machines"),
        "search_description": page("pages", "about", search_description="Us for machines"),
        "kind": page("pages", "about", kind="contact"),
        "body": page("pages", "about", body="<p>We are there.</p>"),
    },
    Author: {
        "name": named("authors", "aytan", name="Aytan Brown"),
        "slug": named("authors", "aytan", slug="brown"),
        "kind": named("authors", "aytan", kind="guest"),
        "role": named("authors", "aytan", role="editor"),
        "biography": named("authors", "aytan", biography="Edits."),
        "portrait": named("authors", "aytan", portrait=None),
        "public_email": named("authors", "aytan", public_email="aytan@example.org"),
        "profile_url": named("authors", "aytan", profile_url="https://example.org/aytan"),
    },
    Topic: {
        "name": named("topics", "astronomy", name="Stars"),
        "slug": named("topics", "astronomy", slug="stars"),
        "description": named("topics", "astronomy", description="The sky."),
    },
    Edition: {
        "publication_name": edition(publication_name="The Lamp"),
        "tagline": edition(tagline="Light for all"),
        "logo_light": edition(logo_light="body"),
        "logo_dark": edition(logo_dark="logo"),
        "x_url": edition(x_url="https://x.com/lantern"),
        "youtube_url": edition(youtube_url="https://youtube.com/lantern"),
        "instagram_url": edition(instagram_url="https://instagram.com/lantern"),
        "facebook_url": edition(facebook_url="https://facebook.com/lantern"),
        "telegram_url": edition(telegram_url="https://t.me/lantern"),
        "app_store_url": edition(app_store_url="https://apps.example/1"),
        "google_play_url": edition(google_play_url="https://play.example/1"),
        "header_menu": _menu("header_menu", lambda site: [{"type": "page", "value": site.sections["sport"].pk}]),
        "footer_menu": _menu("footer_menu", lambda site: [{"type": "page", "value": site.pages["reuse"].pk}]),
        "footer_text": edition(footer_text="Made with care."),
        "reuse_rule": edition(reuse_rule="With a link to {site} only."),
        "copyright_holder": edition(copyright_holder="Lantern Ltd"),
        "founded_year": edition(founded_year=1999),
        "shows_stand_ins": edition(shows_stand_ins=True),
        "contact_email": edition(contact_email="desk@example.org"),
        "contact_text": edition(contact_text="1 Harbour Street"),
    },
    NewsImage: {
        "title": named("images", "lead", title="Another title"),
        "file": _new_file,
        "focal_point_x": named("images", "lead", focal_point_x=10),
        "focal_point_y": named("images", "portrait", focal_point_y=10),
        "focal_point_width": named("images", "body", focal_point_width=10),
        "focal_point_height": named("images", "logo", focal_point_height=10),
        "alt_text": named("images", "lead", alt_text="What else it shows"),
        "credit": named("images", "lead", credit="B. Photographer"),
        "licence": named("images", "body", licence="CC BY-SA 4.0"),
        "licence_url": named("images", "lead", licence_url="https://example.org/licence"),
        "source_url": named("images", "portrait", source_url="https://example.org/source"),
    },
    ArticleByline: {
        "author": children("rich", "bylines", _set_first("author", lambda site: site.authors["ivan"])),
    },
    ArticleTopic: {
        "topic": children("world 1", "topic_links", _set_first("topic", lambda site: site.topics["sea"])),
    },
    RelatedStory: {
        "story": children("rich", "related_links", lambda rows, site: rows.create(story=site.stories["sport 1"])),
    },
    HomeSlot: {
        "slot": children("en", "slots", _set_first("slot", lambda site: "secondary"), "fronts"),
        "article": children("en", "slots", _set_first("article", lambda site: site.stories["sport 2"]), "fronts"),
        "sort_order": children("en", "slots", _swap, "fronts"),
    },
    SectionSlot: {
        "slot": children("world", "slots", _set_first("slot", lambda site: "list"), "sections"),
        "article": children("world", "slots", _set_first("article", lambda site: site.stories["world 2"]), "sections"),
        "sort_order": children("world", "slots", _swap, "sections"),
    },
}
FIELDS[ArticleTopic]["sort_order"] = children("rich", "topic_links", _swap)
FIELDS[ArticleByline]["sort_order"] = children(
    "rich", "bylines", lambda rows, site: rows.set([ArticleByline(author=site.authors["ivan"]), *rows.all()])
)
FIELDS[RelatedStory]["sort_order"] = children(
    "rich",
    "related_links",
    lambda rows, site: rows.set([RelatedStory(story=site.stories[name]) for name in ("world 8", "sport 2")]),
)

# What is published by itself, and the names by which it knows the rows that are published with it.
PAGES = (ArticlePage, SectionPage, HomePage, PolicyPage, Author, Topic, Edition, NewsImage)
ROWS = {"bylines", "topic_links", "related_links", "slots"}

_TREE = "the tree is Wagtail's; moves are among the changes without a field"
_STATE = "a state that publishing, retracting and scheduling set; they are among the changes without a field"
_DESK = "for the newsroom alone"
# By model: the fields that no editor changes or no reader sees, and why.
PAGE_UNSEEN = {
    **dict.fromkeys(("id", "page_ptr", "path", "depth", "numchild", "url_path", "content_type"), _TREE),
    **dict.fromkeys(("live", "expired", "go_live_at", "expire_at", "last_published_at", "first_published_at"), _STATE),
    **dict.fromkeys(("has_unpublished_changes", "draft_title", "latest_revision", "live_revision"), _STATE),
    **dict.fromkeys(("locked", "locked_at", "locked_by", "owner", "latest_revision_created_at"), _DESK),
    **dict.fromkeys(("translation_key", "locale", "alias_of"), "set when the page is made, and stays"),
    "show_in_menus": "our menus are the edition's, or all sections",
}
_NAMED_UNSEEN = {"id": "the row's own", "translation_key": "set when it is made", "locale": "set when it is made"}
_CHILD_UNSEEN = {"id": "the row's own", "article": "the page that the row belongs to", "page": "the same"}
UNSEEN: dict[type, dict[str, str]] = {
    **dict.fromkeys((ArticlePage, SectionPage, HomePage, PolicyPage), PAGE_UNSEEN),
    Author: {**_NAMED_UNSEEN, "user": _DESK},
    Topic: _NAMED_UNSEEN,
    Edition: {"id": "the row's own", "locale": "chosen when the edition is made, and stays"},
    NewsImage: {
        **dict.fromkeys(("id", "width", "height", "file_size", "file_hash"), "follow from the file"),
        **dict.fromkeys(("collection", "created_at", "uploaded_by_user"), _DESK),
        "description": "Wagtail's own words for the picture; ours are `alt_text`",
    },
    **dict.fromkeys((ArticleByline, ArticleTopic, RelatedStory), _CHILD_UNSEEN),
    **dict.fromkeys((HomeSlot, SectionSlot), _CHILD_UNSEEN),
}

# By block of a body: how each of its fields is edited.
BLOCKS: dict[str, dict[str, Change]] = {
    "text": {"value": block("text", "<p>Boats leave at ten.</p>")},
    "quote": {
        "text": block("quote", text="We stay."),
        "speaker": block("quote", speaker="Olga"),
        "role": block("quote", role="pilot"),
        "source": block("quote", source="Harbour Radio"),
        "source_url": block("quote", source_url="https://radio.example/2"),
        "language": block("quote", language="ru"),
    },
    "pull_quote": {
        "text": block("pull_quote", text="We stay."),
        "attribution": block("pull_quote", attribution="O."),
        "language": block("pull_quote", language="ru"),
    },
    "image": {
        "image": block("image", lambda site: {"image": site.images["portrait"].pk, "alt": "", "caption": ""}),
        "alt": block("image", alt="A quay"),
        "caption": block("image", caption="Another quay"),
    },
    "gallery": {"title": block("gallery", title="All of it"), "pictures": block("gallery", pictures=[])},
    "embed": {
        "url": block("embed", url="https://www.youtube.com/watch?v=31X5lGlDOfg"),
        "caption": block("embed", caption="The pier"),
    },
    "table": {
        "text": block("table", rows=[{"values": ["Vera", "12"]}]),
        "number": block("table", rows=[{"values": ["Nora", "14"]}]),
    },
    "list": {
        "title": block("list", title="Leave at home"),
        "style": block("list", style="bullet"),
        "items": block("list", items=["a coat"]),
    },
    "fact_box": {"title": block("fact_box", title="Facts"), "text": block("fact_box", text="<p>Rebuilt.</p>")},
    "related": {
        "title": block("related", title="More"),
        "articles": block("related", lambda site: {"title": "", "articles": [site.stories["world 7"].pk]}),
    },
    "attribution": {
        "outlet": block("attribution", outlet="City Radio"),
        "url": block("attribution", url="https://city.example/"),
    },
    "correction": {
        "date": block("correction", date="2026-03-02T14:00:00+00:00"),
        "text": block("correction", text="The boat was green."),
    },
}


def _new_story(section: str = "world", title: str = "New", /, **fields: Any) -> Change:
    def change(site: Site) -> None:
        fields.setdefault("first_published_at", None)
        kinds = {name: [getattr(site, name)[one] for one in fields[name]] for name in ("authors", "topics") if name in
                 fields}  # fmt: skip
        factories.make_article(site.sections[section], title, **{**fields, **kinds})

    return change


def _translated(site: Site) -> None:
    _new_story("мир", "New", slug="new", translation_key=site.stories["world 1"].translation_key)(site)


def _retract(kind: str, name: str) -> Change:
    return lambda site: type(getattr(site, kind)[name]).objects.get(pk=getattr(site, kind)[name].pk).unpublish()


def _delete(kind: str, name: str) -> Change:
    return lambda site: type(getattr(site, kind)[name]).objects.get(pk=getattr(site, kind)[name].pk).delete()


def _move(kind: str, name: str, target: str) -> Change:
    def change(site: Site) -> None:
        found = getattr(site, kind)[name]
        type(found).objects.get(pk=found.pk).move(SectionPage.objects.get(pk=site.sections[target].pk), "last-child")

    return change


def _reorder(kind: str, name: str, other: str) -> Change:
    def change(site: Site) -> None:
        pages = getattr(site, kind)
        type(pages[name]).objects.get(pk=pages[name].pk).move(Page.objects.get(pk=pages[other].pk), "left")

    return change


def _schedule(site: Site) -> None:
    """Published now, to go live later: nothing may change."""
    story("draft", go_live_at=moment(48))(site)


def _fall_due(site: Site) -> None:
    _schedule(site)
    Revision.objects.filter(object_id=str(site.stories["draft"].pk)).update(approved_go_live_at=NOW)
    page = site.story("draft")
    page.go_live_at = NOW
    page.save_revision(approved_go_live_at=NOW)
    schedule.publish_due(NOW)


def _expire(site: Site) -> None:
    ArticlePage.objects.filter(pk=site.stories["world 2"].pk).update(expire_at=NOW)
    schedule.publish_due(NOW)


def _save_draft(site: Site) -> None:
    page = site.story("rich")
    page.title = "Not yet"
    page.save_revision()


def _correct(site: Site) -> None:
    page = site.story("world 2")
    page.title, page.lead = "The right headline", "The right lead."
    correction = {"type": "correction", "value": {"date": NOW.isoformat(), "text": "It was wrong."}}
    page.body = [*page.body.raw_data, correction]
    publish(page)


def _add_topic(site: Site) -> None:
    children("sport 1", "topic_links", lambda rows, site: rows.create(topic=site.topics["unpublished"]))(site)


def _both_again(site: Site) -> None:
    """A retracted story is published again."""
    publish(site.story("gone"))


def _put_together(site: Site) -> None:
    groups.link(site.story("спорт 1"), site.story("sport 1"))


# Changes that are no field's: things that come, go, move or wait.
OTHERS: dict[str, Change] = {
    "another version is the original": lambda site: groups.set_original(site.story("rich"), "ru"),
    "stories become versions of each other": _put_together,
    "version is taken out of its set": lambda site: groups.unlink(site.story("мир 1")),
    "section publishes in one language": lambda site: groups.set_languages(site.sections["world"], ["en"]),
    "story appears": _new_story(slug="new", authors=["aytan", "ivan"], topics=["sea"]),
    "story appears in a nested section": _new_story("asia", slug="new"),
    "story appears with a date in the past": _new_story(first_published_at=moment(-7 * 16.5)),
    "story appears in a year that had none": _new_story("sport", first_published_at=moment(-24 * 700)),
    "first story of an empty section": _new_story("empty", authors=["unpublished"], topics=["unpublished"]),
    "translation appears": _translated,
    "translation goes": _retract("stories", "мир 1"),
    "story is retracted": _retract("stories", "world 2"),
    "old story is retracted": _retract("stories", "world 17"),
    "linked story is retracted": _retract("stories", "world 3"),
    "story in a menu is retracted": _retract("stories", "world 6"),
    "story that others name is retracted": _retract("stories", "sport 2"),
    "only story of an author is retracted": _retract("stories", "мир 1"),
    "story is deleted": _delete("stories", "rich"),
    "story expires": _expire,
    "story is scheduled": _schedule,
    "scheduled story goes live": _fall_due,
    "draft is saved": _save_draft,
    "story is published unchanged": story("world 2"),
    "retracted story comes back": _both_again,
    "story is corrected": _correct,
    "story moves": _move("stories", "rich", "sport"),
    "linked story moves": _move("stories", "world 3", "asia"),
    "old story moves": _move("stories", "world 16", "asia"),
    "story gets a later date": story("world 16", first_published_at=moment(-0.5)),
    "old story gets an older date": story("world 16", first_published_at=moment(-7 * 17.5)),
    "linked story gets another slug": story("world 3", slug="renamed"),
    "story gets its first topic": _add_topic,
    "headline without a short one": story("world 1", title="Another first"),
    "headline in Russian": story("мир 1", title="Другой"),
    "lead of a listed story": story("world 2", lead="It is two."),
    "section is retracted": _retract("sections", "asia"),
    "section with translated stories is retracted": _retract("sections", "мир"),
    "section is deleted": _delete("sections", "asia"),
    "section moves into another": _move("sections", "sport", "world"),
    "section moves out": lambda site: SectionPage.objects.get(pk=site.sections["asia"].pk).move(
        HomePage.objects.get(pk=site.fronts["en"].pk), "last-child"
    ),
    "sections change places": _reorder("sections", "sport", "world"),
    "section appears": lambda site: factories.make_section(site.fronts["en"], "Planet"),
    "section in Russian gets another slug": page("sections", "мир", slug="planeta"),
    "pages about us change places": _reorder("pages", "reuse", "about"),
    "page about us is retracted": _retract("pages", "about"),
    "page about us is deleted": _delete("pages", "reuse"),
    "front is retracted": _retract("fronts", "ru"),
    "language appears": lambda site: factories.make_home("az", "Fənər"),
    "edition is deleted": lambda site: site.edition("ru").delete(),
    "author is deleted": _delete("authors", "aytan"),
    "author appears": lambda site: factories.make_author(name="New Person"),
    "topic is deleted": _delete("topics", "astronomy"),
    "topic appears": lambda site: factories.make_topic(name="New Topic"),
    "picture of stories is deleted": _delete("images", "lead"),
    "portrait is deleted": _delete("images", "portrait"),
    "logo is deleted": _delete("images", "logo"),
    "slot is emptied": children("en", "slots", lambda rows, site: rows.set(list(rows.all())[1:]), "fronts"),
}
