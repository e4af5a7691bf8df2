"""The people of a small newsroom, and what their browsers post."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from broadsheet.newsroom import roles

PASSWORD = "a-long-and-harmless-word"


def make_person(name: str, *desks: tuple[str, Page]) -> Any:
    """An account with the roles given as (role, section or front)."""
    person = get_user_model().objects.create_user(name, f"{name}@newsroom.test", PASSWORD)
    for role, page in desks:
        roles.employ(person, role, page)
    return person


def make_administrator(name: str = "administrator") -> Any:
    person = make_person(name)
    person.groups.add(roles.ensure_administrators())
    return person


def sign_in(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def article_form(title: str = "Ferries run again", body: Any = None, **fields: Any) -> dict[str, Any]:
    """What the browser posts from the editor of a story."""
    blocks = [("text", rich_text("<p>The harbour is open.</p>"))] if body is None else body
    return nested_form_data(
        {
            "title": title,
            "slug": "",
            "short_headline": "",
            "label": "",
            "lead": "",
            "dateline": "",
            "picture_alt": "",
            "picture_caption": "",
            "body": streamfield(blocks),
            "bylines": inline_formset([]),
            "topic_links": inline_formset([]),
            "related_links": inline_formset([]),
            "comments": inline_formset([]),
            "seo_title": "",
            "search_description": "",
            "first_published_at": "",
            "updated_at": "",
            "go_live_at": "",
            "expire_at": "",
            **fields,
        }
    )


def act(name: str, *arguments: Any) -> str:
    """The address of one of Wagtail's acts on a page."""
    return reverse(f"wagtailadmin_pages:{name}", args=arguments)


def create(client: Client, section: Page, title: str = "Ferries run again", **fields: Any) -> Any:
    return client.post(act("add", "articles", "articlepage", section.pk), article_form(title, **fields))


def edit(client: Client, page: Page, title: str = "Ferries run again", **fields: Any) -> Any:
    return client.post(act("edit", page.pk), article_form(title, **fields))


def latest(page: Page) -> Any:
    """The page's latest draft as it is stored."""
    return Page.objects.get(pk=page.pk).get_latest_revision_as_object()
