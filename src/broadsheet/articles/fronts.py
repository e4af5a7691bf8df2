"""Makes the fronts, editions and the site record that a site needs before anything can be published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from . import addresses
from .models import Edition, HomePage


def ensure_fronts(languages: Sequence[str], names: Mapping[str, str]) -> dict[str, HomePage]:
    """A live front and an edition for every language, linked to each other; what exists stays as it is.

    `names` holds the publication's name by language. The first language's front becomes the root of the site.
    """
    with transaction.atomic():
        _remove_welcome_page()
        fronts: dict[str, HomePage] = {}
        for language in languages:
            front = HomePage.objects.filter(locale__language_code=language).first()
            fronts[language] = front or _make_front(language, names[language], next(iter(fronts.values()), None))
            Edition.objects.get_or_create(
                locale=fronts[language].locale, defaults={"publication_name": names[language]}
            )
        _ensure_site(fronts[languages[0]])
    return fronts


def _make_front(language: str, name: str, first: HomePage | None) -> HomePage:
    locale, _ = Locale.objects.get_or_create(language_code=language)
    front = HomePage(title=name, slug=addresses.segment(language), locale=locale)
    if first is not None:
        front.translation_key = first.translation_key
    Page.objects.get(depth=1).add_child(instance=front)
    front.save_revision().publish()
    return front


def _remove_welcome_page() -> None:
    """Wagtail's own first page, which nobody wants to publish."""
    for page in Page.objects.filter(depth=2, slug="home", content_type__model="page"):
        page.delete()


def _ensure_site(root: HomePage) -> None:
    origin = urlsplit(settings.CONFIG.site_url)
    port = origin.port or (443 if origin.scheme == "https" else 80)
    Site.objects.exclude(root_page=root).delete()
    Site.objects.update_or_create(
        root_page=root, defaults={"hostname": origin.hostname, "port": port, "is_default_site": True}
    )
    Site.clear_site_root_paths_cache()
