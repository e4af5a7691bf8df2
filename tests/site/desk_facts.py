"""What the tests and the desk both know of the stories that are added to the demo; imports nothing of the site."""

from datetime import UTC, datetime

LONG_AGO = datetime(2019, 5, 4, 9, 0, tzinfo=UTC)
LONG_AGO_PATH = "/everything/"
OLD_STORIES = 80
