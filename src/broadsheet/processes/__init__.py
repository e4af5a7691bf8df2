"""How a site runs: edge, renderer, newsroom and relay as processes, and the supervisor above them.

Main path: `supervisor.supervise` (checks the ports, holds the folder's lock, starts `broadsheet edge`, `renderer`,
`newsroom` and `relay`, starts again what dies) -> `edge.serve_edge`, `origins.serve_renderer`, `serve_newsroom`,
`relay.run_relay`. Owns no table; owns `run/` in the site's folder.
Mistakes made here: a process that outlives its parent (call `parent.end_with_parent` first), and an address in a log
(a preview link's token is as good as a log-in: nothing logs addresses).
"""
