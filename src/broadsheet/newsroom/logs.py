"""Keeps secrets out of the log, whoever writes the line."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"(/preview/|/password_reset/confirm/[^/\s]+/)[^/\s\"']+")


class HideTokens(logging.Filter):
    """Replaces the token in the address of a preview link or of a password reset by `…`."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if _TOKEN.search(message):
            record.msg, record.args = hide(message), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = hide(logging.Formatter().formatException(record.exc_info))
        return True


def hide(text: str) -> str:
    """The text without tokens."""
    return _TOKEN.sub(r"\1…", text)
