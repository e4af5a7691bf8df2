"""Articles, sections, fronts, authors, topics; the published projection that all readers' lists come from.

Main path: an editor publishes -> `signals.note_published` -> `published.write` (the flat row with ready body HTML) and
`outbox.services.record`, in the same transaction; `changes` compares what readers saw with what they see now. Owns the
tables `articles_*`. Others read published things through `published` and `addresses`, never through the page tree.
Mistakes made here: querying the tree for a readers' list, and changing a published row outside `published`.
"""
