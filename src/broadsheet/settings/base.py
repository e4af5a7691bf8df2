"""What the newsroom, the readers' site and the relay have in common; every site-specific value comes from `config`."""

import os
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from broadsheet.config import Config, ConfigError, load
from broadsheet.settings import logs, wiring
from broadsheet.translations import choices, site_catalogues
from broadsheet.translations.languages import UnknownLanguage, django_languages

PACKAGE_DIR = Path(__file__).resolve().parent.parent

try:
    CONFIG: Config = load(Path(os.environ.get("BROADSHEET_DIR", "site")).resolve())
    choices.check(CONFIG)
    LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = django_languages(CONFIG.languages)
except (ConfigError, UnknownLanguage) as error:
    raise ImproperlyConfigured(str(error)) from error

DEBUG = False
SECRET_KEY = CONFIG.secret_key
# Each process answers to the host names of its own origin; see `readers.py` and `newsroom.py`.
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "broadsheet.newsroom",
    "broadsheet.importers",
    "broadsheet.search",
    "broadsheet.rendering",
    "broadsheet.articles",
    "broadsheet.media",
    "broadsheet.translations",
    "broadsheet.outbox",
    "wagtail.contrib.forms",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.typed_table_block",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.locales",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]


# What libpq must know to give up; `database_url` may say otherwise. In seconds, the last one in milliseconds.
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def database(url: str, directory: Path) -> dict[str, object]:
    """Django's description of the database at `url`; empty: SQLite in the site's folder, in WAL mode."""
    try:
        parsed = dict(dj_database_url.parse(url or f"sqlite:///{directory / 'broadsheet.sqlite3'}"))
    except ValueError as error:
        raise ImproperlyConfigured("database_url is not an address such as postgres://user@host/name") from error
    if not str(parsed["ENGINE"]).endswith(("sqlite3", "postgresql")):
        raise ImproperlyConfigured("database_url must begin with sqlite:// or postgres://")
    if str(parsed["ENGINE"]).endswith("sqlite3"):
        parsed["OPTIONS"] = {
            # A writer that starts as a reader cannot be queued by SQLite: take the write lock at once.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
                "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
            ),
        }
    else:
        # A server that accepts and never answers must not hold a reader for ever, nor one whose machine is gone.
        parsed["ENGINE"] = "broadsheet.settings.postgresql"
        parsed["OPTIONS"] = PATIENCE | dict(parsed.get("OPTIONS") or {})  # type: ignore[call-overload]
        parsed["CONN_MAX_AGE"] = 60
        parsed["CONN_HEALTH_CHECKS"] = True
    return parsed


DATABASES = {"default": database(CONFIG.database_url, CONFIG.directory)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

USE_I18N = True
USE_TZ = True
TIME_ZONE = CONFIG.time_zone
LANGUAGE_CODE = CONFIG.default_language
# The site's own words stand before those of the program; see docs/adding-a-language.md.
LOCALE_PATHS = [site_catalogues.compiled_folder(CONFIG.directory), PACKAGE_DIR / "locale"]

STATIC_URL = "/static/"
# Nothing is collected: the newsroom's static files are served from the packages they come in, so they are never stale.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# The newsroom's own files: originals and drafts. Readers get only what `media.publishing` puts into PUBLIC_ROOT.
MEDIA_URL = "/media/"
MEDIA_ROOT = CONFIG.directory / "media"
PUBLIC_ROOT = CONFIG.directory / "public"
PUBLIC_URL = "/pictures/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

WAGTAIL_SITE_NAME = "Broadsheet"
WAGTAILADMIN_BASE_URL = CONFIG.newsroom_url
WAGTAIL_I18N_ENABLED = True
# What an address may hold is checked by `articles.slugs`, language by language.
WAGTAIL_ALLOW_UNICODE_SLUGS = True
WAGTAILIMAGES_IMAGE_MODEL = "media.NewsImage"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = CONFIG.upload_limit_mb * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = CONFIG.image_limit_megapixels * 1_000_000
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif"]
# Pictures are published by `media.publishing`; nobody may ask for a size by address.
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
# Every save of Wagtail's database index re-averages the whole table: the newsroom's choosers compare titles instead,
# and readers search the published projection.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database.fallback"}}
# Wagtail's tables and ours are served by handlers and renderers that are named in one place.
EVENT_HANDLERS = wiring.HANDLERS
PROMPT_HANDLERS = wiring.PROMPT
PAGE_MODULES = wiring.PAGES
PREVIEW_RENDERER = wiring.PREVIEW

RELAY_DUTIES = wiring.DUTIES
FOUNDERS = wiring.FOUNDERS

LOGGING = logs.describe()

SECURE_HSTS_SECONDS = 365 * 24 * 3600 if CONFIG.newsroom_url.startswith("https:") else 0
# The proxy in front sends http to https, and says what holds for other hosts of the domain.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
