"""The accounts of the demo edition: one for every role. The password is public: never serve a demo to the internet."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "lantern-demo"  # noqa: S105


@dataclass(frozen=True)
class Person:
    """A demo account: user name, full name, what the person is, and in which language and section."""

    username: str
    first_name: str
    last_name: str
    role: str
    language: str = ""
    section: str = ""


PEOPLE = (
    Person("admin", "Ada", "Admin", "administrator"),
    Person("chief", "Camilla", "Chief", "chief_editor", "en"),
    Person("editor", "Edgar", "Editor", "section_editor", "en", "world"),
    Person("reporter", "Rena", "Reporter", "reporter", "en", "world"),
    Person("translator", "Tural", "Translator", "translator", "az"),
)
