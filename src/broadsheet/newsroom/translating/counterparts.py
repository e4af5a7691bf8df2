"""What a translation names instead of what its source names: authors, topics, stories and links of its own language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.models import Locale, Page
from wagtail.permissions import policy_registry

from broadsheet.articles.models import ArticlePage, Author, Topic

_PAGE_LINK = re.compile(r'(<a\b[^>]*\blinktype="page"[^>]*\bid="|<a\b[^>]*\bid=")(\d+)("[^>]*>)')


@dataclass
class Counterparts:
    """Finds, and where the person may, makes what stands for a thing in the language; remembers what it did."""

    locale: Locale
    user: Any = None
    made: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def authors(self, found: Iterable[Author]) -> list[Author]:
        """The authors in the language, in their order."""
        return [one for author in found if (one := self._named(author, Author))]

    def topics(self, found: Iterable[Topic]) -> list[Topic]:
        """The topics in the language, in their order."""
        return [one for topic in found if (one := self._named(topic, Topic))]

    def stories(self, ids: Iterable[int]) -> list[int]:
        """The pages of the stories in the language; those that it has not are left out."""
        wanted = list(ids)
        versions = self._versions(wanted)
        return [versions[page_id] for page_id in wanted if page_id in versions]

    def body(self, raw: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Raw blocks whose links and lists of stories lead to the language's own; a list of none is left out."""
        versions = self._versions(_pages_named(raw))
        mapped = []
        for block in raw:
            if block["type"] == "related":
                block = _related(block, versions)
                if not block["value"]["articles"]:
                    continue
            mapped.append(_each_text(block, lambda text: _link(text, versions)))
        return mapped

    def links(self, raw: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Raw blocks whose links in texts lead to the language's own stories; nothing is left out."""
        versions = self._versions(_pages_named(raw))
        return [_each_text(block, lambda text: _link(text, versions)) for block in raw]

    def _named(self, one: Any, model: type[Any]) -> Any:
        found = model.objects.filter(translation_key=one.translation_key, locale=self.locale).first()
        return found or self._make(one, model)

    def _make(self, one: Any, model: type[Any]) -> Any:
        made = one.copy_for_translation(self.locale)
        policy = policy_registry.get_by_type(model)
        if not policy.user_has_permission_for_instance(self.user, "add", made):
            self.missing.append(one.name)
            return None
        made.slug = ""
        try:
            made.full_clean()
        except ValidationError:
            # Somebody of the language has the name already: whether it is the same is for a person to say.
            self.missing.append(one.name)
            return None
        made.save()
        self.made.append(one.name)
        return made

    def _versions(self, ids: list[int]) -> dict[int, int]:
        """The pages in the language, by the pages given; what is in the language already stands for itself."""
        keys = dict(Page.objects.filter(pk__in=ids).values_list("translation_key", "pk"))
        found = Page.objects.filter(translation_key__in=list(keys), locale=self.locale)
        return {keys[key]: page_id for key, page_id in found.values_list("translation_key", "pk")}


def related_of(page: ArticlePage) -> list[int]:
    """The stories that were related to the page by hand."""
    return [one.story_id for one in page.related_links.all()]


def _related(block: dict[str, Any], versions: dict[int, int]) -> dict[str, Any]:
    kept = []
    for item in block["value"].get("articles") or []:
        wrapped = isinstance(item, dict)
        page_id = item.get("value") if wrapped else item
        if page_id in versions:
            kept.append({**item, "value": versions[page_id]} if wrapped else versions[page_id])
    return {**block, "value": {**block["value"], "articles": kept}}


def _pages_named(raw: list[dict[str, Any]]) -> list[int]:
    found: list[int] = []

    def note(text: str) -> str:
        found.extend(int(link[2]) for link in _PAGE_LINK.finditer(text))
        return text

    for block in raw:
        if block["type"] == "related":
            items = block["value"].get("articles") or []
            found += [one for item in items if (one := item.get("value") if isinstance(item, dict) else item)]
        _each_text(block, note)
    return found


def _link(text: str, versions: dict[int, int]) -> str:
    return _PAGE_LINK.sub(lambda link: f"{link[1]}{versions.get(int(link[2]), link[2])}{link[3]}", text)


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value) if "linktype" in value else value
    if isinstance(value, list):
        return [_each_text(one, change) for one in value]
    if isinstance(value, dict):
        return {name: _each_text(one, change) for name, one in value.items()}
    return value
