"""What is uploaded is looked at before it is decoded, and refused with a message when it is no sound picture."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse
from hypothesis import given, strategies
from hypothesis import settings as rules
from PIL import Image

from broadsheet.media import uploads
from broadsheet.media.errors import UploadRefused
from broadsheet.media.models import NewsImage
from tests.media import pictures
from tests.newsroom import people

LIMITS = {"limit_bytes": 20 << 20, "limit_pixels": 80_000_000}


def inspect(content, name):
    return uploads.inspect(pictures.upload(content, name), name, **LIMITS)


@pytest.fixture
def desk(section):
    return people.sign_in(people.make_person("editor", ("section_editor", section)))


def post(client, content, name, **fields):
    form = {"title": "A harbour", "file": pictures.upload(content, name), "collection": "1", "tags": ""}
    form |= {f"focal_point_{side}": "" for side in ("x", "y", "width", "height")}
    form |= {"description": "", "alt_text": "", "credit": "", "licence": "", "licence_url": "", "source_url": ""}
    return client.post(reverse("wagtailimages:add"), {**form, **fields})


@pytest.mark.parametrize("name", pictures.HOSTILE)
def test_hostile_file_is_refused_with_a_message(name):
    with pytest.raises(UploadRefused, match=r"\w+ \w+"):
        inspect(pictures.HOSTILE[name], name)


@pytest.mark.parametrize("name", pictures.HOSTILE)
def test_nothing_of_a_hostile_file_is_stored(desk, settings, name):
    response = post(desk, pictures.HOSTILE[name], name)
    assert response.status_code in {200, 413}
    assert not NewsImage.objects.exists()
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.*"))


@pytest.mark.parametrize("name", ["page.jpg", "bomb-in-header.png", "text-bomb.png"])
@pytest.mark.parametrize("way", ["wagtailimages:add_multiple", "wagtailimages_chooser:create"])
def test_every_other_way_to_upload_refuses_it_too(desk, way, name):
    file = pictures.upload(pictures.HOSTILE[name], name)
    fields = {"files[]": file, "title": "x", "collection": "1"}
    if way == "wagtailimages_chooser:create":
        fields = {
            "image-chooser-upload-title": "x",
            "image-chooser-upload-file": file,
            "image-chooser-upload-collection": "1",
        }
    desk.post(reverse(way), fields, HTTP_X_REQUESTED_WITH="XMLHttpRequest")
    assert not NewsImage.objects.exists()


@pytest.mark.parametrize(
    ("name", "format_", "mode"),
    [
        ("a.jpg", "JPEG", "RGB"), ("a.JPEG", "JPEG", "CMYK"), ("a.png", "PNG", "RGBA"), ("a.gif", "GIF", "P"),
        ("a.webp", "WEBP", "RGB"), ("a.avif", "AVIF", "RGB"), ("a.jpg", "JPEG", "L"),
    ],
)  # fmt: skip
def test_sound_pictures_are_taken(desk, name, format_, mode):
    content = pictures.make(format_, mode=mode)
    assert (inspect(content, name).width, inspect(content, name).format) == (640, format_)
    response = post(desk, content, name)
    assert response.status_code == 302 and NewsImage.objects.get().width == 640


def test_short_animation_is_taken():
    assert inspect(pictures.gif(20), "a.gif").format == "GIF"


def test_sideways_photo_is_stored_upright(desk):
    post(desk, pictures.make_photo(orientation=6), "photo.jpg")
    image = NewsImage.objects.get()
    with image.open_file() as file, Image.open(file) as opened:
        assert (image.width, image.height) == opened.size == (800, 1600)
        assert opened.getexif().get(0x0112, 1) == 1


def test_licence_asks_for_a_credit_and_addresses_for_the_web(desk):
    response = post(desk, pictures.make(), "a.jpg", licence="CC BY 4.0", licence_url="javascript:alert(1)")
    assert response.status_code == 200 and not NewsImage.objects.exists()


HEADS = [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x20\0\0\0WEBPVP8X"]


@rules(max_examples=150, deadline=None)
@given(content=strategies.binary(max_size=400), head=strategies.sampled_from(HEADS))
def test_no_bytes_cause_anything_but_a_refusal(content, head):
    for name in ("a.gif", "a.png", "a.jpg", "a.webp"):
        try:
            inspect(head + content, name)
        except UploadRefused:
            continue


MEASURE = """
import resource, sys, json, django
django.setup()
from broadsheet.media import uploads
from broadsheet.media.errors import UploadRefused
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
taken = []
for path in sys.argv[1:]:
    try:
        with open(path, "rb") as file:
            uploads.inspect(file, path, limit_bytes=20 << 20, limit_pixels=80_000_000)
        taken.append(path)
    except UploadRefused:
        pass
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps({"taken": taken, "grown_mb": grown // 1024}))
"""


def measure(*paths: Path) -> tuple[list[str], int]:
    """Look at the files in a process of its own: which were taken, and by how many MiB the process grew."""
    command = [sys.executable, "-c", MEASURE, *map(str, paths)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    found = json.loads(run.stdout.splitlines()[-1])
    return found["taken"], found["grown_mb"]


@pytest.mark.slow
def test_refusing_bombs_takes_little_memory(tmp_path):
    paths = [tmp_path / name for name in ("bomb-in-header.png", "text-bomb.png", "animation.gif", "bomb.gif")]
    for path in paths:
        path.write_bytes(pictures.HOSTILE[path.name])
    taken, grown_mb = measure(*paths)
    assert taken == [] and grown_mb < 256


SHARED = Path(os.environ.get("BROADSHEET_SHARED", Path(__file__).resolve().parents[3] / "shared"))


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not (SHARED / "quality/tools/hostile.py").exists(), reason=f"no hostile.py in {SHARED}")
def test_shared_hostile_pictures_are_refused(tmp_path):
    subprocess.run([sys.executable, SHARED / "quality/tools/hostile.py", tmp_path], check=True, capture_output=True)
    cases = json.loads((tmp_path / "cases.json").read_text())
    suffixes = (".svg", ".gif", ".jpg", ".png")
    paths = [tmp_path / case["file"] for case in cases if case["file"].endswith(suffixes)]
    assert len(paths) >= 12
    taken, grown_mb = measure(*paths)
    assert taken == [] and grown_mb < 256
