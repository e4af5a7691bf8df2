"""What desks do with a story in several languages, for tests."""

from __future__ import annotations

from typing import Any

from broadsheet.articles.models import ArticlePage
from broadsheet.newsroom.models import LanguageVersion
from broadsheet.newsroom.translating import creating, pieces


def translate(story: ArticlePage, user: Any, *languages: str) -> list[ArticlePage]:
    """The drafts of the story in the languages."""
    made = creating.translate(story, languages, user)
    assert all(one.page for one in made), made
    return [one.page for one in made if one.page]


def version(page: ArticlePage) -> LanguageVersion:
    """The page's row in the ledger, as it is now."""
    return LanguageVersion.objects.select_related("page", "source").get(page_id=page.pk)


def fresh(page: ArticlePage) -> ArticlePage:
    """The page as the database has it."""
    return ArticlePage.objects.get(pk=page.pk)


def revise(page: ArticlePage, *, publish: bool = True, **fields: Any) -> ArticlePage:
    """Change the latest draft; `body` is a function that changes the raw blocks in place."""
    draft = fresh(page).get_latest_revision_as_object()
    body = fields.pop("body", None)
    if body is not None:
        raw = pieces.raw_body(draft)
        body(raw)
        draft.body = ArticlePage._meta.get_field("body").stream_block.to_python(raw)
    for name, value in fields.items():
        setattr(draft, name, value)
    revision = draft.save_revision()
    if publish:
        revision.publish()
    return fresh(page)


def block(page: ArticlePage, kind: str) -> str:
    """The key of the first block of this kind."""
    return next(pieces.BODY + str(raw["id"]) for raw in pieces.raw_body(page) if raw["type"] == kind)


def changed(page: ArticlePage) -> set[str]:
    """What is out of date in a translation."""
    return set(version(page).changed)


CORRECTION = "The ferry has two captains, not three."


def correct(raw: list[dict[str, Any]]) -> None:
    """Add a correction at the end of the raw blocks."""
    value = {"date": "2026-03-03T10:00:00Z", "text": CORRECTION}
    raw.append({"type": "correction", "value": value, "id": "22222222-2222-4222-8222-222222222222"})
