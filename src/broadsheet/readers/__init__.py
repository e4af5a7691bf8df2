"""The readers' origin: from a request to `rendering.render.render`, and from a finished page to the reply.

Main path: `middleware.OriginMiddleware` (host, method, security headers) -> `views.answer` ->
`edge.addresses.canonical` (one address a page) -> `rendering.render.render` -> `replies.reply` (encoding, ETag, 304).
The edge asks for pages: they are pushed into its store (`pushing`), and it is told where they stand there.
Owns no table; owns the addresses `/`, `/healthz`, `/pictures/…`, `/static/…` and `/favicon.ico`, the rest belongs to
the routes of `rendering`.
No cookie is ever set here, there is no session, and no header of a request reaches a page, but the languages at `/`.
Mistakes made here: answering an address in two spellings (a cache keeps both, and one of them goes stale), and putting
anything from a request into a reply.
"""
