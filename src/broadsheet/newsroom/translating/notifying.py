"""Writes to the desks of other languages that a correction was published, as each person wants mail from Wagtail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse, set_urlconf
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.admin.mail import send_mail
from wagtail.models import Page
from wagtail.users.models import UserProfile

from broadsheet.articles.models import ArticlePage
from broadsheet.events import CorrectionPublished, Event
from broadsheet.translations.languages import own_name

# Reporters write stories; who answers for a language is above them.
ROLES = ("translator", "section_editor", "chief_editor")


def tell_desks(event: Event) -> None:
    """Mail everybody who answers for one of the other versions, once a version, in the language of their newsroom."""
    assert isinstance(event, CorrectionPublished)
    corrected = ArticlePage.objects.filter(pk=event.article_id).select_related("locale").first()
    if corrected is None:
        return
    set_urlconf("broadsheet.newsroom.urls")
    try:
        for page in ArticlePage.objects.filter(pk__in=event.page_ids).select_related("locale"):
            for person in desk_of(page):
                _mail(person, page, corrected, event.texts)
    finally:
        set_urlconf(None)


def desk_of(page: Page) -> QuerySet[Any]:
    """The people who answer for the page's section or language and want to hear of what waits for them."""
    above = page.get_ancestors(inclusive=False).values_list("pk", flat=True)
    people = get_user_model().objects.filter(
        is_active=True, groups__desk__page_id__in=list(above), groups__desk__role__in=ROLES
    )
    # Wagtail makes a profile when somebody changes theirs; without one its defaults hold, which is to be told.
    unwilling = UserProfile.objects.filter(submitted_notifications=False).values("user_id")
    return people.exclude(email="").exclude(pk__in=unwilling).distinct().order_by("pk")


def _mail(person: Any, page: ArticlePage, corrected: ArticlePage, texts: tuple[str, ...]) -> None:
    profile = UserProfile.objects.filter(user=person).first()
    with translation.override(profile.get_preferred_language() if profile else settings.LANGUAGE_CODE):
        subject = _("Correction published: %(headline)s") % {"headline": corrected.title}
        context = {
            "page": page,
            "corrected": corrected,
            "texts": texts,
            "language": own_name(corrected.language),
            "own_language": own_name(page.language),
            "edit": settings.CONFIG.newsroom_url + reverse("wagtailadmin_pages:edit", args=[page.pk]),
            "board": settings.CONFIG.newsroom_url + reverse("newsroom_languages_board") + "?urgent=on",
        }
        text = render_to_string("newsroom/translating/correction_mail.txt", context)
    send_mail(" ".join(subject.split()), text, [person.email])
