"""Findings about what readers are given: the edge's store, the sitemaps and the running site against the database.

Whatever looks wrong is looked at a second time with sets that were read anew: a site in use changes meanwhile.
"""

from __future__ import annotations

import http.client
import random
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import brotli
from django.core.checks import CheckMessage, Error

from broadsheet.articles import addresses
from broadsheet.config import Config
from broadsheet.edge.contracts import PageStore
from broadsheet.edge.errors import EdgeError
from broadsheet.edge.pages import Encoding, Freshness, ReadyReply
from broadsheet.rendering import closure, store

from ..progress import Report
from .groups import NAMED

TIMEOUT_S = 60.0
# What is answered stale is made anew meanwhile: the second look comes after so long.
PATIENCE_S = 1.5
_STEP = 1_000


# What is looked at: the id of its finding, what is wrong, what to do.
KINDS = {
    "store": (
        "broadsheet.E040",
        "pages in the edge's store do not say what the database does",
        "`broadsheet edge purge '*'` has every page made anew. Report this: it must not happen.",
    ),
    "sitemap": (
        "broadsheet.E041",
        "addresses in the sitemaps are missing, too many, or name other versions than the database does",
        "`broadsheet edge purge '*'` has the sitemaps made anew. Report this: it must not happen.",
    ),
    "site": (
        "broadsheet.E042",
        "pages of the running site are not 200, not their own canonical address, or name other versions",
        "Does the site run with this database and these settings? Then report this: it must not happen.",
    ),
}


@dataclass
class Looked:
    """What was compared: pages of the store, addresses in sitemaps, pages asked for; and what was wrong, by address.

    `unreachable` says why the running site gave no answer.
    """

    stored: int = 0
    in_sitemaps: int = 0
    asked: int = 0
    wrong: dict[str, dict[str, str]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    unreachable: str = ""


def find(looked: Looked) -> Iterator[CheckMessage]:
    """The findings of what was looked at."""
    for kind, (id_, words, hint) in KINDS.items():
        wrong = looked.wrong[kind]
        if wrong:
            named = "; ".join(f"{address}: {what}" for address, what in list(wrong.items())[:NAMED])
            more = " …" if len(wrong) > NAMED else ""
            yield Error(f"{len(wrong)} {words}: {named}{more}", hint=hint, id=id_)
    if looked.unreachable:
        yield Error(
            f"The running site could not be asked: {looked.unreachable}.",
            hint="Serve it (`broadsheet serve`), or leave out what needs it with --offline.",
            id="broadsheet.E043",
        )


def look(config: Config, site: closure.Site, sample: int, seed: int, report: Report, *, offline: bool) -> Looked:
    """Compare what readers are given with what the database says; whatever is wrong, once more."""
    looked = Looked()
    _look_into_store(looked, site, report)
    if offline:
        return looked
    try:
        with closing(Reader(config)) as reader:
            _look_at_sitemaps(looked, site, reader, report)
            _look_at_site(looked, site, choose(site, sample, seed), reader, report)
            if any(looked.wrong.values()):
                _look_again(looked, reader)
    except (OSError, http.client.HTTPException, ValueError) as error:
        looked.unreachable = str(error) or type(error).__name__
    return looked


class Reader:
    """A connection to the readers' origin of this machine that is kept open."""

    def __init__(self, config: Config) -> None:
        self.host = urlsplit(config.site_url).netloc
        listen = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.listen, config.listen)  # noqa: S104  # not bound here
        self.line = http.client.HTTPConnection(listen, config.reader_port, timeout=TIMEOUT_S)

    def ask(self, path: str) -> tuple[int, str]:
        """The status and the text of what stands at the path. Raises OSError, HTTPException."""
        self.line.request("GET", path, headers={"Host": self.host, "Accept-Encoding": "br"})
        answer = self.line.getresponse()
        body = answer.read()
        if answer.getheader("Content-Encoding") == "br":
            body = brotli.decompress(body)
        return answer.status, body.decode("utf-8", "replace")

    def close(self) -> None:
        self.line.close()


def choose(site: closure.Site, sample: int, seed: int) -> list[str]:
    """Every page that has versions and of which there are few, and as many others as asked for, at random."""
    few = [path for path in site.pages if path.count("/") < 4]
    others = [path for path in site.pages if path.count("/") >= 4]
    picked = random.Random(seed).sample(others, min(sample, len(others)))  # noqa: S311  # no secret
    return [*few, *picked]


def _look_into_store(looked: Looked, site: closure.Site, report: Report) -> None:
    """Every page that the edge would give out: those that have versions, and those that should not be there."""
    try:
        pages = store.pages()
        kept = [address for address in pages.addresses() if address.startswith("/")]
    except EdgeError as error:
        looked.wrong["store"]["the store"] = str(error)
        return
    for number, path in enumerate(kept, 1):
        if number % _STEP == 0 or number == len(kept):
            report("the edge's store", number, len(kept))
        looked.stored += _judge_stored(looked, site, pages, path)


def _judge_stored(looked: Looked, site: closure.Site, pages: PageStore, path: str) -> bool:
    """Compare one stored page, if it is one that may have versions and that is still given out."""
    reply = pages.get(path, Encoding.GZIP)
    if reply is None or store.pages().tags.freshness(reply, time.time()) is Freshness.GONE:
        return False
    expected = site.pages.get(path)
    if expected is None and (reply.status != 200 or b"Content-Type: text/html" not in reply.head):
        return False
    what = ""
    if reply.status != 200:
        what = f"{reply.status} is stored for a public page"
    elif expected is not None:
        what = closure.wrong_with(path, closure.read_claims(_beginning(reply)), expected)
    elif closure.read_claims(_beginning(reply)).versions:
        what = "it names versions, and no such page is public"
    if what:
        looked.wrong["store"][path] = what
    return True


def _beginning(reply: ReadyReply) -> str:
    if b"Content-Encoding: gzip" in reply.head:
        return zlib.decompressobj(31).decompress(reply.body, closure.HEAD_BYTES).decode("utf-8", "replace")
    return reply.body[: closure.HEAD_BYTES].decode("utf-8", "replace")


def _look_at_sitemaps(looked: Looked, site: closure.Site, reader: Reader, report: Report) -> None:
    found: dict[str, closure.Pairs] = {}
    files = [urlsplit(url).path for url in _locations(reader.ask("/sitemap.xml")[1])]
    for number, path in enumerate(files, 1):
        status, text = reader.ask(path)
        if status != 200:
            looked.wrong["sitemap"][path] = f"it answers {status}"
        found.update(closure.read_sitemap(text))
        report("the sitemaps", number, len(files))
    looked.in_sitemaps = len(found)
    looked.wrong["sitemap"].update(_compare_sitemaps(site, found))


def _locations(xml: str) -> list[str]:
    return [part.partition("</loc>")[0] for part in xml.split("<loc>")[1:]]


def _compare_sitemaps(site: closure.Site, found: dict[str, closure.Pairs]) -> Iterator[tuple[str, str]]:
    wanted = {addresses.absolute(path): pairs for path, pairs in site.pages.items()}
    for url in sorted(wanted.keys() | found.keys()):
        if url not in found:
            yield urlsplit(url).path, "no sitemap names it"
        elif url not in wanted:
            yield urlsplit(url).path, "a sitemap names it, and no such page is public"
        elif found[url] != wanted[url]:
            yield urlsplit(url).path, "the sitemap names other versions"


def _look_at_site(looked: Looked, site: closure.Site, paths: Sequence[str], reader: Reader, report: Report) -> None:
    for number, path in enumerate(paths, 1):
        if what := _judge_answer(site, path, reader):
            looked.wrong["site"][path] = what
        if number % 20 == 0 or number == len(paths):
            report("pages of the running site", number, len(paths))
    looked.asked = len(paths)


def _judge_answer(site: closure.Site, path: str, reader: Reader) -> str:
    status, text = reader.ask(path)
    if status != 200:
        return f"it answers {status}"
    return closure.wrong_with(path, closure.read_claims(text[: closure.HEAD_BYTES]), site.pages[path])


def _look_again(looked: Looked, reader: Reader) -> None:
    """With the sets as they are now; what was made anew meanwhile is right."""
    time.sleep(PATIENCE_S)
    site = closure.read_site()
    again = Looked()
    for path in looked.wrong["store"]:
        if path.startswith("/"):
            _judge_stored(again, site, store.pages(), path)
    if looked.wrong["sitemap"]:
        _look_at_sitemaps(again, site, reader, _silent)
    for path in looked.wrong["site"]:
        if path in site.pages and (what := _judge_answer(site, path, reader)):
            again.wrong["site"][path] = what
    for kind, before in looked.wrong.items():
        looked.wrong[kind] = {path: what for path, what in again.wrong[kind].items() if path in before}


def _silent(step: str, done: int, total: int) -> None:
    """Nobody waits for the second look."""
