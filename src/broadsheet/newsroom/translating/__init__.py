"""Translation as everyday work: a story into other languages, what became out of date, files for agencies.

Main paths: "Translate into …" -> `creating.translate` (a draft in the counterpart section, its rows in the ledger by
`ledger.begin`); a story is saved or published -> `ledger.note_saved`, `ledger.note_published`, which compare each piece
of the source with the one that each translation was made from -> the board of languages (`board.find`), the view of
what changed (`drift.changes_of`), and the source beside the editor's fields (`beside.sides_of`); a correction is
published -> `corrections.announce` -> the other languages' marks and the event `CorrectionPublished`, whose handler
writes to their desks; a file for an agency -> `exchange.extract`, and back -> `exchange.apply`.

A *story* is a translation group, named by its translation key; a *version* is the story in one language. A *piece* is a
field or a block of the body, the smallest thing whose origin is known; a *leaf* is one text within a piece.

Owns the tables `newsroom_languageversion` and `newsroom_sourcetext`, and the addresses below `/translations/`. Tests:
`tests/newsroom/translating`. Mistakes made here: asking for a right on the source alone (a translation writes into
another section, where its maker must be allowed to write), and comparing raw values of blocks (the editor's script
rewrites HTML without changing a word: compare digests of `pieces.read`).
"""
