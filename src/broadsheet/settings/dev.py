"""The newsroom while it is worked on: details of errors are shown."""

from broadsheet.settings.newsroom import *  # noqa: F403

DEBUG = True
# Static files are looked up each time, so that a change is seen.
WHITENOISE_AUTOREFRESH = True
