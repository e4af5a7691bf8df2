"""What stands in a page's <head> for machines: description, canonical address, language versions, feeds, share data.

Main path: `site.read_site(language)` (what stands on every page) -> `describe_article` or another `describe_…` ->
`Head`, which the template partial `head.html` writes out. Every address is absolute and comes from the configuration.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from broadsheet.articles import addresses
from broadsheet.articles.models import Author, HomePage, PolicyPage, SectionPage, Topic
from broadsheet.articles.projection import PublishedArticle

from . import alternates, facts, open_graph, reading, structured_data
from .finished import PageMissing
from .site import Site

INDEXED = "max-image-preview:large"
HIDDEN = "noindex"
LONGEST_DESCRIPTION = 300

FEED_KINDS = (
    ("feed.xml", "application/rss+xml", "RSS"),
    ("atom.xml", "application/atom+xml", "Atom"),
    ("feed.json", "application/feed+json", "JSON Feed"),
)


@dataclass(frozen=True)
class FeedLink:
    """A feed that the page announces."""

    content_type: str
    title: str
    url: str


@dataclass(frozen=True)
class Place:
    """Where a page stands in a list of several: 0 is the list's own address, None that there is no such neighbour."""

    number: int = 0
    previous: int | None = None
    next: int | None = None


ALONE = Place()


@dataclass(frozen=True)
class Head:
    """A page's head but for its scripts and styles. `properties` is Open Graph, `card` X's, `structured` JSON-LD.

    `versions` are the pairs of hreflang. `switch` holds the path of the same thing by language, for readers: also
    where there is nothing that machines are told, such as the same search in another language.
    """

    title: str
    description: str
    canonical: str = ""
    robots: str = INDEXED
    versions: tuple[tuple[str, str], ...] = ()
    switch: tuple[tuple[str, str], ...] = ()
    previous: str = ""
    next: str = ""
    feeds: tuple[FeedLink, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    card: tuple[tuple[str, str], ...] = ()
    structured: str = ""


def describe_article(site: Site, row: PublishedArticle, *, authors: Sequence[Author], topics: Sequence[Topic]) -> Head:
    """A story: everything that is known of it."""
    url = addresses.absolute(facts.article_path(row))
    versions = alternates.article_versions(row)
    description = _description(row.description or row.lead or row.headline)
    share = open_graph.share_picture(site, facts.picture_of(row), alt=row.headline)
    properties = open_graph.page(site, "article", row.headline, description, url, share, _languages(versions))
    return Head(
        title=_title(site, row.seo_title or row.headline),
        description=description,
        canonical=url,
        versions=alternates.hreflang(versions),
        switch=_paths(versions),
        feeds=feeds_of(site),
        properties=properties + open_graph.story(site, row, authors, topics),
        card=open_graph.card(site, row.headline, description, share),
        structured=structured_data.article(site, row, authors, topics, versions, description, share),
    )


def describe_front(site: Site, home: HomePage, place: Place = ALONE) -> Head:
    """The front of a language."""
    versions = alternates.front_versions()
    name = f"{site.name} – {site.edition.tagline}" if site.edition.tagline else site.name
    description = home.description or home.search_description or site.edition.tagline or site.name
    listing = _list(site, home.public_path, home.seo_title or name, description, versions, place)
    structured = structured_data.front(site) if not place.number else listing.structured
    return dataclasses.replace(listing, title=_numbered(home.seo_title or name, place.number), structured=structured)


def describe_section(site: Site, section: SectionPage, place: Place = ALONE) -> Head:
    """A section's front or a later page of its stream."""
    description = section.description or section.search_description
    versions = alternates.section_versions(section)
    name = section.seo_title or section.title
    trail = [(one.title, one.public_path) for one in site.trail(section)]
    listing = _list(site, section.public_path, name, description, versions, place, trail)
    return dataclasses.replace(listing, feeds=feeds_of(site, section.title, section.public_path) + listing.feeds)


def describe_author(site: Site, author: Author, place: Place = ALONE) -> Head:
    """An author's page."""
    description = " ".join(filter(None, [author.role, author.biography]))
    versions = alternates.author_versions(author)
    listing = _list(site, author.public_path, author.name, description, versions, place)
    feeds = feeds_of(site, author.name, author.public_path) + listing.feeds
    return dataclasses.replace(
        listing, feeds=feeds, structured=structured_data.profile(site, author, listing.canonical)
    )


def describe_topic(site: Site, topic: Topic, place: Place = ALONE) -> Head:
    """A topic's page."""
    versions = alternates.topic_versions(topic)
    listing = _list(site, topic.public_path, topic.name, topic.description, versions, place)
    return dataclasses.replace(listing, feeds=feeds_of(site, topic.name, topic.public_path) + listing.feeds)


def describe_list(
    site: Site, name: str, path: str, place: Place = ALONE, switch: tuple[alternates.Version, ...] = ()
) -> Head:
    """Any other list: the archive, the indexes. Those of two languages hold other things: they are no versions of each
    other, only of the script variants that are made of them. `switch` is where the reader finds the same elsewhere.
    """
    own = (alternates.Version(site.language, path),)
    return dataclasses.replace(_list(site, path, name, "", own, place), switch=_paths(switch))


def describe_policy(site: Site, page: PolicyPage) -> Head:
    """A page about the newsroom."""
    versions = alternates.policy_versions(page)
    name, path = page.seo_title or page.title, page.public_path
    listing = _list(site, path, name, page.search_description, versions, ALONE)
    structured = structured_data.web_page(site, page.kind, page.title, listing.canonical, path)
    return dataclasses.replace(listing, structured=structured)


def describe_search(site: Site, query: str) -> Head:
    """The search page: never in an index."""
    name = _("Search: %(query)s") % {"query": facts.cut(query, 80)} if query else _("Search")
    asked = f"?q={quote(query)}" if query else ""
    switch = tuple((code, f"{addresses.search_path(code)}{asked}") for code in reading.editions())
    return dataclasses.replace(_hidden(site.name, name), switch=switch)


def describe_print(site: Site, row: PublishedArticle) -> Head:
    """The story as it is printed: its proper place is the story's own page."""
    canonical = addresses.absolute(facts.article_path(row))
    return dataclasses.replace(_hidden(site.name, row.headline), canonical=canonical)


def describe_error(language: str, name: str, switch: Sequence[tuple[str, str]] = ()) -> Head:
    """A page that says that there is none, or that something failed. The language may be without an edition."""
    try:
        publication = reading.edition(language).publication_name
    except PageMissing:
        publication = ""
    return dataclasses.replace(_hidden(publication, name), switch=tuple(switch))


def hide(head: Head) -> Head:
    """The head of a preview: the page's own title, and nothing that a machine could follow."""
    return Head(title=head.title, description=head.description, robots=HIDDEN)


def feeds_of(site: Site, name: str = "", path: str = "") -> tuple[FeedLink, ...]:
    """The three feeds of the language, or of what stands at `path` and is called `name`."""
    below = addresses.absolute(path or addresses.front_path(site.language))
    label = f"{site.name} – {name}" if name else site.name
    return tuple(
        FeedLink(content_type, f"{label} ({kind})", addresses.feed_path(below, file))
        for file, content_type, kind in FEED_KINDS
    )


def _list(
    site: Site,
    path: str,
    name: str,
    description: str,
    versions: tuple[alternates.Version, ...],
    place: Place,
    trail: Sequence[tuple[str, str]] = (),
) -> Head:
    """A list's head. Later pages have no translations: page 3 in one language is not page 3 in another."""
    here = _page_url(path, place.number)
    text = _description(description or f"{name} – {site.name}")
    share = open_graph.share_picture(site, None, alt=site.name)
    languages = () if place.number else _languages(versions)
    return Head(
        title=_title(site, _numbered(name, place.number)),
        description=_numbered(text, place.number),
        canonical=here,
        versions=() if place.number else alternates.hreflang(versions),
        switch=_paths(versions),
        previous="" if place.previous is None else _page_url(path, place.previous),
        next="" if place.next is None else _page_url(path, place.next),
        feeds=feeds_of(site),
        properties=open_graph.page(site, "website", name, text, here, share, languages),
        card=open_graph.card(site, name, text, share),
        structured=structured_data.collection(site, name, text, here, trail or [(name, path)]),
    )


def _hidden(publication: str, name: str) -> Head:
    title = f"{name} – {publication}" if publication else name
    return Head(title=facts.clean_text(title), description=facts.cut(title, LONGEST_DESCRIPTION), robots=HIDDEN)


def _title(site: Site, name: str) -> str:
    return facts.clean_text(f"{name} – {site.name}")


def _description(text: str) -> str:
    return facts.cut(text, LONGEST_DESCRIPTION)


def _numbered(text: str, number: int) -> str:
    page: dict[str, Any] = {"text": text, "number": number}
    return _("%(text)s, page %(number)s") % page if number else text


def _page_url(path: str, number: int) -> str:
    return addresses.absolute(f"{path}?page={number}" if number else path)


def _paths(versions: tuple[alternates.Version, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((version.language, version.path) for version in versions)


def _languages(versions: tuple[alternates.Version, ...]) -> tuple[str, ...]:
    return tuple(version.language for version in versions)
