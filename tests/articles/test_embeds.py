"""Embeds: known addresses are recognised, everything else is refused."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.articles.embeds import PLAYER_ORIGINS, resolve
from broadsheet.articles.errors import UnknownEmbed


@pytest.mark.parametrize(
    ("address", "provider", "url"),
    [
        ("https://www.youtube.com/watch?v=21X5lGlDOfg&t=3", "YouTube", "https://www.youtube.com/watch?v=21X5lGlDOfg"),
        ("https://youtu.be/21X5lGlDOfg", "YouTube", "https://www.youtube.com/watch?v=21X5lGlDOfg"),
        ("https://www.youtube.com/shorts/abc_-1", "YouTube", "https://www.youtube.com/watch?v=abc_-1"),
        ("https://vimeo.com/76979871", "Vimeo", "https://vimeo.com/76979871"),
        ("https://twitter.com/someone/status/12345", "X", "https://x.com/someone/status/12345"),
        ("https://t.me/channel/77", "Telegram", "https://t.me/channel/77"),
        ("https://www.instagram.com/p/Cabc/", "Instagram", "https://www.instagram.com/p/Cabc/"),
        ("https://www.facebook.com/page/posts/10", "Facebook", "https://www.facebook.com/page/posts/10"),
        ("https://www.tiktok.com/@a.b/video/99", "TikTok", "https://www.tiktok.com/@a.b/video/99"),
        ("https://www.dailymotion.com/video/x8abc", "Dailymotion", "https://www.dailymotion.com/video/x8abc"),
    ],
)
def test_known_addresses_are_recognised(address, provider, url):
    embed = resolve(address)
    assert (embed.provider, embed.url) == (provider, url)
    parts = urlsplit(embed.player_url)
    assert f"{parts.scheme}://{parts.netloc}" in PLAYER_ORIGINS


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/watch?v=abc",
        "https://youtube.com.evil.example/watch?v=abc",
        "javascript:alert(1)//youtube.com/watch?v=a",
        "https://user@youtube.com/watch?v=abc",
        'https://www.youtube.com/watch?v="><script>alert(1)</script>',
        "https://www.youtube.com/",
        "https://x.com/someone",
        "http://[::1/watch",
        "",
    ],
)
def test_everything_else_is_refused(address):
    with pytest.raises(UnknownEmbed):
        resolve(address)


@given(st.text(max_size=200))
def test_no_address_gives_a_player_elsewhere(address):
    try:
        embed = resolve("https://" + address)
    except UnknownEmbed:
        return
    assert embed.player_url.startswith(tuple(f"{origin}/" for origin in PLAYER_ORIGINS))
