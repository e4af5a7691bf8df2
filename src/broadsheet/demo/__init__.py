"""The demo edition: a small regional newspaper in five languages, written and drawn for Broadsheet, and in two more.

The two smaller editions, Turkish and Arabic, live on the ten newspaper texts of `edition/ntrex-128/`, which all have.

`build.build(report)` fills an empty site from the files in `edition/`; running it on a filled one changes nothing.
Texts and pictures are ours (CC0 1.0 for the pictures), but those ten are Microsoft's, under CC BY-SA 4.0.
Owns no tables, addresses or events.
"""
