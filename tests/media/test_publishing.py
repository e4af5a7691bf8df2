"""Public pictures keep their rights and lose what the camera wrote; they go when nobody shows them, not before."""

import io
import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from broadsheet.media import publishing
from broadsheet.media.errors import PictureUnavailable
from broadsheet.media.models import NewsImage, PictureUse
from broadsheet.outbox.models import OutboxEvent
from tests import factories
from tests.media import pictures

LATER = timedelta(minutes=5)


@pytest.fixture
def image(db):
    return NewsImage.objects.create(
        title="A harbour",
        file=ImageFile(io.BytesIO(pictures.make_photo()), name="photo.jpg"),
        credit="Aytan Reed & Sons <photo>",
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        source_url="https://photos.example/1",
    )


def public(settings):
    return sorted(Path(settings.PUBLIC_ROOT).iterdir())


def test_public_files_carry_the_rights_and_nothing_of_the_camera(image, settings):
    publishing.publish_picture(image, "article:1")
    assert len(public(settings)) >= 10
    for path in public(settings):
        content = path.read_bytes()
        assert b"SERIAL" not in content and b"SECRET-COMMENT" not in content
        with Image.open(path) as opened:
            assert not opened.getexif() and "comment" not in opened.info
            xmp = opened.info["xmp"]
        words = " ".join(ElementTree.fromstring(xmp.strip().removeprefix(b"\xef\xbb\xbf")).itertext())
        assert "Aytan Reed & Sons <photo>" in words and "https://creativecommons.org/licenses/by/4.0/" in words


@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is the independent reader")
def test_another_program_reads_the_rights(image, settings):
    publishing.publish_picture(image, "article:1")
    for path in public(settings):
        told = subprocess.run(["exiftool", "-s", path], capture_output=True, text=True, check=True).stdout
        for field in ("Creator", "Credit", "Rights", "WebStatement", "LicensorURL"):
            assert field in told
        assert "GPS" not in told and "Serial" not in told


def test_picture_of_nobody_has_no_packet(settings, db):
    publishing.publish_picture(factories.make_image(), "article:1")
    with Image.open(public(settings)[0]) as opened:
        assert not opened.info.get("xmp")


def test_publishing_twice_makes_nothing_twice(image, settings):
    first = publishing.publish_picture(image, "article:1")
    before = {path: path.stat().st_ino for path in public(settings)}
    assert publishing.publish_picture(image, "article:1") == first
    assert {path: path.stat().st_ino for path in public(settings)} == before
    assert PictureUse.objects.count() == 1


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "CMYK"])
def test_every_kind_of_colour_is_published(db, mode):
    format_ = "JPEG" if mode == "CMYK" else "PNG"
    file = ImageFile(io.BytesIO(pictures.make(format_, mode=mode)), name=f"a.{format_.lower()}")
    picture = publishing.publish_picture(NewsImage.objects.create(title="x", file=file), "article:1")
    assert picture.crops and picture.full and len(picture.share) == 4


@pytest.mark.slow
def test_focal_point_stays_in_the_crop_of_a_large_photo(db, settings):
    canvas = Image.new("RGB", (8000, 4000), "black")
    canvas.paste("white", (7000, 1500, 8000, 2500))
    out = io.BytesIO()
    canvas.save(out, "JPEG")
    image = NewsImage.objects.create(
        title="x", file=ImageFile(out, name="a.jpg"),
        focal_point_x=7500, focal_point_y=2000, focal_point_width=900, focal_point_height=900,
    )  # fmt: skip
    picture = publishing.publish_picture(image, "article:1")
    with Image.open(Path(settings.PUBLIC_ROOT) / Path(picture.share["1:1"].url).name) as square:
        assert square.convert("L").getpixel((square.width * 7 // 8, square.height // 2)) > 200


def test_missing_original_is_told_by_name(image):
    image.file.storage.delete(image.file.name)
    with pytest.raises(PictureUnavailable, match="A harbour"):
        publishing.publish_picture(image, "article:1")


def test_missing_original_does_not_matter_where_the_files_are_there(image):
    first = publishing.publish_picture(image, "article:1")
    image.file.storage.delete(image.file.name)
    assert publishing.publish_picture(image, "article:2").crops == first.crops


def test_full_disk_leaves_no_half_file(image, settings, monkeypatch):
    def write_half(path, content):
        with path.open("wb") as file:
            file.write(content[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_half)
    with pytest.raises(PictureUnavailable, match="disk is full"):
        publishing.publish_picture(image, "article:1")
    assert public(settings) == [] and not PictureUse.objects.exists()


def test_released_picture_is_withdrawn_once_no_publish_can_be_using_it(image, settings):
    publishing.publish_picture(image, "article:1")
    publishing.release("article:1")
    assert publishing.withdraw_unused() == 0 and public(settings)
    assert publishing.withdraw_unused(timezone.now() + LATER) > 0
    assert public(settings) == [] and not PictureUse.objects.exists()


def withdrawn() -> list[list[str]]:
    """What caches in front were told of."""
    return [event.payload["stems"] for event in OutboxEvent.objects.filter(kind="PicturesWithdrawn").order_by("pk")]


def test_caches_in_front_are_told_of_what_was_withdrawn(image, settings):
    publishing.publish_picture(image, "article:1")
    old = publishing.name_stem(image)
    image.credit = "Somebody else"
    image.save()
    publishing.publish_picture(image, "article:1")
    publishing.withdraw_unused()
    assert withdrawn() == []
    publishing.withdraw_unused(timezone.now() + LATER)
    assert withdrawn() == [[old]]
    publishing.release("article:1")
    publishing.withdraw_unused(timezone.now() + LATER)
    assert withdrawn() == [[old], [publishing.name_stem(image)]]


def test_caches_in_front_are_told_although_a_relay_died_before_it_could(image, settings):
    publishing.publish_picture(image, "article:1")
    publishing.release("article:1")
    for path in public(settings):
        path.unlink()
    publishing.withdraw_unused(timezone.now() + LATER)
    assert withdrawn() == [[publishing.name_stem(image)]] and not PictureUse.objects.exists()


def test_picture_that_another_story_shows_stays(image, settings):
    publishing.publish_picture(image, "article:1")
    publishing.publish_picture(image, "article:2")
    publishing.release("article:1")
    publishing.withdraw_unused(timezone.now() + LATER)
    assert withdrawn() == []
    assert public(settings) and PictureUse.objects.get().owner == "article:2"


def test_picture_that_a_publish_in_progress_takes_up_stays(image, settings):
    """The other transaction's row cannot be seen yet; what can be seen is that the file was just touched."""
    publishing.publish_picture(image, "article:1")
    long_ago = (timezone.now() - timedelta(days=1)).timestamp()
    for path in public(settings):
        os.utime(path, (long_ago, long_ago))
    publishing.release("article:1")
    publishing._publish_files(image)
    assert publishing.withdraw_unused() == 0 and public(settings)


def test_picture_shown_again_before_it_was_withdrawn_stays(image, settings):
    publishing.publish_picture(image, "article:1")
    publishing.release("article:1")
    publishing.publish_picture(image, "article:1")
    publishing.withdraw_unused(timezone.now() + LATER)
    assert public(settings) and PictureUse.objects.get().released_at is None


def test_new_credit_makes_new_files_and_the_old_ones_go(image, settings):
    publishing.publish_picture(image, "article:1")
    old = set(public(settings))
    image.credit = "Somebody else"
    image.save()
    publishing.publish_picture(image, "article:1")
    publishing.withdraw_unused(timezone.now() + LATER)
    assert public(settings) and old.isdisjoint(public(settings))


def test_deleted_image_stays_public_until_its_story_changes(section, settings):
    article = factories.make_article(section, picture=factories.make_image())
    article.picture.delete()
    publishing.withdraw_unused(timezone.now() + LATER)
    assert public(settings)
    article.refresh_from_db()
    article.save_revision().publish()
    publishing.withdraw_unused(timezone.now() + LATER)
    assert public(settings) == []


def test_draft_makes_no_picture_public(section, settings):
    factories.make_article(section, publish=False, picture=factories.make_image("CANARY"))
    assert not Path(settings.PUBLIC_ROOT).exists()


def test_sweeping_takes_only_old_files_that_nothing_knows(image, settings):
    publishing.publish_picture(image, "article:1")
    known = public(settings)
    for name in ("old-1x1.webp", "new-1x1.webp"):
        (Path(settings.PUBLIC_ROOT) / name).write_bytes(b"x")
    week_ago = (timezone.now() - timedelta(days=7)).timestamp()
    for path in (*known, Path(settings.PUBLIC_ROOT) / "old-1x1.webp"):
        os.utime(path, (week_ago, week_ago))
    call_command("sweep_pictures", verbosity=0, stdout=io.StringIO())
    assert {path.name for path in public(settings)} == {*(path.name for path in known), "new-1x1.webp"}
