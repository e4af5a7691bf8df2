"""The readers' door: answers every published page from a store of ready replies, and needs nothing else to do so.

For: reading the page store, deciding by tags whether a reply is fresh, asking the renderer for what is missing, and
speaking HTTP to anybody. Not for: rendering, or knowing what an article is. It imports neither Django nor any other
package of Broadsheet; what it must know of a site is handed to it: in `EdgeSettings`, by the renderer in `SiteFacts`.

Main path of a request: `workers.run` -> `server.serve` -> `protocol.Connection` (parses) -> `door.Door` (what is ready)
-> `direct.Direct.answer` (plain requests for pages that no table holds), else `lookup.Lookup.at_once` (`table.Table`
over `store.LmdbStore`, judged by `tags.LmdbTags`), else `later` (`flight.FileFlight`, `renderer.Renderer`). Main path
of a page: `store.LmdbStore.put` -> `replies.pack`. Main path of a change: `tags.LmdbTags.purge`. What stands in front
of the edge is purged by `outer`.
Owns the folder `edge/` of a site and the readers' port. Any other store must pass `tests/edge/contract.py`.
Own tests: `pytest tests/edge`; whole chain: `pytest tests/site/test_edge.py`.
Mistakes made here: opening a store before a fork (each process opens its own), and asking an `Encoding` whether it is
true (`BR` is 0).
"""
