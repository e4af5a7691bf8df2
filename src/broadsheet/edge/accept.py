"""Chooses the encoding of a reply by the request's Accept-Encoding (RFC 9110, section 12.5.3)."""

from __future__ import annotations

import re

# In the order in which we prefer them where a request leaves the choice to us.
OFFERED = ("br", "gzip", "identity")
_LONGEST_HEADER = 1000
_QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def choose(accepted: str | None, *, is_compressible: bool = True) -> str | None:
    """`br`, `gzip` or `identity`; None: the request refuses all of them (406).

    A request that refuses `identity` and names nothing else gets gzip, which everything can read.
    """
    if accepted is None or len(accepted) > _LONGEST_HEADER:
        return "identity"
    wishes = _read(accepted)
    any_ = wishes.get("*")
    qualities = {name: wishes.get(name, any_) for name in OFFERED}
    if wishes.get("identity") == 0 and any_ is None and qualities["br"] is None and qualities["gzip"] is None:
        return "gzip"
    if qualities["identity"] is None:
        # Not named: acceptable, but anything that is named is better.
        qualities["identity"] = 0.0001
    offered = OFFERED if is_compressible else ("identity",)
    best = max(offered, key=lambda name: qualities[name] or 0)
    return best if qualities[best] else None


def _read(header: str) -> dict[str, float]:
    """The qualities by encoding; what cannot be read is left out."""
    wishes: dict[str, float] = {}
    for part in header.split(","):
        name, _, parameters = (piece.strip() for piece in part.partition(";"))
        match = _QUALITY.fullmatch(parameters.replace(" ", "")) if parameters else None
        if name and (match or not parameters):
            wishes[name.lower().removeprefix("x-")] = float(match[1]) if match else 1.0
    return wishes
