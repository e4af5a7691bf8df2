"""Findings about the settings of a site."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.core.checks import CheckMessage, Error, Warning

from broadsheet.config import SETTINGS_FILE, Config
from broadsheet.edge.outer import names as outer_names
from broadsheet.translations import site_catalogues
from broadsheet.translations.errors import ServiceMisconfigured
from broadsheet.translations.machine import configured

from ..sites import LOOPBACK

WEAKEST_KEY = 32


def find(config: Config) -> Iterator[CheckMessage]:
    """Everything that is wrong with the settings."""
    yield from _secret_key(config)
    yield from _origins(config)
    yield from _mail(config)
    yield from _outer_cache(config)
    yield from _machine_translation(config)
    yield from _words(config)


def _secret_key(config: Config) -> Iterator[CheckMessage]:
    if len(config.secret_key) < WEAKEST_KEY or len(set(config.secret_key)) < 10:
        yield Error(
            "The secret key can be guessed: log-ins and preview links could be forged.",
            hint=f"Put a random secret_key of {WEAKEST_KEY} letters or more into {SETTINGS_FILE}.",
            id="broadsheet.E001",
        )
    path = config.directory / SETTINGS_FILE
    if path.exists() and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        yield Warning(
            f"Others on this machine can read {path}, which holds the secret key.",
            hint=f"chmod 600 {path}",
            id="broadsheet.W002",
        )


def _origins(config: Config) -> Iterator[CheckMessage]:
    site, newsroom = urlsplit(config.site_url), urlsplit(config.newsroom_url)
    if site.hostname in LOOPBACK:
        yield Warning(
            f"Links lead to {config.site_url}, which only this machine can open.",
            hint="Set site_url to the address that readers will use.",
            id="broadsheet.W003",
        )
    if site.netloc == newsroom.netloc:
        yield Error(
            "Readers and the newsroom have one address: a script on a page could act as an editor.",
            hint="Give the newsroom a host name of its own in newsroom_url.",
            id="broadsheet.E004",
        )
    for origin in (site, newsroom):
        if origin.scheme == "http" and origin.hostname not in LOOPBACK:
            yield Warning(
                f"{origin.geturl()} is not encrypted.",
                hint="Put a proxy with TLS in front and begin the address with https://; see docs/operations.md.",
                id="broadsheet.W005",
            )
    if config.debug and newsroom.hostname not in LOOPBACK:
        yield Error(
            "debug is on at a public address: errors show passwords and drafts.",
            hint=f"Remove debug from {SETTINGS_FILE} and the environment.",
            id="broadsheet.E006",
        )


def _mail(config: Config) -> Iterator[CheckMessage]:
    if not config.email_url:
        yield Warning(
            "No mail is sent: notices to editors and new passwords are printed in the log.",
            hint="Set email_url to a mail server.",
            id="broadsheet.W007",
        )


def _outer_cache(config: Config) -> Iterator[CheckMessage]:
    name = outer_names.read_name(config.outer_cache)
    if name is not None and name.kind in outer_names.WITH_TOKEN and not config.outer_cache_token:
        yield Error(
            f"The cache in front of the readers' site cannot be purged: {name.kind} needs a token.",
            hint=f"Put a token with the right to purge, and no other, into outer_cache_token in {SETTINGS_FILE}.",
            id="broadsheet.E020",
        )


def _machine_translation(config: Config) -> Iterator[CheckMessage]:
    try:
        configured(config)
    except ServiceMisconfigured as error:
        yield Error(
            f"No story can be drafted by machine: {error}.",
            hint="Set what is missing, or empty machine_translation.",
            id="broadsheet.E024",
        )


def _words(config: Config) -> Iterator[CheckMessage]:
    for language in config.languages:
        if lines := site_catalogues.check(config.directory, language):
            yield Warning(
                f"The interface is not whole in {language}: {len(lines)} to do, such as {lines[0]}",
                hint=f"`broadsheet languages begin {language}`, then `broadsheet languages check`; "
                "what is missing is in English.",
                id="broadsheet.W030",
            )
