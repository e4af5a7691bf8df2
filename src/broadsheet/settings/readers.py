"""The readers' process: no admin path, no session, no cookie; published pages only."""

from broadsheet.settings.base import *  # noqa: F403
from broadsheet.settings.base import DATABASES

# `readers.middleware` knows whom it answers for; Django's own check would say 400 where 421 is due.
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "broadsheet.readers.urls"
MIDDLEWARE = ["broadsheet.readers.middleware.OriginMiddleware"]
# The threads of a worker live as long as it does, and so do their connections.
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
