"""Pages of script variants: the finished page of the edition that a variant is made of, written in the other script.

For: `/az-cyrl/…` from `/az/…`. Nothing is read a second time, so a variant's page has the same tags as its base, and
one more for the exceptions that editors keep. Main path: `pages.render` -> the base page -> `html.rewrite`,
`feeds.rewrite_xml` or `feeds.rewrite_json`, each with a `Writer` (how text is written, where addresses lead). Only text
is written anew: markup, addresses, code and fragments in another language stay. May import: rendering, translations.
"""
