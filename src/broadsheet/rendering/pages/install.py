"""What makes the site an application: its manifest and the service worker that keeps the stories read last."""

from __future__ import annotations

import json
from functools import cache

import rjsmin
from django.conf import settings
from django.utils import translation

from broadsheet.articles import addresses
from broadsheet.translations import languages, variants

from .. import assets, reading
from ..finished import FinishedPage, PageRequest
from ..routes import page

# The colours of the light theme; base.css has the same.
INK_BLUE = "#0b2545"
PAPER = "#ffffff"


@page("/manifest.webmanifest", query=("lang",))
def manifest(request: PageRequest) -> FinishedPage:
    """The application's manifest, in the site's first language or the one in `?lang=`."""
    asked = request.query.get("lang", "")
    language = asked if asked in settings.CONFIG.languages else settings.CONFIG.default_language
    with translation.override(language):
        edition = reading.edition(language)
        facts = {
            "id": "/",
            "name": edition.publication_name,
            "short_name": edition.publication_name[:30],
            "description": edition.tagline,
            "lang": language,
            "dir": languages.direction(language),
            "start_url": addresses.front_path(language),
            "scope": "/",
            "display": "minimal-ui",
            "theme_color": INK_BLUE,
            "background_color": PAPER,
            "categories": ["news"],
            "icons": [
                _icon("icon.svg", "any", "any"),
                _icon("icon-192.png", "192x192", "any"),
                _icon("icon-512.png", "512x512", "any"),
                _icon("icon-maskable-512.png", "512x512", "maskable"),
            ],
        }
    body = json.dumps(facts, ensure_ascii=False).encode()
    return FinishedPage(body, content_type="application/manifest+json; charset=utf-8", max_age_s=3600)


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    kind = "image/svg+xml" if name.endswith(".svg") else "image/png"
    return {"src": assets.asset(name), "sizes": sizes, "type": kind, "purpose": purpose}


@page("/sw.js")
def service_worker(request: PageRequest) -> FinishedPage:
    """The service worker, with what it must know of this release and this site."""
    places = [place for code in reading.editions() for place in (code, *(one.place for one in variants.of(code)))]
    return FinishedPage(_service_worker(tuple(places)), content_type="text/javascript; charset=utf-8")


@cache
def _service_worker(codes: tuple[str, ...]) -> bytes:
    source = rjsmin.jsmin((assets.FOLDER / "worker.js").read_text(encoding="utf-8"))
    facts = {
        "release": assets.asset("site.js"),
        "languages": codes,
        "files": [assets.asset("site.js"), assets.asset("icon.svg")],
    }
    return f"const SITE={json.dumps(facts)};{source.strip()}".encode()
