"""What a template needs to show a published picture: addresses and sizes of its public files, words, credit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class PictureFile:
    """One public file: address from the site's root, size in pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """A published picture. `crops` are 3:2 round the focal point, `full` uncropped, both WebP, narrow to wide.

    `share` holds JPEG files at least 1,200 px wide where the original allows it, by aspect: `1.91:1` (1200 x 630, for
    Open Graph), `16:9`, `4:3`, `1:1` (for structured data).
    """

    image_id: int
    alt: str
    credit: str
    licence: str
    licence_url: str
    caption: str
    crops: tuple[PictureFile, ...]
    full: tuple[PictureFile, ...]
    share: dict[str, PictureFile]

    def to_json(self) -> dict[str, Any]:
        """Plain values for the published projection."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Picture:
        """The picture as `to_json` wrote it."""
        return cls(
            **{
                **stored,
                "crops": tuple(PictureFile(**file) for file in stored["crops"]),
                "full": tuple(PictureFile(**file) for file in stored["full"]),
                "share": {aspect: PictureFile(**file) for aspect, file in stored["share"].items()},
            }
        )
