"""What `broadsheet check` finds: each finding has an id that never changes, a sentence, and a hint what to do.

`deployment` looks at the settings, `content` at the database. Django's own deployment checks come on top.
"""
