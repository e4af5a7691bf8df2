"""A feed before it is written in one of the three formats: its facts and its stories, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid5

from django.conf import settings
from django.db.models import QuerySet

from broadsheet.articles import addresses, published
from broadsheet.articles.models import Author
from broadsheet.articles.projection import PublishedArticle
from broadsheet.media.pictures import Picture
from broadsheet.rendering import facts, reading, tags
from broadsheet.rendering.site import Site, read_site

from . import content

LONGEST_SUMMARY = 1000
# Atom asks for a moment even of a feed in which nothing ever stood.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Story:
    """One story of a feed. `id` never changes, even where the address does; `html` is complete and absolute."""

    id: str
    url: str
    headline: str
    summary: str
    html: str
    published_at: datetime
    changed_at: datetime
    authors: tuple[Author, ...]
    categories: tuple[str, ...]
    picture: Picture | None


@dataclass(frozen=True)
class Channel:
    """A feed of the page at `path`, below which the feed's own files stand."""

    site: Site
    path: str
    title: str
    description: str
    changed_at: datetime
    stories: tuple[Story, ...]

    @property
    def url(self) -> str:
        return addresses.absolute(self.path)

    @property
    def rights(self) -> str:
        """The copyright and the rule of reuse, as one line of text."""
        notice = facts.copyright_notice(self.site.edition, facts.year_of(self.changed_at))
        return f"{notice}. {facts.reuse_text(self.site.edition)}"

    @property
    def rule_url(self) -> str:
        """Where the rule of reuse stands: its own page, else the front, whose foot carries it."""
        return self.site.policy_url("reuse") or self.site.front_url

    def address(self, kind: str) -> str:
        """The feed's own address; `kind` is feed.xml, atom.xml or feed.json."""
        return addresses.feed_path(self.url, kind)


def of_language(language: str) -> Channel:
    """The newest stories of a language. Raises PageMissing."""
    home = reading.home(language)
    tags.record(tags.feed(f"language:{language}"))
    rows = published.in_language(language)
    return _make(read_site(language), home.public_path, "", home.description, home.first_published_at, rows)


def of_section(language: str, slug: str) -> Channel:
    """The newest stories of a section and of those inside it. Raises PageMissing."""
    section = reading.section(language, slug)
    tags.record(tags.feed(f"section:{section.pk}"))
    rows = published.in_section(section.pk, own=True)
    return _make(
        read_site(language), section.public_path, section.title, section.description, section.first_published_at, rows
    )


def of_topic(language: str, slug: str) -> Channel:
    """The newest stories on a topic. Raises PageMissing."""
    topic = reading.topic(language, slug)
    tags.record(tags.feed(f"topic:{topic.pk}"))
    rows = published.on_topic(topic.pk, own=True)
    return _make(read_site(language), topic.public_path, topic.name, topic.description, None, rows)


def of_author(language: str, slug: str) -> Channel:
    """The newest stories of an author. Raises PageMissing."""
    author = reading.author(language, slug)
    tags.record(tags.feed(f"author:{author.pk}"))
    rows = published.by_author(author.pk, own=True)
    return _make(read_site(language), author.public_path, author.name, author.role, None, rows)


def _make(
    site: Site, path: str, name: str, description: str, begun_at: datetime | None, rows: QuerySet[PublishedArticle]
) -> Channel:
    stories = _stories(site, rows)
    moments = [story.changed_at for story in stories]
    title = f"{site.name} – {name}" if name else site.name
    return Channel(
        site=site,
        path=path,
        title=facts.clean_text(title),
        description=facts.cut(description or site.edition.tagline or title, LONGEST_SUMMARY),
        changed_at=max(moments) if moments else begun_at or NEVER,
        stories=stories,
    )


def _stories(site: Site, rows: QuerySet[PublishedArticle]) -> tuple[Story, ...]:
    """The newest stories with their bodies; those of sections that are not live are left out by `reading`."""
    return tuple(_story(site, row) for row in reading.texts(rows, site.language, settings.CONFIG.feed_size))


def _story(site: Site, row: PublishedArticle) -> Story:
    topics = [link.topic for link in row.publishedtopics.all()]
    names = dict.fromkeys([site.sections[row.section_id].title, *(topic.name for topic in topics)])
    url, picture = addresses.absolute(facts.article_path(row)), facts.picture_of(row)
    return Story(
        id=uuid5(row.translation_key, row.language).urn,
        url=url,
        headline=facts.cut(row.headline, len(row.headline) + 1),
        summary=facts.cut(row.lead or row.description, LONGEST_SUMMARY),
        html=content.write(site, row, url, picture),
        published_at=row.published_at,
        changed_at=facts.changed_at(row),
        authors=tuple(link.author for link in row.publishedauthors.all()),
        categories=tuple(facts.clean_text(name) for name in names),
        picture=picture,
    )
