"""The test-suite: a folder of its own, fast password hashes, SQLite unless DATABASE_URL says otherwise."""

import os
import tempfile

os.environ.setdefault("BROADSHEET_DIR", tempfile.mkdtemp(prefix="broadsheet-test-"))
os.environ.setdefault("BROADSHEET_SECRET_KEY", "only-for-the-tests")
os.environ.setdefault("BROADSHEET_LANGUAGES", "en,az,ru,hy,fa")

from broadsheet.settings.newsroom import *  # noqa: F403
from broadsheet.settings.newsroom import CONFIG

(CONFIG.directory / "static").mkdir(parents=True, exist_ok=True)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
