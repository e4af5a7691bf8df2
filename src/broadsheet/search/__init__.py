"""Search over headline, lead and body of what is published, in the page's language.

Not a search of drafts: a hit counts only while its article stands in the published projection.
Main path: `handlers.index_article` -> `backends.current().index(row)`; a reader asks `/{language}/search/` ->
`pages.search_page` -> `query.search` -> `backends.current().query` -> cards with snippets.
Owns `search_article` (SQLite: an FTS5 table; PostgreSQL: a tsvector with a GIN index), made by a migration for each.
May import rendering, articles and what is below them. Tests: `pytest tests/search`.
Mistakes made here: giving a reader's words to an engine without `words.split` (operators, quotes and NUL are an
engine's syntax), and folding the index in another way than the query.
"""
