"""Findings about language versions in the database: sets that cannot be, rows that disagree, languages that went."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.db.models import Count
from wagtail.models import Locale, Page

from broadsheet.articles import groups, kinds
from broadsheet.articles.agreements import TranslationGroup
from broadsheet.articles.models import ArticlePage, SectionPage
from broadsheet.articles.projection import PublishedArticle
from broadsheet.config import Config
from broadsheet.rendering import closure
from broadsheet.translations.languages import UnknownLanguage, cldr

# So many addresses are named in a finding; the number of all stands beside them.
NAMED = 5


def find(config: Config, site: closure.Site) -> Iterator[CheckMessage]:
    """Everything that is wrong with the sets of language versions. `site` is what was read of all of them."""
    yield from _doubled(site)
    yield from _projection()
    yield from _mixed()
    yield from _aliases()
    yield from _locales(config)
    yield from _agreements()
    yield from _sections(config)


def _doubled(site: closure.Site) -> Iterator[CheckMessage]:
    if site.doubled:
        yield Error(
            f"{len(site.doubled)} public pages have another one of their own language in their set of versions: "
            f"{_names(site.doubled)}.",
            hint="Open “Versions of this story” in the newsroom and take one of them out of the set.",
            id="broadsheet.E030",
        )


def _projection() -> Iterator[CheckMessage]:
    """What readers see of a story is a copy of its page: the copies of the key, language and address are compared."""
    sections = dict(kinds.pages_of(SectionPage).values_list("path", "pk"))
    fields = ("pk", "translation_key", "locale__language_code", "slug", "path")
    pages = ArticlePage.objects.order_by().filter(live=True).values_list(*fields).iterator(5_000)
    true = {pk: (key, language, slug, sections.get(path[:-4])) for pk, key, language, slug, path in pages}
    rows = PublishedArticle.objects.order_by().values_list("pk", "translation_key", "language", "slug", "section_id")
    wrong = [pk for pk, *shown in rows.iterator(5_000) if pk in true and tuple(shown) != true[pk]]
    if wrong:
        yield Error(
            f"{len(wrong)} stories are shown to readers in another set, language or place than they stand in: "
            f"pages {_names(wrong)}.",
            hint="Publish them again in the newsroom, and report this: it must not happen.",
            id="broadsheet.E031",
        )


def _mixed() -> Iterator[CheckMessage]:
    """A set holds versions of one thing: Wagtail asks only that no language comes twice."""
    kinds_by_key: dict[Any, set[int]] = defaultdict(set)
    shared = Page.objects.order_by().values("translation_key").annotate(members=Count("pk")).filter(members__gt=1)
    rows = Page.objects.order_by().filter(translation_key__in=shared.values("translation_key"))
    for key, kind in rows.values_list("translation_key", "content_type_id").iterator(5_000):
        kinds_by_key[key].add(kind)
    mixed = [str(key) for key, found in kinds_by_key.items() if len(found) > 1]
    if mixed:
        yield Error(
            f"{len(mixed)} sets of versions mix things of several kinds, such as a story and a section: "
            f"{_names(mixed)}.",
            hint="Give one of them a translation key of its own; docs/languages.md says how.",
            id="broadsheet.E032",
        )


def _aliases() -> Iterator[CheckMessage]:
    """Wagtail copies a page into its aliases, and those of these: a ring of them has no end."""
    above = dict(Page.objects.filter(alias_of__isnull=False).values_list("pk", "alias_of_id"))
    rings = [pk for pk in above if _is_ring(pk, above)]
    if rings:
        yield Error(
            f"{len(rings)} pages are aliases of themselves by way of others: pages {_names(rings)}.",
            hint="Take the alias away from one of them in the newsroom (“Convert alias to regular page”).",
            id="broadsheet.E033",
        )


def _is_ring(start: int, above: dict[int, int]) -> bool:
    seen, at = {start}, above.get(start)
    while at is not None and at not in seen:
        seen.add(at)
        at = above.get(at)
    return at == start


def _locales(config: Config) -> Iterator[CheckMessage]:
    counts = Counter(dict(Page.objects.order_by().values_list("locale__language_code").annotate(Count("pk"))))
    shown = dict(PublishedArticle.objects.order_by().values_list("language").annotate(Count("pk")))
    for code in Locale.objects.order_by("language_code").values_list("language_code", flat=True):
        try:
            cldr(code)
        except UnknownLanguage as error:
            yield Error(
                f"The database has a language that nobody knows: {error}.",
                hint="Rename it to its code of BCP 47, such as az or sr-Latn, or delete it in the newsroom's settings.",
                id="broadsheet.E034",
            )
            continue
        if code not in config.languages and counts[code]:
            yield Warning(
                f"{code} is none of the site's languages any more, and still has {counts[code]} pages, "
                f"{shown.get(code, 0)} of them public stories: all their addresses answer 404.",
                hint=f"Add {code} to `languages` to bring them back, or delete the pages in the newsroom.",
                id="broadsheet.W035",
            )


def _agreements() -> Iterator[CheckMessage]:
    """What is agreed for a set must fit its members."""
    agreed = TranslationGroup.objects.exclude(original="")
    codes: dict[Any, set[str]] = defaultdict(set)
    rows = Page.objects.order_by().filter(translation_key__in=agreed.values("translation_key"))
    for key, code in rows.values_list("translation_key", "locale__language_code").iterator(5_000):
        codes[key].add(code)
    originals = agreed.values_list("translation_key", "original").iterator(5_000)
    wrong = [key for key, original in originals if codes[key] and original not in codes[key]]
    if wrong:
        yield Warning(
            f"{len(wrong)} stories are said to have an original in a language that they lack: {_names(wrong)}.",
            hint="Choose the original on the story's page “Languages” in the newsroom.",
            id="broadsheet.W036",
        )


def _sections(config: Config) -> Iterator[CheckMessage]:
    """Stories that stand where their language is not published: they were public before the rule was made."""
    if not any(TranslationGroup.objects.values_list("languages", flat=True)):
        return
    for section in kinds.pages_of(SectionPage).filter(live=True).select_related("locale"):
        if section.language in config.languages and section.language not in groups.languages_of(section):
            number = PublishedArticle.objects.filter(section_id=section.pk).count()
            if number:
                yield Warning(
                    f"{section.public_path} does not publish in {section.language}, and {number} of its stories are "
                    "public.",
                    hint="Move or retract them, or let the section publish in that language.",
                    id="broadsheet.W037",
                )


def _names(found: Any) -> str:
    listed = ", ".join(str(one) for one in list(found)[:NAMED])
    return listed + (" …" if len(found) > NAMED else "")
