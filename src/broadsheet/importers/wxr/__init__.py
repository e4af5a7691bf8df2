"""WordPress exports (WXR 1.0 to 1.2, with Polylang, Yoast and Co-Authors Plus) become stories of ours.

Main path: `run` -> `archive.scan` (the file once for people, terms, addresses) -> `parse.Export.records` again ->
`map.map_item` (-> `body.make_body`, `sanitise.finish` last) -> `load.Loader.store` (one transaction a story) ->
`load.Loader.finish_all` (links between stories) -> `archives.retire_lists` (categories, tags, authors).
Nothing is fetched from anywhere. Mistakes made here: handing a parser more than one piece of the file, and reading
something after `sanitise.finish`.
"""

from __future__ import annotations

from .run import Options, run

__all__ = ["Options", "run"]
