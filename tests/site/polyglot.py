"""A site in every language we know, for looking at: its stories are given as a file of JSON and published as
translation groups. `found` makes it; the module itself is run by it, in a process with that site's settings.

A group is `{language: {"headline": …, "lead": …, "paragraphs": […]}}`.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from . import harness

Group = Mapping[str, Mapping[str, Any]]
LANGUAGES = ("en", "ar", "az", "de", "es", "fa", "fr", "he", "hy", "ka", "kk", "ru", "tr", "uk")


def found(directory: Path, languages: Iterable[str], groups: Iterable[Group]) -> Path:
    """A new site in `directory` with one section in each language and the stories of `groups` in it."""
    spoken = ",".join(languages)
    harness.run(["init", str(directory), "--no-input", "--languages", spoken, "--name", "Lantern"], directory)
    (directory / "groups.json").write_text(json.dumps(list(groups)), encoding="utf-8")
    harness.run_module("tests.site.polyglot", [str(directory / "groups.json")], directory)
    return directory


def interface_groups() -> list[Group]:
    """Stories made of the product's own words: all that readers see of it, in each language, a few in each story."""
    from broadsheet.translations import catalogues

    words = {language: _words(language, catalogues) for language in LANGUAGES}
    step = 24
    return [
        {language: _story(texts[start : start + step]) for language, texts in words.items()}
        for start in range(0, len(words["en"]) - step + 1, step)
    ]


def _words(language: str, catalogues: Any) -> list[str]:
    """Every string of the readers in the language, the longest first and the same at the same place in each."""
    template = catalogues.by_key(catalogues.template(newsroom=False))
    keys = sorted(template, key=lambda key: (-len(key[0]), key))
    if language == "en":
        return [key[0] for key in keys]
    known = catalogues.by_key(catalogues.read(catalogues.po_path(language), language))
    return [catalogues.forms(known[key])[-1] for key in keys]


def _story(texts: list[str]) -> dict[str, Any]:
    return {"headline": texts[0], "lead": texts[1], "paragraphs": [" ".join(texts), *texts[2:8]]}


def _publish(groups: list[Group]) -> None:
    from django.utils.html import escape

    from broadsheet.articles.models import ArticlePage, Edition, HomePage, SectionPage
    from broadsheet.outbox import services as outbox
    from broadsheet.translations.languages import own_name

    key, sections = uuid.uuid4(), {}
    for front in HomePage.objects.all():
        language = front.locale.language_code
        section = SectionPage(title=own_name(language), slug="news", locale=front.locale, translation_key=key)
        front.add_child(instance=section)
        section.save_revision().publish()
        sections[language] = section
        Edition.objects.filter(locale=front.locale).update(publication_name=own_name(language))
    for number, group in enumerate(groups):
        key = uuid.uuid4()
        for language, text in group.items():
            html = "".join(f"<p>{escape(one)}</p>" for one in text["paragraphs"])
            story = ArticlePage(
                title=text["headline"][:250],
                lead=text["lead"],
                slug=f"story-{number}",
                locale=sections[language].locale,
                translation_key=key,
                body=[{"type": "text", "value": html}],
                live=False,
            )
            sections[language].add_child(instance=story)
            story.save_revision().publish()
    for section in sections.values():
        front = section.get_parent().specific
        found = ArticlePage.objects.child_of(section).order_by("path")
        for place, (slot, story) in enumerate(zip(("lead", "secondary", "secondary", "list"), found, strict=False)):
            front.slots.create(slot=slot, article=story, sort_order=place)
        front.save_revision().publish()
    outbox.deliver_all()


if __name__ == "__main__":
    import django

    django.setup()
    _publish(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
