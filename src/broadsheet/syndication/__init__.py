"""What machines read of the site: feeds, sitemaps, robots.txt, and the card shown where a page is shared.

Not for people: pages and their heads are made in `rendering`. Main path: `rendering.render` -> an address of `pages` ->
`feeds.channel.of_…` -> `feeds.rss.write` (or `atom`, `jsonfeed`); `sitemaps.parts` -> `sitemaps.xml`; `robots.write`.
Owns no tables. Owns the addresses `…/feed.xml`, `…/atom.xml`, `…/feed.json`, `/sitemap*.xml`, `/robots.txt`,
`/{language}/news-sitemap*.xml`, `/{language}/share-card.png`. May import search, rendering, articles and what is below.
Tests: `pytest tests/syndication`.
Mistakes made here: text that went into XML without `facts.clean_text`, and a list of articles that is read whole into
memory: a sitemap takes values, a part at a time.
"""
