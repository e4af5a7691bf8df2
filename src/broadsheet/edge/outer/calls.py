"""One request to an outer cache and its answer, within a time limit, without telling anybody what stands in them."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .errors import OuterPurgeFailed

LONGEST_ANSWER_BYTES = 64 * 1024
# Not this request, but the same one later (RFC 9110, section 15; RFC 6585, section 4).
_LATER = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `headers` with names in lower case, of the body at most LONGEST_ANSWER_BYTES."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def call(
    origin: str, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None, *, patience_s: float
) -> Answer:
    """Send one request over a connection of its own; redirects are not followed.

    `patience_s` holds for the connection and for each time that we wait for bytes. Raises OuterPurgeFailed when no
    answer comes. Neither its message nor its cause holds anything of `headers` or of the answer.
    """
    place = urlsplit(origin)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(place.hostname or "", place.port, timeout=patience_s)
    try:
        connection.request(method, path, body=body, headers={**headers, "Connection": "close"})
        answer = connection.getresponse()
        content = answer.read(LONGEST_ANSWER_BYTES)
    except OSError as error:
        reason = "no answer in time" if isinstance(error, TimeoutError) else error.strerror or type(error).__name__
        raise OuterPurgeFailed(f"{place.netloc} cannot be reached: {reason}", permanent=False) from None
    except http.client.HTTPException as error:
        name = type(error).__name__
        raise OuterPurgeFailed(f"{place.netloc} does not answer in HTTP: {name}", permanent=False) from None
    finally:
        connection.close()
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)


def check_status(answer: Answer, whom: str, advice: Mapping[int, str]) -> None:
    """Raises OuterPurgeFailed for an answer that is no success; `advice` says what to do about a status."""
    status = answer.status
    if 200 <= status < 300:
        return
    will_pass = status in _LATER or (status >= 500 and status != 501)
    hint = f": {advice[status]}" if status in advice else ""
    raise OuterPurgeFailed(f"{whom} answers {status}{hint}", permanent=not will_pass)


def read_object(answer: Answer, whom: str) -> dict[str, Any]:
    """The object of JSON that the answer is. Raises OuterPurgeFailed: it was cut, or somebody else has answered."""
    try:
        said = json.loads(answer.body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise OuterPurgeFailed(f"{whom} answers {answer.status} without saying what was done", permanent=False)
    return said
