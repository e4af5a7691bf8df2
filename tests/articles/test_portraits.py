"""Portraits and logos become public with their owner, follow their image, and go when nobody shows them."""

from pathlib import Path

from django.conf import settings
from PIL import Image

from broadsheet.articles import portraits
from broadsheet.articles.models import Edition
from broadsheet.media.models import NewsImage, PictureUse
from broadsheet.outbox import services as outbox
from tests import factories


def shown(owner):
    return PictureUse.objects.filter(owner=owner, released_at=None)


def test_portrait_is_public_while_its_author_has_it(home):
    author = factories.make_author(portrait=factories.make_image("Aytan"))
    found = portraits.find_portrait(author)
    assert found is not None and found.crops and shown(f"author:{author.pk}").count() == 1
    author.portrait = None
    author.save()
    assert portraits.find_portrait(author) is None and not shown(f"author:{author.pk}").exists()


def test_portrait_that_was_never_published_is_not_shown(home):
    author = factories.make_author()
    author.portrait = factories.make_image("Aytan")
    assert portraits.find_portrait(author) is None


def test_new_credit_makes_the_portrait_public_again_under_its_new_name(home):
    image = factories.make_image("Aytan")
    author = factories.make_author(portrait=image)
    before = portraits.find_portrait(author).crops[0].url
    image.credit = "A. Photographer"
    image.save()
    outbox.deliver_all()
    author.portrait = NewsImage.objects.get()
    after = portraits.find_portrait(author)
    assert after.credit == "A. Photographer" and after.crops[0].url != before


def test_deleted_author_releases_the_portrait(home):
    author = factories.make_author(portrait=factories.make_image("Aytan"))
    owner = f"author:{author.pk}"
    author.delete()
    assert not shown(owner).exists()


def test_logo_keeps_its_transparency(home, tmp_path):
    image = factories.make_image("Logo", size=(800, 200))
    with image.file.storage.open(image.file.name, "wb") as file:
        Image.new("RGBA", (800, 200), (0, 0, 0, 0)).save(file, "PNG")
    edition = Edition.objects.get()
    edition.logo_light = edition.logo_dark = image
    edition.save()
    found = portraits.find_logo(edition.logo_light)
    with Image.open(Path(settings.PUBLIC_ROOT) / Path(found.url).name) as public:
        assert public.size == (found.width, found.height) == (576, 144)
        assert public.convert("RGBA").getpixel((0, 0))[3] == 0
