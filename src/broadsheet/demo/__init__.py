"""The demo edition: a small regional newspaper in five languages, written and drawn for Broadsheet.

`build.build(report)` fills an empty site from the files in `edition/`; running it on a filled one changes nothing.
Texts and pictures are ours (CC0 1.0 for the pictures). Owns no tables, addresses or events.
"""
