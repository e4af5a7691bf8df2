"""Finds or makes the sections, topics and authors that stories need, once for every language they appear in."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter

from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Locale

from broadsheet.articles.models import Author, HomePage, SectionPage, Topic
from broadsheet.articles.slugs import make_slug

from ..errors import SiteNotReady
from ..models import ImportedItem
from .archive import Archive
from .map import shorten, words

LONGEST_NAME = 160
LONGEST_KEY = 140
LONGEST_TITLE = 100


class Catalogue:
    """The things of one archive that stories point to. In a dry run it counts what it would make, and gives 0 as id."""

    def __init__(self, archive: Archive, default_section: str, made: Counter[str], *, dry_run: bool) -> None:
        self._archive = archive
        self._default = default_section
        self._made = made
        self._dry_run = dry_run
        self._source = archive.site.name
        self._ids: dict[str, int] = {}
        # One topic or author for all who are called so, whatever their keys are.
        self._names: dict[str, int] = {}
        self._public: set[str] = set()
        # The keys of what public stories of this run use.
        self.used_in_public: set[str] = set()
        self._locales = {locale.language_code: locale for locale in Locale.objects.all()}
        self.reload()

    def reload(self) -> None:
        """Read again what is stored: after a story's transaction was rolled back, what it made is gone."""
        stored = ImportedItem.objects.filter(source=self._source, kind__in=["section", "topic", "author"])
        if not self._dry_run or not self._ids:
            self._names.clear()
            self._ids = dict(stored.values_list("key", "object_id"))
            self._public = set(stored.filter(is_public=True).values_list("key", flat=True))

    def locale(self, language: str) -> Locale:
        try:
            return self._locales[language]
        except KeyError as error:
            raise SiteNotReady(f"the site has no front in {language!r} yet: make its fronts first") from error

    def front(self, language: str) -> HomePage:
        """The language's front. Raises SiteNotReady where there is none."""
        front = HomePage.objects.filter(locale=self.locale(language)).order_by("path").first()
        if front is None:
            raise SiteNotReady(f"the site has no front in {language!r} yet: make its fronts first")
        return front

    def section(self, slug: str, language: str, *, is_public: bool) -> int:
        """The section of a category, with those above it; without a slug the default one. Public for public stories."""
        line = self._archive.category_line(slug) if slug else []
        if not line:
            key = f"default:{brief(self._default)}:{language}"
            return self._section(key, self._default_title(language), "", language, 0, is_public)
        parent = 0
        for one in line:
            term = self._archive.category(one)
            title = words(term.name) if term else one
            group = self._group(term.id) if term else ""
            key = f"section:{brief(one)}:{language}"
            parent = self._section(key, title, one, language, parent, is_public, group)
        return parent

    def _default_title(self, language: str) -> str:
        with translation.override(language):
            return self._default or _("News")

    def _section(
        self, key: str, title: str, slug: str, language: str, parent_id: int, is_public: bool, group: str = ""
    ) -> int:
        if key not in self._ids:
            title = shorten(title or slug, LONGEST_TITLE)
            self._ids[key] = self._find_section(key, title, slug, language) or self._make_section(
                key, title, slug, language, parent_id, group
            )
        self._use(key, is_public)
        if is_public and key not in self._public:
            self._public.add(key)
            if not self._dry_run:
                self._publish_section(key)
        return self._ids[key]

    def _find_section(self, key: str, title: str, slug: str, language: str) -> int:
        """A section that the newsroom has already, by its slug or its title."""
        sections = SectionPage.objects.filter(locale=self.locale(language))
        found = (
            sections.filter(slug=slug or make_slug(title, language)).first()
            or sections.filter(title__iexact=title).first()
        )
        if found is None:
            return 0
        self._remember(key, "section", found.pk)
        return found.pk

    def _make_section(self, key: str, title: str, slug: str, language: str, parent_id: int, group: str) -> int:
        self._made["sections"] += 1
        if self._dry_run:
            return 0
        parent = SectionPage.objects.get(pk=parent_id) if parent_id else self.front(language)
        section = SectionPage(title=title, locale=self.locale(language), live=False)
        is_readable = slug != "" and slug.isascii() and "%" not in slug
        wanted = make_slug(slug.replace("-", " ") if is_readable else title, language, "section")
        section.slug = section.free_slug(wanted, parent)
        if (
            group
            and not SectionPage.objects.filter(translation_key=self._key_of(group), locale=section.locale).exists()
        ):
            section.translation_key = self._key_of(group)
        parent.add_child(instance=section)
        section.save_revision()
        self._remember(key, "section", section.pk)
        return int(section.pk)

    def _publish_section(self, key: str) -> None:
        section = SectionPage.objects.get(pk=self._ids[key])
        ImportedItem.objects.filter(source=self._source, key=key).update(is_public=True)
        if not section.live and section.first_published_at is None:
            section.get_latest_revision().publish()

    def topic(self, key: str, name: str, language: str, *, is_public: bool) -> int:
        """The topic of this name."""
        key = f"{brief(key)}:{language}"
        self._use(key, is_public)
        return self._named(Topic(name=name, locale=self.locale(language)), "topic", key)

    def author(self, login: str, language: str, *, is_public: bool = False) -> int:
        """The author with this login; one whom the file does not describe is called by the login."""
        record = self._archive.authors.get(login)
        name = words(record.name) if record else ""
        # A login, and sometimes a name, is an e-mail address: what stands before the @ is enough.
        name = (name or login).split("@", 1)[0].strip() or login.strip("@") or _("Unknown")
        kind = "guest" if record and record.is_guest else "staff"
        key = f"author:{brief(login)}:{language}"
        self._use(key, is_public)
        return self._named(Author(name=name, locale=self.locale(language), kind=kind), "author", key)

    def _use(self, key: str, is_public: bool) -> None:
        if is_public:
            self.used_in_public.add(key)

    def _named(self, thing: Topic | Author, what: str, key: str) -> int:
        """The id of a thing of this name in its language: one that is there already, or this one, stored now."""
        if key in self._ids:
            return self._ids[key]
        model = type(thing)
        thing.name = shorten(thing.name, LONGEST_NAME)
        name = f"{what}:{thing.locale.language_code}:{thing.name.casefold()}"
        if name not in self._names:
            same = model.objects.filter(locale=thing.locale, name__iexact=thing.name).first()
            if same is None:
                self._made[f"{what}s"] += 1
                if not self._dry_run:
                    self._store_named(thing, key)
            self._names[name] = int((same or thing).pk or 0)
        self._ids[key] = self._names[name]
        self._remember(key, what, self._ids[key])
        return self._ids[key]

    def _store_named(self, thing: Topic | Author, key: str) -> None:
        things = type(thing).objects.filter(locale=thing.locale)
        wanted = make_slug(thing.name, thing.locale.language_code, fallback="name")
        taken, number, thing.slug = (
            set(things.filter(slug__startswith=wanted).values_list("slug", flat=True)),
            1,
            wanted,
        )
        while thing.slug in taken:
            number += 1
            thing.slug = f"{wanted}-{number}"
        # The same person or topic in another language of the archive is its translation.
        group = self._key_of(key.rsplit(":", 1)[0])
        if not things.filter(translation_key=group).exists():
            thing.translation_key = group
        thing.save()

    def _remember(self, key: str, kind: str, object_id: int) -> None:
        if not self._dry_run:
            ImportedItem.objects.update_or_create(
                source=self._source, key=key, defaults={"kind": kind, "object_id": object_id}
            )

    def _group(self, term_id: str) -> str:
        """The name of the translation group that a category belongs to."""
        if not term_id.isdigit():
            return ""
        pattern = f"i:{term_id};", f's:{len(term_id)}:"{term_id}";'
        for (taxonomy, slug), term in self._archive.terms.items():
            if taxonomy == "term_translations" and any(one in term.description for one in pattern):
                return f"terms:{slug}"
        return ""

    def group_key(self, name: str) -> uuid.UUID:
        """The translation key of a group of the archive, the same in every run."""
        return self._key_of(f"group:{name}")

    def _key_of(self, name: str) -> uuid.UUID:
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self._source}#{name}")


def brief(name: str) -> str:
    """The name as a part of a key: a long one keeps its beginning and is told from others by its hash."""
    if len(name) <= LONGEST_KEY:
        return name
    return f"{name[: LONGEST_KEY - 21]}~{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:20]}"
