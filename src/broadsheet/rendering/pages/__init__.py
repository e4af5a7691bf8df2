"""The readers' HTML pages, and what installs them as an application; importing this registers their addresses."""

from . import archive, front, indexes, install, names, sections, standing, stories

__all__ = ["archive", "front", "indexes", "install", "names", "sections", "standing", "stories"]
