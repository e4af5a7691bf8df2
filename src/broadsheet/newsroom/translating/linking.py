"""Two articles that were written apart become one story, or a version leaves its story: never with anything lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from broadsheet.articles import groups
from broadsheet.articles.models import ArticlePage
from broadsheet.translations.languages import own_name

from ..models import LanguageVersion
from . import ledger
from .errors import LinkRefused


def may_move(user: Any, pages: Iterable[ArticlePage]) -> bool:
    """Whether the person may give all the articles to another story: who changes what readers see may publish it."""
    rights = [(page, page.permissions_for_user(user)) for page in pages]
    return all(one.can_publish() if page.live else one.can_edit() for page, one in rights)


def join(source: ArticlePage, target: ArticlePage, user: Any) -> LanguageVersion:
    """The target, with every version of its story, becomes a translation of the source. Raises LinkRefused."""
    if source.pk == target.pk:
        raise LinkRefused(_("An article is no translation of itself."))
    if source.locale_id == target.locale_id:
        raise LinkRefused(_("Both articles are in %(language)s.") % {"language": own_name(source.language)})
    if source.translation_key == target.translation_key:
        _check_cycle(source, target)
    try:
        with transaction.atomic():
            if source.translation_key != target.translation_key:
                _check_partners(source, target)
                with _taking_the_ledger_along(target):
                    groups.link(target, source)
            version = ledger.adopt(ledger.draft(_fresh(target)), ledger.current(_fresh(source)))
            log(instance=target, action="broadsheet.link_translation", user=user, data={"source": source.pk})
            return version
    except IntegrityError as error:
        raise LinkRefused(_("Somebody else has just changed these articles: look again.")) from error


@transaction.atomic
def part(page: ArticlePage, user: Any) -> None:
    """The article leaves its story: what was made from it is compared with the first version that remains."""
    story = page.translation_key
    if not ArticlePage.objects.filter(translation_key=story).exclude(pk=page.pk).exists():
        raise LinkRefused(_("This article has no translations."))
    LanguageVersion.objects.filter(page_id=page.pk).delete()
    LanguageVersion.objects.filter(story=story, source_id=page.pk).update(source=None)
    with _taking_the_ledger_along(page):
        groups.unlink(page)
    ledger.note_deleted(story)
    log(instance=page, action="broadsheet.unlink_translation", user=user)


def _check_partners(source: ArticlePage, target: ArticlePage) -> None:
    """No language may be in both stories: one of two articles would have to go."""
    members = {one.locale_id: one for one in ArticlePage.objects.filter(translation_key=source.translation_key)}
    for other in ArticlePage.objects.filter(translation_key=target.translation_key).select_related("locale"):
        partner = members.get(other.locale_id)
        if partner is not None:
            message = _(
                "Both have a version in %(language)s already, “%(one)s” and “%(other)s”: take one of them out first."
            )
            raise LinkRefused(
                message % {"language": own_name(other.language), "one": partner.title, "other": other.title}
            )


def _check_cycle(source: ArticlePage, target: ArticlePage) -> None:
    """Within one story the source may be another one, but never what was made from the target itself."""
    made_from = dict(LanguageVersion.objects.filter(story=source.translation_key).values_list("page_id", "source_id"))
    if made_from.get(target.pk) == source.pk:
        raise LinkRefused(_("“%(target)s” is a translation of it already.") % {"target": target.title})
    above: int | None = source.pk
    while above is not None:
        if above == target.pk:
            message = _("“%(source)s” was itself made from “%(target)s”: neither would have a source.")
            raise LinkRefused(message % {"source": source.title, "target": target.title})
        above = made_from.get(above)


@contextmanager
def _taking_the_ledger_along(page: ArticlePage) -> Iterator[None]:
    """Versions of the page's story that belong to another one afterwards have what is known of them there."""
    members = list(
        ArticlePage.objects.filter(translation_key=page.translation_key).values_list("pk", "translation_key")
    )
    yield
    now = dict(ArticlePage.objects.filter(pk__in=[pk for pk, _ in members]).values_list("pk", "translation_key"))
    for pk, before in members:
        if now[pk] != before:
            ledger.move(pk, before, now[pk])


def _fresh(page: ArticlePage) -> ArticlePage:
    found: ArticlePage = ArticlePage.objects.get(pk=page.pk)
    return found
