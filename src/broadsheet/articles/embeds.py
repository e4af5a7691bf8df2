"""Videos and posts of other sites: which addresses we know, and the player that loads only when it is clicked.

No request is made to anybody: the player's address is derived from the post's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

from .errors import UnknownEmbed


@dataclass(frozen=True)
class Embed:
    """A known embed: provider's name, `video` or `post`, address of the original, address of its player."""

    provider: str
    kind: str
    url: str
    player_url: str


_ID = r"[A-Za-z0-9_-]{1,64}"


def _youtube(path: str, query: dict[str, list[str]], host: str) -> tuple[str, str] | None:
    key = query.get("v", [""])[0] if path == "/watch" else ""
    if host == "youtu.be":
        key = path.strip("/")
    elif match := re.fullmatch(rf"/(?:embed|shorts|live|v)/({_ID})/?", path):
        key = match[1]
    if not re.fullmatch(_ID, key):
        return None
    return (
        f"https://www.youtube.com/watch?v={key}",
        f"https://www.youtube-nocookie.com/embed/{key}?autoplay=1",
    )


@dataclass(frozen=True)
class _Rule:
    provider: str
    kind: str
    hosts: frozenset[str]
    pattern: str
    url: str
    player: str


_RULES = (
    _Rule("Vimeo", "video", frozenset({"vimeo.com", "player.vimeo.com"}), r"/(?:video/)?(\d{1,20})/?",
          "https://vimeo.com/{0}", "https://player.vimeo.com/video/{0}?autoplay=1&dnt=1"),
    _Rule("Dailymotion", "video", frozenset({"dailymotion.com"}), rf"/video/({_ID})/?",
          "https://www.dailymotion.com/video/{0}", "https://www.dailymotion.com/embed/video/{0}?autoplay=1"),
    _Rule("TikTok", "video", frozenset({"tiktok.com"}), r"/@([\w.]{1,40})/video/(\d{1,30})/?",
          "https://www.tiktok.com/@{0}/video/{1}", "https://www.tiktok.com/embed/v2/{1}"),
    _Rule("X", "post", frozenset({"x.com", "twitter.com", "mobile.twitter.com"}), r"/(\w{1,20})/status/(\d{1,25})/?",
          "https://x.com/{0}/status/{1}", "https://platform.twitter.com/embed/Tweet.html?dnt=true&id={1}"),
    _Rule("Telegram", "post", frozenset({"t.me"}), r"/(?:s/)?(\w{4,40})/(\d{1,12})/?",
          "https://t.me/{0}/{1}", "https://t.me/{0}/{1}?embed=1"),
    _Rule("Instagram", "post", frozenset({"instagram.com"}), rf"/(p|reel|tv)/({_ID})/?",
          "https://www.instagram.com/{0}/{1}/", "https://www.instagram.com/{0}/{1}/embed/"),
)  # fmt: skip
_FACEBOOK_HOSTS = {"facebook.com", "fb.watch", "m.facebook.com"}

# What a browser may frame; the readers' Content-Security-Policy is made of these.
PLAYER_ORIGINS = (
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    "https://www.dailymotion.com",
    "https://www.tiktok.com",
    "https://platform.twitter.com",
    "https://t.me",
    "https://www.instagram.com",
    "https://www.facebook.com",
)
PROVIDERS = ("YouTube", *(rule.provider for rule in _RULES), "Facebook")


def resolve(address: str) -> Embed:
    """The embed at `address`. Raises UnknownEmbed for any other host, scheme or shape of address."""
    try:
        parts = urlsplit(address.strip())
    except ValueError as error:
        raise UnknownEmbed(f"{address[:200]!r} is not an address") from error
    host = (parts.hostname or "").lower().removeprefix("www.")
    query = parse_qs(parts.query)
    if parts.scheme in {"http", "https"} and not parts.username:
        if host in {"youtube.com", "youtu.be", "m.youtube.com", "youtube-nocookie.com"} and (
            found := _youtube(parts.path, query, host)
        ):
            return Embed("YouTube", "video", *found)
        for rule in _RULES:
            if host in rule.hosts and (match := re.fullmatch(rule.pattern, parts.path)):
                return Embed(
                    rule.provider,
                    rule.kind,
                    rule.url.format(*match.groups()),
                    rule.player.format(*match.groups()),
                )
        if host in _FACEBOOK_HOSTS and re.fullmatch(r"/[\w./-]{3,200}", parts.path):
            url = (
                f"https://www.facebook.com{quote(parts.path)}"
                if host != "fb.watch"
                else f"https://fb.watch{quote(parts.path)}"
            )
            if parts.path in {"/watch/", "/watch"} and re.fullmatch(r"\d{1,20}", query.get("v", [""])[0]):
                url = f"https://www.facebook.com/watch/?v={query['v'][0]}"
            return Embed(
                "Facebook",
                "post",
                url,
                f"https://www.facebook.com/plugins/post.php?href={quote(url, safe='')}",
            )
    raise UnknownEmbed(f"{address[:200]!r} is not a post or video of {', '.join(PROVIDERS)}")
