"""What a site tells its edge, as bytes that the renderer leaves in the store, so that workers can start alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .errors import EdgeError
from .pages import Rule


class RulesUnreadable(EdgeError):
    """What stands in the store is not what `pack_facts` makes; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """The rules of the addresses, the pages that say 503 by language, the headers of replies that the edge makes."""

    rules: tuple[Rule, ...]
    unavailable: Mapping[str, bytes] = field(default_factory=dict)
    security_headers: tuple[tuple[str, str], ...] = ()


def pack_facts(facts: SiteFacts) -> bytes:
    """The facts as they are kept by `PageStore.write_rules`."""
    pages = {language: body.decode() for language, body in facts.unavailable.items()}
    told = {"rules": [asdict(rule) for rule in facts.rules], "unavailable": pages, "headers": facts.security_headers}
    return json.dumps(told, separators=(",", ":")).encode()


def unpack_facts(packed: bytes) -> SiteFacts:
    """The facts again. Raises RulesUnreadable."""
    try:
        told = json.loads(packed)
        rules = tuple(_rule(**about) for about in told["rules"])
        pages = {str(language): str(body).encode() for language, body in told["unavailable"].items()}
        return SiteFacts(rules, pages, tuple((str(name), str(value)) for name, value in told["headers"]))
    except (ValueError, TypeError, KeyError, AttributeError, re.error) as error:
        raise RulesUnreadable(repr(error)) from error


def _rule(pattern: str, query_names: list[str], dynamic: bool, methods: list[str], forwards: list[Any]) -> Rule:
    re.compile(pattern)
    return Rule(pattern, tuple(query_names), bool(dynamic), tuple(methods), tuple(forwards))
