"""Public pictures come whole, in part, or not at all, and leave no file open."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from broadsheet.edge import limits
from broadsheet.edge.files import tag_of
from tests.edge.doors import request, with_site

CONTENT = bytes(range(256)) * 8


def add(site, name="harbour-1a2b.webp", content=CONTENT) -> str:
    (Path(site.settings.public_directory) / name).write_bytes(content)
    return f"/pictures/{name}"


def open_files(site) -> list[str]:
    links = (os.readlink(entry) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink())
    return [link for link in links if link.startswith(site.settings.public_directory)]


@with_site()
async def test_picture_comes_whole_and_may_be_kept(site):
    path = add(site)
    reply = await site.get(path)
    assert (reply.status, reply.body) == (200, CONTENT)
    assert reply.headers["content-type"] == "image/webp" and reply.headers["accept-ranges"] == "bytes"
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reply.headers["x-content-type-options"] == "nosniff"
    name = path.removeprefix("/pictures/")
    assert reply.headers["surrogate-key"] == reply.headers["cache-tag"] == tag_of(name)
    assert (await site.get(path, f"If-None-Match: {reply.headers['etag']}")).status == 304
    head = await site.ask(path, method="HEAD").settle()
    assert b"Content-Length: 2048\r\n" in head.transport.sent and head.transport.sent.endswith(b"\r\n\r\n")


def test_all_sizes_of_a_picture_have_one_tag():
    assert tag_of("0f3a9c-1200x800.webp") == tag_of("0f3a9c-240x160.webp") == tag_of("0f3a9c") == "picture:0f3a9c"
    assert tag_of("plain.webp") == "picture:plain"


@pytest.mark.parametrize(
    ("wanted", "status", "expected"),
    [
        ("bytes=0-0", 206, CONTENT[:1]),
        ("bytes=10-19", 206, CONTENT[10:20]),
        ("bytes=-10", 206, CONTENT[-10:]),
        ("bytes=2000-9999", 206, CONTENT[2000:]),
        ("bytes=9-2", 200, CONTENT),
        ("bytes=-9..9", 200, CONTENT),
        ("bytes=" + ",".join(f"{n}-{n}" for n in range(1300)), 200, CONTENT),
        ("bytes=2048-", 416, b""),
        ("bytes=-0", 416, b""),
    ],
)
@with_site()
async def test_part_of_a_picture(site, wanted, status, expected):
    reply = await site.get(add(site), f"Range: {wanted}")
    assert (reply.status, reply.body) == (status, expected)
    if status == 206:
        first = CONTENT.index(expected) if len(expected) > 1 else 0
        assert reply.headers["content-range"].endswith("/2048") or first
    if status == 416:
        assert reply.headers["content-range"] == "bytes */2048"
    assert open_files(site) == []


@with_site()
async def test_part_of_another_picture_than_the_one_known_is_not_given(site):
    path = add(site)
    tag = (await site.get(path)).headers["etag"]
    assert (await site.get(path, "Range: bytes=0-4", f"If-Range: {tag}")).status == 206
    for other in ('"x"', f"W/{tag}", "Sat, 22 Nov 2025 20:57:44 GMT"):
        assert (await site.get(path, "Range: bytes=0-4", f"If-Range: {other}")).status == 200


@with_site()
async def test_ranges_of_pages_are_not_offered(site):
    reply = await site.get("/en/world/", "Range: bytes=0-4")
    assert reply.status == 200 and "accept-ranges" not in reply.headers


@with_site()
async def test_big_picture_goes_out_as_fast_as_it_is_taken(site):
    content = os.urandom(3 * limits.FILE_PIECE_BYTES + 5)
    path = add(site, "big-1.jpg", content)
    client = site.client(takes=0).send(request(path) + request("/en/world/"))
    for _ in range(200):
        await asyncio.sleep(0.002)
        assert client.transport.waiting <= 3 * limits.FILE_PIECE_BYTES
        client.transport.drain()
        client.transport.takes = 0
        if len(client.transport.sent) > len(content) + 3000:
            break
    first, second = client.replies
    assert first.body == content and second.status == 200
    assert open_files(site) == []
    part = await site.get(path, f"Range: bytes={limits.FILE_PIECE_BYTES - 3}-{2 * limits.FILE_PIECE_BYTES + 3}")
    assert part.body == content[limits.FILE_PIECE_BYTES - 3 : 2 * limits.FILE_PIECE_BYTES + 4]


@with_site()
async def test_reader_who_goes_in_the_middle_leaves_no_file_open(site):
    path = add(site, "big-1.jpg", os.urandom(8 * limits.FILE_PIECE_BYTES))
    early, late = site.client(takes=0).send(request(path)), site.client(takes=0).send(request(path))
    early.lose()
    while not late.transport.sent:
        await asyncio.sleep(0.001)
    late.lose()
    await asyncio.sleep(0.02)
    assert open_files(site) == []


@with_site()
async def test_picture_that_was_cut_ends_the_connection(site):
    path = add(site, "big-1.jpg", os.urandom(8 * limits.FILE_PIECE_BYTES))
    client = site.client(takes=0).send(request(path))
    while not client.transport.sent:
        await asyncio.sleep(0.001)
    add(site, "big-1.jpg", b"")
    client.transport.drain()
    while not client.transport.is_aborted:
        await asyncio.sleep(0.001)


@pytest.mark.parametrize(
    "name",
    ["none.webp", "../secret.jpg", "%2e%2e/secret.jpg", "HARBOUR-1A2B.webp", "harbour-1a2b.webp/", "x.svg", ".jpg",
     "folder.jpg", "harbour%2d1a2b.webp", "harbour-1a2b.webp;x.jpg", "pipe.jpg"],
)  # fmt: skip
@with_site()
async def test_what_is_no_public_picture_is_missing(site, name):
    add(site)
    public = Path(site.settings.public_directory)
    (public.parent / "secret.jpg").write_bytes(b"secret")
    (public / "folder.jpg").mkdir()
    os.mkfifo(public / "pipe.jpg")
    reply = await site.get(f"/pictures/{name}")
    assert (reply.status, reply.body) == (404, b"Not found\n")
    assert open_files(site) == []


@with_site()
async def test_withdrawn_picture_is_missing_at_once(site):
    path = add(site)
    assert (await site.get(path)).status == 200
    (Path(site.settings.public_directory) / "harbour-1a2b.webp").unlink()
    assert (await site.get(path)).status == 404
