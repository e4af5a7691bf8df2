"""Languages of the editions: names, direction, dates and numbers as CLDR has them, translation groups.

`units` is what a translation is made of, `errors` what can be wrong with one from outside, `markup` compares the tags
of a text and its translation. `exchange` makes and reads agencies' files, `machine` asks services for first drafts.
None of them knows pages or databases: the packages above take a story apart into units and put it together again.
"""
