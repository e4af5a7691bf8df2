"""The desk: roles by section and language, approval, the article board, preview links, editions, log-ins, schedule.

Everything stands on the newsroom's own origin, Wagtail's admin at its root. Main paths: a section is created ->
`signals.note_desk` -> `roles.ensure_section` (groups, permissions, approval); the relay's duty ->
`schedule.publish_due`; an editor shares a draft -> `previews.share` -> `/preview/<token>/` -> `previews.find`.
Translation has a package of its own, `translating`. Owns the tables `newsroom_*`, the URLs of the newsroom's origin and
the events `PasswordResetAsked` and `CorrectionPublished`. May import all below it in the list of layers; previews reach
the readers' renderer by its name in the settings. Tests: `tests/newsroom`.
Mistakes made here: giving a right to a person instead of a desk's group, and asking Wagtail's page tree for a list of
articles (use `board`, which pages without counting).
"""
