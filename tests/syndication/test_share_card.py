"""The picture that stands for a page without one where it is shared."""

import io

import pytest
from PIL import Image

from tests import factories

from .reading import ask


def card(language="en"):
    page = ask(f"/{language}/share-card.png")
    assert (page.status, page.content_type) == (200, "image/png")
    return Image.open(io.BytesIO(page.body)).convert("RGB")


@pytest.mark.parametrize(
    "name", ["The Lantern", "A name that is so long that it has to be written smaller " * 2, "Փարոս"]
)
def test_card_has_the_size_that_networks_want_and_shows_something(db, name):
    factories.make_home("en", name[:120])
    made = card()
    assert made.size == (1200, 630)
    assert len(made.getcolors(200_000)) > 2


def test_card_shows_the_logo_where_there_is_one(home):
    edition = home.locale.edition
    edition.logo_light = factories.make_image(size=(400, 100))
    edition.save()
    with edition.logo_light.open_file() as file:
        colour = Image.open(file).convert("RGB").getpixel((10, 10))
    assert card().getpixel((600, 315)) == pytest.approx(colour, abs=3)


def test_card_goes_without_a_logo_whose_file_is_lost(home):
    edition = home.locale.edition
    edition.logo_light = factories.make_image()
    edition.save()
    edition.logo_light.file.delete(save=False)
    assert card().size == (1200, 630)


def test_card_is_stale_when_the_edition_changes(home):
    assert "layout:en" in ask("/en/share-card.png").tags


def test_language_without_an_edition_has_none(home):
    assert ask("/az/share-card.png").status == 404
