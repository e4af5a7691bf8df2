"""Published article -> finished bytes and the tags it read. No user, no session, no cookie.

Main path: `render.render(PageRequest)` -> `routes.find` -> a renderer (`pages/`, and those of `syndication` and
`search`) -> `reading` (every read records its tag; `memo` lets a render read a thing once) -> `templating.finish`
(`layout`: header, menus, footer; `head`: what machines are told; `assets`: the stylesheet and script in the page)
-> `FinishedPage(status, headers, body, tags)`. Long lists are `streams`, the stories beside a story `related`.
`purging.tags_of(event)` says which tags a change purges, hard and soft; it reads nothing (docs/tags.md).
`missing.answer` says 404, 410 or 301 where nothing stands, `render.render_error` 500 without the database, and
`preview.render_draft` shows a draft to its editors.
It owns no table. Addresses: all HTML pages of readers, `/manifest.webmanifest` and `/sw.js`. It may import `articles`
and all below it in the list of layers. Only its tests: `pytest tests/rendering`.
Mistakes made here: reading a model in a renderer or template without going through `reading` (the page then goes
stale unseen), and building an address from anything but `articles.addresses`.
"""
