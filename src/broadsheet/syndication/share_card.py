"""The picture that stands for a page without one where it is shared: 1200 x 630, the logo or the name on paper."""

from __future__ import annotations

import io
import logging

from PIL import Image, ImageDraw, ImageFont

from broadsheet.articles.models import Edition
from broadsheet.media.models import NewsImage
from broadsheet.rendering.open_graph import CARD_SIZE

logger = logging.getLogger(__name__)

PAPER, INK, RULE = (250, 248, 243), (22, 24, 29), (176, 32, 40)
MARGIN = 120


def draw(edition: Edition) -> bytes:
    """The edition's card as PNG."""
    card = Image.new("RGB", CARD_SIZE, PAPER)
    pen = ImageDraw.Draw(card)
    pen.rectangle((0, 0, CARD_SIZE[0], 18), fill=RULE)
    logo = _open_logo(edition.logo_light) if edition.logo_light else None
    if logo is not None:
        card.paste(logo, ((CARD_SIZE[0] - logo.width) // 2, (CARD_SIZE[1] - logo.height) // 2), logo)
    elif edition.publication_name.isascii():
        _draw_name(pen, edition.publication_name)
    else:
        _draw_columns(pen)
    out = io.BytesIO()
    card.save(out, "PNG", optimize=True)
    return out.getvalue()


def _open_logo(image: NewsImage) -> Image.Image | None:
    """The logo scaled into the card; None when its file cannot be read."""
    try:
        with image.open_file() as file:
            logo = Image.open(io.BytesIO(file.read())).convert("RGBA")
    except OSError:
        logger.warning("the logo (image %s) cannot be read, the share card goes without", image.pk)
        return None
    scale = min((CARD_SIZE[0] - 2 * MARGIN) / logo.width, (CARD_SIZE[1] - 2 * MARGIN) / logo.height)
    return logo.resize((max(1, round(logo.width * scale)), max(1, round(logo.height * scale))))


def _draw_name(pen: ImageDraw.ImageDraw, name: str) -> None:
    """The name as large as fits. Pillow's own letters are Latin only: other names are not written."""
    size = 112
    while size > 24 and pen.textlength(name, font=ImageFont.load_default(size)) > CARD_SIZE[0] - 2 * MARGIN:
        size -= 4
    middle = (CARD_SIZE[0] / 2, CARD_SIZE[1] / 2)
    pen.text(middle, name, fill=INK, font=ImageFont.load_default(size), anchor="mm")


def _draw_columns(pen: ImageDraw.ImageDraw) -> None:
    """A newspaper from afar: a headline above three columns."""
    pen.rectangle((MARGIN, 110, CARD_SIZE[0] - MARGIN, 170), fill=INK)
    for column in range(3):
        left = MARGIN + column * 330
        for line in range(9):
            width = 300 if line % 4 != 3 else 210
            top = 215 + line * 38
            pen.rectangle((left, top, left + width, top + 16), fill=(120, 122, 128))
