"""The words of languages that a site brings itself: `locale/<language>.po` in its folder, no code and no checkout.

`locale/compiled/` holds the machine-readable form, written by `compile_all` before Django starts. Of a language that
does not come with the program, what is not translated there is in English (for `de-CH`: in the words of `de`): gettext
alone would take the site's first language. Of one that does come with it, the site's words stand before ours, and what
the site leaves out stays ours.
"""

from __future__ import annotations

import gettext
import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError

from . import catalogues
from .errors import BadCatalogue

SOURCE = "en"


def folder(directory: Path) -> Path:
    """Where the catalogues of the site in `directory` stand."""
    return directory / "locale"


def compiled_folder(directory: Path) -> Path:
    """The folder that Django reads: the machine-readable form of the site's catalogues."""
    return folder(directory) / "compiled"


def path_of(directory: Path, language: str) -> Path:
    return folder(directory) / f"{language}.po"


def begin(directory: Path, language: str, *, newsroom: bool) -> Path:
    """Write a catalogue to translate, or bring the one that is there in step with this version; its path.

    Readers' words, and those of the newsroom if asked or if the catalogue has some already. Raises BadCatalogue.
    """
    path, found = path_of(directory, language), _read(directory, language)
    mine = catalogues.by_key(found)
    newsroom = newsroom or bool(mine.keys() & catalogues.by_key(catalogues.read(_newsroom())).keys())
    found.update(catalogues.template(newsroom=newsroom), no_fuzzy_matching=True)
    catalogues.write(path, found)
    return path


def check(directory: Path, language: str) -> list[str]:
    """What is wrong with the words of a language, a line each.

    Readers' words must all be there, unless the language falls back to one that comes with the program. Those of the
    newsroom are checked when the catalogue has any of them.
    """
    if not path_of(directory, language).exists():
        return [] if _base(language) else [f"no catalogue: everything is in English ({language}.po is missing)"]
    try:
        found = _read(directory, language)
    except BadCatalogue as error:
        return [str(error)]
    if _base(language):
        lines = catalogues.problems(found, catalogues.template(newsroom=True))
        return [line for line in lines if not line.startswith("missing")]
    newsroom = bool(catalogues.by_key(found).keys() & catalogues.by_key(catalogues.read(_newsroom())).keys())
    return catalogues.problems(found, catalogues.template(newsroom=newsroom))


def languages(directory: Path) -> list[str]:
    """The languages for which the site has a catalogue of its own."""
    return sorted(path.stem for path in folder(directory).glob("*.po"))


def compile_all(directory: Path, configured: Iterable[str]) -> list[str]:
    """Write the machine-readable form of every language that needs one; the complaints about files left aside.

    A translation that would break a page is left out. A file that cannot be read leaves the last good form in place:
    a slip in a catalogue never takes a site down.
    """
    complaints = []
    ours = set(languages(directory))
    for language in sorted(ours | {one for one in configured if not _comes_with_us(one)}):
        try:
            _write(directory, language, catalogues.compiled(_complete(language, _read(directory, language))))
        except BadCatalogue as error:
            complaints.append(str(error))
    _remove_others(directory, ours, set(configured))
    return complaints


def digest(directory: Path) -> str:
    """Changes with the words that the site brings."""
    found = hashlib.blake2b(digest_size=12)
    for path in sorted(compiled_folder(directory).glob("*/LC_MESSAGES/django.mo")):
        found.update(path.parts[-3].encode() + path.read_bytes())
    return found.hexdigest()


def _newsroom() -> Path:
    return catalogues.template_path("newsroom")


def _comes_with_us(language: str) -> bool:
    return language == SOURCE or language in catalogues.languages()


def _base(language: str) -> str:
    """The language of ours whose words a language falls back to: itself, or `de` for `de-CH`; empty: none."""
    if _comes_with_us(language):
        return language
    base, _, country = language.partition("-")
    return base if len(country) == 2 and country.isupper() and _comes_with_us(base) else ""


def _read(directory: Path, language: str) -> Catalog:
    """The site's catalogue of a language, an empty one where there is none. Raises BadCatalogue."""
    path = path_of(directory, language)
    try:
        Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise BadCatalogue(f"{language!r} is not a language code that CLDR knows") from error
    try:
        found = catalogues.read(path, language)
        _check_plurals(found)
    except (PoFileError, ValueError, LookupError, ArithmeticError, OSError) as error:
        # No catalogue, another encoding than it says, an unknown one, a rule that divides by nothing, no permission.
        raise BadCatalogue(f"{path} cannot be read: {error}") from error
    return found


def _check_plurals(catalogue: Catalog) -> None:
    """Raises ValueError for a rule of plural forms with which gettext could not start, or could not count."""
    form_of = _rule(catalogue.plural_expr)
    for number in (*range(201), 1000, 1_000_000):
        if not 0 <= form_of(number) < catalogue.num_plurals:
            raise ValueError(f"Plural-Forms has no form for {number}")


def _rule(expression: str) -> Callable[[int], int]:
    return gettext.c2py(expression)


def _complete(language: str, found: Catalog) -> Catalog:
    """What gettext shall say: the sound translations and, where the program brings none, English for the rest."""
    done = Catalog(locale=found.locale_identifier, charset="utf-8")
    # The header of the file decides how many plural forms there are, not what gettext knows of the language.
    done.mime_headers = [("Plural-Forms", found.plural_forms)]
    base = _base(language)
    nearest = catalogues.by_key(catalogues.read(catalogues.po_path(base), base)) if base not in {"", language} else {}
    mine = catalogues.by_key(found)
    for key, message in catalogues.by_key(catalogues.template(newsroom=True)).items():
        own = mine.get(key) or nearest.get(key)
        if own is not None and _is_sound(own, found.num_plurals):
            done.add(message.id, own.string, context=message.context)
        elif not _comes_with_us(language):
            done.add(message.id, _english(message, found), context=message.context)
    return done


def _is_sound(message: Message, plurals: int) -> bool:
    return catalogues.is_translated(message) and not message.fuzzy and not catalogues.faults(message, plurals)


def _english(message: Message, of: Catalog) -> str | tuple[str, ...]:
    """English in as many plural forms as the language has; the form that stands for one is English's singular."""
    if isinstance(message.id, str):
        return message.id
    one, many = message.id[0], message.id[1]
    singular = _rule(of.plural_expr)(1)
    alone = of.num_plurals > 1
    return tuple(one if alone and form == singular else many for form in range(of.num_plurals))


def _write(directory: Path, language: str, content: bytes) -> None:
    path = compiled_folder(directory) / language.replace("-", "_") / "LC_MESSAGES" / "django.mo"
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    part.write_bytes(content)
    part.replace(path)


def _remove_others(directory: Path, ours: set[str], configured: set[str]) -> None:
    """A catalogue that was taken out, or whose language now comes with the program, says nothing any more."""
    wanted = ours | {one for one in configured if not _comes_with_us(one)}
    for path in compiled_folder(directory).glob("*/LC_MESSAGES/django.mo"):
        if path.parts[-3].replace("_", "-") not in wanted:
            path.unlink()
