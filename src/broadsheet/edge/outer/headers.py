"""What the edge says to the one cache that we purge, and to no other: how long it may keep a reply.

Browsers and every cache that nobody purges obey `Cache-Control: public, no-cache, s-maxage=0`. The cache named in
`outer_cache` obeys a header of its own, which it takes off. See docs/decisions/0012-outer-caches.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import names

# A purge that was lost is made good after so long.
KEPT_S = 3600
# After a soft purge, or when its time is over, a page may be given for so long while it is fetched anew.
RENEWED_S = 60
# While the edge does not answer at all.
WITHOUT_EDGE_S = 86400
ASK_AGAIN = "public, no-cache, s-maxage=0"
# Fastly does as though `no-cache` was not there, and obeys `s-maxage`; Varnish, Cloudflare and nginx obey both.

_NAMES = {
    names.VARNISH_XKEY: "Surrogate-Control",
    names.VARNISH_BAN: "Surrogate-Control",
    names.FASTLY: "Surrogate-Control",
    # CDN-Cache-Control (RFC 9213) would also reach the next CDN behind it, which nobody purges.
    names.CLOUDFLARE: "Cloudflare-CDN-Cache-Control",
}


@dataclass(frozen=True, slots=True)
class OuterHeaders:
    """The lines, with CRLF, that go out between a stored head and Date, on a 304 as on a 200."""

    name: str

    def fresh(self, lasts_s: float | None = None) -> bytes:
        """For a reply that is fresh, for another `lasts_s` seconds at least (None: until it is purged)."""
        kept_s = KEPT_S if lasts_s is None else max(0, min(KEPT_S, int(lasts_s)))
        if not kept_s:
            return self.stale()
        allowed = f"max-age={kept_s}, stale-while-revalidate={RENEWED_S}, stale-if-error={WITHOUT_EDGE_S}"
        return f"{self.name}: {allowed}\r\n".encode()

    def stale(self) -> bytes:
        """For every other reply from the store: stale ones, and those that stand there for another address."""
        return f"{self.name}: max-age=0\r\n".encode()


def outer_headers(url: str) -> OuterHeaders | None:
    """The lines for the cache that the option `outer_cache` names; None: there is none. Raises OuterCacheMisnamed."""
    name = names.read_name(url)
    return None if name is None else OuterHeaders(_NAMES[name.kind])
