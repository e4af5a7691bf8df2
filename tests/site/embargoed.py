"""Things that nobody may see yet, with a word of their own in every field."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from . import harness

CANARY = "qxjzvkanary"
FIELDS = (
    "headline",
    "short",
    "lead",
    "label",
    "dateline",
    "body",
    "caption",
    "alt",
    "seo",
    "description",
    "author",
    "topic",
    "picture",
    "slug",
    "quote",
    "table",
)


@dataclass(frozen=True)
class Hidden:
    """Unpublished things, by what they are; every word of theirs begins with the canary."""

    draft: dict[str, Any]
    scheduled: dict[str, Any]
    revised: dict[str, Any]


def fields(name: str) -> dict[str, Any]:
    """A different word for every field."""
    word = {field: f"{CANARY}{name}{field}" for field in FIELDS}
    return {
        "short_headline": word["short"],
        "lead": word["lead"],
        "label": word["label"],
        "dateline": word["dateline"],
        "picture_caption": word["caption"],
        "picture_alt": word["alt"],
        "seo_title": word["seo"],
        "search_description": word["description"],
        "author": word["author"],
        "topic": word["topic"],
        "picture_name": word["picture"],
        "slug": word["slug"],
        "body": [
            ["text", f"<p>{word['body']}</p>"],
            ["quote", {"text": word["quote"], "speaker": word["author"], "role": "", "source": "", "source_url": ""}],
        ],
    }


def hide(site: harness.RunningSite) -> Hidden:
    """A draft, a story for tomorrow, and a new text of a published story."""
    draft = site.desk.add_story("en", f"{CANARY}draftheadline", publish=False, **fields("draft"))
    scheduled = site.desk.schedule("en", f"{CANARY}laterheadline", 24 * 3600, **fields("later"))
    revised = site.desk.add_story("en", "The harbour as it was known", body=[["text", "<p>As it was known.</p>"]])
    site.desk.revise(
        revised["id"],
        title=f"{CANARY}newheadline",
        lead=f"{CANARY}newlead",
        slug=f"{CANARY}newslug",
        seo_title=f"{CANARY}newseo",
        body=[["text", f"<p>{CANARY}newbody</p>"]],
    )
    # Whatever reacts to changes has had its time.
    time.sleep(3)
    return Hidden(draft, scheduled, revised)
