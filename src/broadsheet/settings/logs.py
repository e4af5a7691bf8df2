"""What is logged and how: to standard error, once, and never with the token of a shared preview."""

from typing import Any


def describe() -> dict[str, Any]:
    """The logging of all processes, as `logging.config` wants it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        # A preview link is a secret: its token must not reach a log, whoever writes the line.
        "filters": {"secrets": {"()": "broadsheet.newsroom.logs.HideTokens"}},
        "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "broadsheet": {"level": "INFO"},
            # Django's own set-up would print a second copy of each line.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            **{name: {"level": "WARNING"} for name in ("django_tasks", "axes", "PIL")},
            # A page that is not there is no news.
            "django.request": {"level": "ERROR"},
        },
    }
