"""What of a request is passed on to the renderer when its address is dynamic."""

from __future__ import annotations

from .asked import Asked
from .pages import Encoding, Rule
from .renderer import Fields

_ACCEPT = ("br", "gzip", "identity")


def forwarded(asked: Asked, rule: Rule) -> Fields:
    """The header fields of the request that the rule lets through, and the encoding that was chosen from it."""
    fields = [("Accept-Encoding", _ACCEPT[encoding_of(asked)])]
    if asked.method == b"POST" and (content_type := asked.text(b"content-type")) is not None:
        fields.append(("Content-Type", content_type))
    for name in rule.forwards:
        value = asked.text(name.encode())
        if value is not None and name != "accept-encoding":
            fields.append((name, value))
    return fields


def encoding_of(asked: Asked) -> Encoding:
    """What to answer in; the best encoding has the number 0, so it must not be asked whether it is true."""
    return Encoding.IDENTITY if asked.encoding is None else asked.encoding
