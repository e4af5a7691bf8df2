"""Structured data (schema.org, JSON-LD): what a page is, said so that search engines and archives can read it.

One graph a page; its things refer to each other by `@id`. Every page names the newsroom with its policies.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from broadsheet.articles import addresses, published
from broadsheet.articles.models import Author, Topic
from broadsheet.articles.projection import PublishedArticle
from broadsheet.media.pictures import Picture

from . import alternates, assets, facts
from .alternates import Version
from .open_graph import SharePicture, iso
from .site import Site

LONGEST_HEADLINE = 110
ICON = "icon-512.png"
Thing = dict[str, Any]

# Which property of a news organisation each kind of page about the newsroom answers.
POLICY_PROPERTIES = {
    "ethics": ("publishingPrinciples", "ethicsPolicy"),
    "corrections": ("correctionsPolicy",),
    "contact": ("actionableFeedbackPolicy",),
    "about": ("mainEntityOfPage",),
}
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def article(
    site: Site,
    row: PublishedArticle,
    authors: Sequence[Author],
    topics: Sequence[Topic],
    versions: Sequence[Version],
    description: str,
    share: SharePicture,
) -> Markup:
    """A story with its place in the site."""
    section = site.sections.get(row.section_id)
    trail = [(one.title, one.public_path) for one in site.trail(section)] if section else []
    trail.append((facts.cut(row.headline, LONGEST_HEADLINE), facts.article_path(row)))
    story = {
        **_story(site, row, description),
        "articleSection": section.title if section else "",
        "image": _images(facts.picture_of(row), share),
        "author": [_person(author) for author in authors] or [_newsroom_reference(site)],
        "keywords": [topic.name for topic in topics],
        "about": [_topic(topic) for topic in topics],
        **_rights(site, row),
        **_versions(row, versions),
    }
    return _graph(story, _breadcrumbs(site, trail), _newsroom(site))


def front(site: Site) -> Markup:
    """The front: the site itself, how it is searched, who makes it."""
    search = addresses.absolute(addresses.search_path(site.language)) + "?q={search_term_string}"
    website = {
        "@type": "WebSite",
        "@id": f"{site.front_url}#website",
        "name": site.name,
        "url": site.front_url,
        "description": site.edition.tagline,
        "inLanguage": site.language,
        "publisher": _newsroom_reference(site),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    }
    return _graph(website, _newsroom(site))


def collection(site: Site, name: str, description: str, url: str, trail: Sequence[tuple[str, str]]) -> Markup:
    """A list of stories: a section, a topic, an archive."""
    page = {"@type": "CollectionPage", **_page(site, name, url), "description": description}
    return _graph(page, _breadcrumbs(site, trail), _newsroom(site))


def web_page(site: Site, kind: str, name: str, url: str, path: str) -> Markup:
    """A page about the newsroom; `kind` as in `PolicyPage.kind`."""
    kinds = {"about": "AboutPage", "contact": "ContactPage"}
    page = {"@type": kinds.get(kind, "WebPage"), **_page(site, name, url), "about": _newsroom_reference(site)}
    return _graph(page, _breadcrumbs(site, [(name, path)]), _newsroom(site))


def profile(site: Site, author: Author, url: str) -> Markup:
    """An author's page and the person it is about."""
    person = {**_person(author), "description": facts.cut(author.biography, 500), "worksFor": _newsroom_reference(site)}
    page = {"@type": "ProfilePage", **_page(site, author.name, url), "mainEntity": person}
    return _graph(page, _breadcrumbs(site, [(author.name, author.public_path)]), _newsroom(site))


def _story(site: Site, row: PublishedArticle, description: str) -> Thing:
    url = addresses.absolute(facts.article_path(row))
    headline = facts.clean_text(row.headline)
    short = row.short_headline if len(row.short_headline) <= LONGEST_HEADLINE else headline
    fits = len(headline) <= LONGEST_HEADLINE
    return {
        "@type": "NewsArticle",
        "@id": f"{url}#article",
        "url": url,
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "headline": headline if fits else facts.cut(short, LONGEST_HEADLINE),
        "alternativeHeadline": "" if fits else headline,
        "description": description,
        "datePublished": iso(row.published_at),
        "dateModified": iso(facts.changed_at(row)),
        "dateline": row.dateline,
        "inLanguage": row.language,
        "isAccessibleForFree": True,
        "wordCount": row.word_count,
        "timeRequired": f"PT{published.reading_minutes(row.word_count)}M",
        "publisher": _newsroom_reference(site),
        "isPartOf": {"@id": f"{site.front_url}#website"},
        "citation": [_source(source) for source in row.sources],
        "correction": [_correction(correction) for correction in row.corrections],
    }


def _rights(site: Site, row: PublishedArticle) -> Thing:
    """Under which rule the story may be used: the page that says so, else the front, whose foot carries the rule."""
    rule_url = site.policy_url("reuse") or site.front_url
    year = facts.year_of(row.published_at)
    return {
        "license": rule_url,
        "usageInfo": {"@type": "CreativeWork", "url": rule_url, "text": facts.reuse_text(site.edition)},
        "creditText": site.name,
        "copyrightHolder": {"@type": "Organization", "name": facts.holder(site.edition), "url": site.front_url},
        "copyrightYear": year,
        "copyrightNotice": facts.copyright_notice(site.edition, year),
    }


def _versions(row: PublishedArticle, versions: Sequence[Version]) -> Thing:
    """The story's translations, or the version of which it is one."""
    if len(versions) < 2:
        return {}
    original = alternates.original_of(row.translation_key, versions)
    if original.language != row.language:
        return {"translationOfWork": _version(original)}
    return {"workTranslation": [_version(version) for version in versions if version.language != row.language]}


def _version(version: Version) -> Thing:
    url = addresses.absolute(version.path)
    headline = facts.cut(version.headline, LONGEST_HEADLINE)
    return {
        "@type": "NewsArticle",
        "@id": f"{url}#article",
        "url": url,
        "headline": headline,
        "inLanguage": version.language,
    }


def _images(picture: Picture | None, share: SharePicture) -> list[Thing]:
    """The picture in the three shapes that search engines ask for, with its credit; else the share card."""
    files = [picture.share[shape] for shape in ("16:9", "4:3", "1:1") if shape in picture.share] if picture else []
    if picture is None or not files:
        return [{"@type": "ImageObject", "url": share.url, "width": share.width, "height": share.height}]
    words = {
        "caption": picture.caption or picture.alt,
        "creditText": picture.credit,
        "license": picture.licence_url,
        "copyrightNotice": picture.credit,
    }
    return [
        {"@type": "ImageObject", "url": addresses.absolute(file.url), "width": file.width, "height": file.height}
        | words
        for file in files
    ]


def _person(author: Author) -> Thing:
    url = addresses.absolute(author.public_path)
    return {
        "@type": "Person",
        "@id": f"{url}#person",
        "name": author.name,
        "url": url,
        "jobTitle": author.role,
        "sameAs": [author.profile_url] if author.profile_url else [],
    }


def _topic(topic: Topic) -> Thing:
    return {"@type": "Thing", "name": topic.name, "url": addresses.absolute(topic.public_path)}


def _source(source: dict[str, str]) -> Thing:
    return {"@type": "CreativeWork", "name": source["outlet"], "url": source["url"]}


def _correction(correction: dict[str, str]) -> Thing:
    return {"@type": "CorrectionComment", "text": correction["text"], "datePublished": correction["at"]}


def _page(site: Site, name: str, url: str) -> Thing:
    return {
        "@id": url,
        "url": url,
        "name": name,
        "inLanguage": site.language,
        "isPartOf": {"@id": f"{site.front_url}#website"},
    }


def _newsroom_reference(site: Site) -> Thing:
    return {
        "@type": "NewsMediaOrganization",
        "@id": f"{site.front_url}#newsroom",
        "name": site.name,
        "url": site.front_url,
    }


def _newsroom(site: Site) -> Thing:
    """Who makes the site: its policies, its accounts elsewhere, how it is reached."""
    edition = site.edition
    accounts = [
        edition.x_url, edition.youtube_url, edition.instagram_url, edition.facebook_url, edition.telegram_url
    ]  # fmt: skip
    policies = {name: site.policy_url(kind) for kind, names in POLICY_PROPERTIES.items() for name in names}
    logo = addresses.absolute(assets.asset(ICON))
    contact = {
        "@type": "ContactPoint",
        "contactType": "newsroom",
        "email": edition.contact_email,
        "url": site.policy_url("contact"),
    }
    return {
        **_newsroom_reference(site),
        "logo": {"@type": "ImageObject", "url": logo, "width": 512, "height": 512},
        "sameAs": [address for address in accounts if address],
        "foundingDate": str(edition.founded_year or ""),
        "contactPoint": contact if contact["email"] or contact["url"] else {},
        **policies,
    }


def _breadcrumbs(site: Site, trail: Sequence[tuple[str, str]]) -> Thing:
    """The way from the front to the page; `trail` holds names and paths, the page itself last."""
    steps = [(site.name or _("Front page"), addresses.front_path(site.language)), *trail]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": facts.clean_text(name), "item": addresses.absolute(path)}
            for n, (name, path) in enumerate(steps, start=1)
        ],
    }


def _graph(*things: Thing) -> Markup:
    """The things as JSON that can stand in a <script>: nothing in it can end the element or start another."""
    return Markup(write_json({"@context": "https://schema.org", "@graph": [_without_empty(thing) for thing in things]}))


def write_json(value: Any) -> str:
    """The value as JSON that can stand in a <script>."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _without_empty(value: Any) -> Any:
    """The value without what is not known (empty texts, lists and things) and without characters that no text has."""
    if isinstance(value, dict):
        pruned = {name: _without_empty(one) for name, one in value.items()}
        return {name: one for name, one in pruned.items() if one not in ("", [], {}, None)}
    if isinstance(value, list):
        return [_without_empty(one) for one in value]
    return facts.clean_text(value) if isinstance(value, str) else value
