"""Where a variant's pages stand among the language versions of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from broadsheet.translations import variants
from broadsheet.translations.variants import Variant

Pairs = tuple[tuple[str, str], ...]


def with_variants(versions: Iterable[tuple[str, str]]) -> Pairs:
    """The pairs of language and path, each followed by those of the variants that are made of it."""
    return tuple(_each(versions))


def _each(versions: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for language, path in versions:
        yield language, path
        for variant in variants.of(language):
            yield variant.code, path_in(variant, path)


def path_in(variant: Variant, path: str) -> str:
    """The path of the base's page in the variant."""
    return f"/{variant.place}{path.removeprefix(f'/{variant.base}')}"
