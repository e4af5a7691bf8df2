"""The relay as a process: delivers the outbox and does the duties that the wiring names."""

from __future__ import annotations

import os
import signal
import threading
from functools import partial
from typing import Any

import django
from django.conf import settings
from django.utils.module_loading import import_string

from broadsheet.config import Config


def run_relay(config: Config) -> None:
    """Deliver and do the duties until SIGTERM or SIGINT."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.settings.newsroom"
    django.setup()
    from broadsheet.outbox import relay

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *received: stopping.set())
    relay.run(config.directory, duties(), stopping.is_set)


def duties() -> list[Any]:
    """The duties of the wiring; each function is found by its name when it is first due."""
    from broadsheet.outbox.relay import Duty

    return [Duty(name, every_s, partial(_call, path)) for name, path, every_s in settings.RELAY_DUTIES]


def _call(path: str) -> object:
    return import_string(path)()
