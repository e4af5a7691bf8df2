"""The command line: `broadsheet VERB`, one module a verb.

Main path: `main` -> `guard.run` (turns every error into one line and an exit code) -> a verb -> `sites.open_site`
(settings, Django) -> `processes`, `newsroom`, `demo`, `importers`. Owns no table and no address. May import everything.
Mistakes made here: importing Django or a model at the top of a module (settings are not known yet), and printing an
error instead of raising `errors.CommandError`.
"""

from .guard import main

__all__ = ["main"]
