"""Pictures that belong to no story: authors' portraits and editions' logos, made public when their owner is saved."""

from __future__ import annotations

from broadsheet.media import logos, publishing
from broadsheet.media.models import NewsImage
from broadsheet.media.pictures import Picture, PictureFile

from .models import Author, Edition


def author_owner(author_id: int) -> str:
    """The name under which an author's portrait is kept in the public folder."""
    return f"author:{author_id}"


def edition_owner(edition_id: int) -> str:
    """The name under which an edition's logos are kept in the public folder."""
    return f"edition:{edition_id}"


def publish_portrait(author: Author) -> None:
    """Make the author's portrait public, or take an old one away."""
    owner = author_owner(author.pk)
    publishing.release(owner, keep={author.portrait.pk} if author.portrait else None)
    if author.portrait:
        publishing.publish_picture(author.portrait, owner)


def publish_logos(edition: Edition) -> None:
    """Make the edition's logos public, or take old ones away."""
    owner = edition_owner(edition.pk)
    shown = [logo for logo in (edition.logo_light, edition.logo_dark) if logo]
    publishing.release(owner, keep={logo.pk for logo in shown})
    for logo in shown:
        logos.publish_logo(logo, owner)


def find_portrait(author: Author) -> Picture | None:
    """The author's public portrait; None where there is none. Makes no file."""
    return publishing.find_picture(author.portrait) if author.portrait else None


def find_logo(image: NewsImage | None) -> PictureFile | None:
    """The public file of a logo; None where there is none. Makes no file."""
    return logos.find_logo(image) if image else None
