"""Purges what stands in front of the edge: Varnish, Fastly or Cloudflare, whichever the option `outer_cache` names.

For: telling one shared cache that pages with a tag have changed, and saying in which headers it may keep them. Not
for: the edge's own store (`edge.tags`), nor for deciding what is purged. Main path: `choice.outer_cache` reads the
option, the adapter's `purge` sends batches (`batches`, `calls`); `headers.outer_headers` is what a reply carries.

Own tests: `pytest tests/edge/outer`, those with real servers with `-m slow`. Two mistakes people make here: to purge
the outer cache before the edge, so that it fetches the old page again; and to let a stale reply of the edge be kept.
"""
