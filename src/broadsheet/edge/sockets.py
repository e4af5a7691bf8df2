"""Where the processes of one site find each other on this machine."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

# The system allows 108 bytes for the path of a socket, its last zero included.
LONGEST_PATH = 107


def renderer_socket(directory: Path) -> Path:
    """The socket of the renderer of the site in `directory`; a short place of its own where that folder is too deep."""
    path = directory.absolute() / "run" / "renderer.sock"
    if len(os.fsencode(path)) > LONGEST_PATH:
        name = hashlib.blake2b(os.fsencode(path), digest_size=8).hexdigest()
        path = Path(tempfile.gettempdir()) / f"broadsheet-{os.getuid()}-{name}" / "renderer.sock"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
