"""Makes the demo's accounts, each with its role on the front or section where it works."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from wagtail.models import Page

from broadsheet.articles.models import HomePage, SectionPage
from broadsheet.newsroom import roles

from . import people


def make_accounts() -> None:
    """One account for every role, each with an address that no mail reaches."""
    roles.ensure_all()
    for person in people.PEOPLE:
        user = get_user_model()(
            username=person.username,
            first_name=person.first_name,
            last_name=person.last_name,
            email=f"{person.username}@example.org",
            is_superuser=person.role == "administrator",
        )
        user.set_password(people.PASSWORD)
        user.save()
        if not user.is_superuser:
            roles.employ(user, person.role, _desk(person))


def _desk(person: people.Person) -> Page:
    """The front of the person's language, or the section in it."""
    if person.section:
        return SectionPage.objects.get(locale__language_code=person.language, slug=person.section)
    return HomePage.objects.get(locale__language_code=person.language)
