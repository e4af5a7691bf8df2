"""The newsroom's process: log-ins, sessions, Wagtail's admin; only on the newsroom's origin. The relay uses it too."""

from datetime import timedelta
from urllib.parse import unquote, urlsplit

from wagtail.admin.localization import WAGTAILADMIN_PROVIDED_LANGUAGES

from broadsheet.settings.base import *  # noqa: F403
from broadsheet.settings.base import CONFIG, DATABASES
from broadsheet.translations import catalogues
from broadsheet.translations.languages import django_languages

DEBUG = CONFIG.debug
_newsroom = urlsplit(CONFIG.newsroom_url)
ALLOWED_HOSTS = [_newsroom.hostname or "localhost", "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [CONFIG.newsroom_url]
ROOT_URLCONF = "broadsheet.newsroom.urls"
# Wagtail's publish is several statements: without this a failing outbox would leave the page live behind an error.
DATABASES["default"]["ATOMIC_REQUESTS"] = True

MIDDLEWARE = [
    "broadsheet.newsroom.middleware.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "broadsheet.newsroom.middleware.SizeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "broadsheet.newsroom.middleware.PlainErrorsMiddleware",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]

# Log-ins are limited per account and per address, each on its own; the limit ends by itself, and trying again while it
# lasts does not prolong it, so that nobody can keep an editor out for good.
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "broadsheet.newsroom.logins.refuse"
AXES_CLIENT_IP_CALLABLE = "broadsheet.newsroom.logins.client_address"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "broadsheet.newsroom.logins.ResetForm"  # noqa: S105

# What a person may choose for the newsroom itself: the languages Wagtail offers, ours, and those of the site.
_own = dict(django_languages({*catalogues.newsroom(), *CONFIG.languages}))
WAGTAILADMIN_PERMITTED_LANGUAGES = sorted(
    {**dict(WAGTAILADMIN_PROVIDED_LANGUAGES), **_own}.items(), key=lambda pair: str(pair[1])
)

# The newsroom's frames are its own previews.
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "newsroom_session"
CSRF_COOKIE_NAME = "newsroom_csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _newsroom.scheme == "https"
CSRF_FAILURE_VIEW = "broadsheet.newsroom.views.refuse_forged"

# An article somewhat over the limit is refused by its form, with everything typed still in it; far beyond it the
# request is refused before it is read into memory.
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * CONFIG.article_limit_kb * 1024 + 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea"}}
WAGTAIL_AUTOSAVE_INTERVAL = 2000
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = True
WAGTAILADMIN_LOGIN_URL = "/login/"
LOGIN_URL = "/login/"
# Deleting a section with more stories than this asks for its name.
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 10

WAGTAILIMAGES_IMAGE_FORM_BASE = "broadsheet.media.forms.NewsImageForm"

_mail = urlsplit(CONFIG.email_url)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if CONFIG.email_url else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = bool(CONFIG.email_url) and not EMAIL_USE_SSL and EMAIL_PORT == 587
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = WAGTAILADMIN_NOTIFICATION_FROM_EMAIL = SERVER_EMAIL = CONFIG.email_from
