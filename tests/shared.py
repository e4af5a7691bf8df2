"""Where real exports, cases and tools lie that are not part of the repository; tests that use them skip without."""

from __future__ import annotations

import os
from pathlib import Path


def shared_folder() -> Path | None:
    """The folder named by BROADSHEET_SHARED, else `shared` beside the checkout; None where it is absent."""
    default = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("BROADSHEET_SHARED", default))
    return folder if folder.is_dir() else None
