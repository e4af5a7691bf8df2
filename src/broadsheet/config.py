"""Every option of a site, declared once: name, type, default, help; read from the environment and one TOML file.

An option called ``site_url`` stands as ``site_url = "…"`` in ``broadsheet.toml`` in the site's folder and as
``BROADSHEET_SITE_URL`` in the environment; the environment wins. ``DATABASE_URL`` is also read without the prefix.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from broadsheet.edge.outer import names as outer_names

SETTINGS_FILE = "broadsheet.toml"
ENVIRONMENT_PREFIX = "BROADSHEET_"
SECRET_OPTIONS = frozenset(
    {"secret_key", "database_url", "email_url", "metrics_token", "outer_cache", "outer_cache_token"}
    | {"machine_translation_key", "machine_translation_url"}
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class ConfigError(Exception):
    """A setting is unknown or has a value that cannot be used; the message names it and says what to do."""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    return value


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in {"1", "true", "yes", "on"}:
        return True
    if str(value).lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("must be true or false")


def _whole(value: Any, lowest: int, highest: int = 2**31) -> int:
    """A whole number between the two, given as a number or in digits."""
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,12}", text) or not lowest <= int(text) <= highest:
        raise ValueError(f"must be a whole number of {lowest} or more" + (f", at most {highest}" * (highest < 2**31)))
    return int(text)


def _positive(value: Any) -> int:
    return _whole(value, 1)


def _port(value: Any) -> int:
    return _whole(value, 1, 65535)


def _words(value: Any) -> tuple[str, ...]:
    words = value.split(",") if isinstance(value, str) else list(value)
    return tuple(dict.fromkeys(_text(word).strip() for word in words if _text(word).strip()))


def _languages(value: Any) -> tuple[str, ...]:
    codes = _words(value)
    if not codes:
        raise ValueError("must name at least one language")
    for code in codes:
        if not _LANGUAGE.fullmatch(code):
            raise ValueError(f"must hold language codes such as en or sr-Latn, not {code!r}")
    return codes


def _by_language(value: Any) -> tuple[tuple[str, str], ...]:
    """What each of several languages has, written `fa=persian`; a table of TOML does as well."""
    pairs = [f"{key}={one}" for key, one in value.items()] if isinstance(value, Mapping) else _words(value)
    found = [tuple(part.strip() for part in pair.partition("=")[::2]) for pair in pairs]
    for language, chosen in found:
        if not (_LANGUAGE.fullmatch(language) and chosen):
            raise ValueError(f"must hold pairs such as fa=persian, not {language!r} and {chosen!r}")
    return tuple((language, chosen) for language, chosen in found)


def _codes(value: Any) -> tuple[str, ...]:
    return _languages(value) if _words(value) else ()


def _slug_letters(value: Any) -> tuple[tuple[str, str, str], ...]:
    """Letters that slugs write in another way than by the language's rule, written `az:x=kh`."""
    found = []
    for pair in _words(value):
        match = re.fullmatch(r"([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*):(\S{1,4})=([a-z0-9-]{0,8})", pair)
        if match is None or (match[2].isascii() and match[2] in match[3]):
            raise ValueError(f"must hold letters such as az:x=kh, not {pair!r}")
        found.append((match[1], match[2].lower(), match[3]))
    return tuple(found)


def _mail_server(value: Any) -> str:
    parts = urlsplit(_text(value))
    if value and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
        raise ValueError("must be smtp://host:port (STARTTLS) or smtps://host:port")
    return _text(value)


def _origin(value: Any) -> str:
    parts = urlsplit(_text(value))
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or parts.query:
        raise ValueError("must be an origin such as https://news.example, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _translator(value: Any) -> str:
    if value not in {"", "deepl", "google", "libretranslate"}:
        raise ValueError("must be deepl, google or libretranslate, or empty for none")
    return _text(value)


def _server(value: Any) -> str:
    """The address of a server of HTTP, without what would be a password or a question."""
    parts = urlsplit(_text(value))
    strange = parts.username or parts.query or parts.fragment or parts.scheme not in {"http", "https"}
    # A port that is none raises a ValueError of its own.
    if value and (strange or not parts.hostname or parts.port == 0 or not re.fullmatch(r"[!-~]+", value)):
        raise ValueError("must be an address such as http://127.0.0.1:5000")
    return _text(value).rstrip("/")


def _token(value: Any) -> str:
    if not re.fullmatch(r"[!-~]{0,1024}", _text(value)):
        raise ValueError("must be letters, digits and signs of ASCII without blanks")
    return _text(value)


def _outer_cache(value: Any) -> str:
    return outer_names.check_url(_text(value))


def _outer_token(value: Any) -> str:
    return outer_names.check_token(_text(value))


def _zone(value: Any) -> str:
    if value not in available_timezones():
        raise ValueError("must be a time zone such as Asia/Baku")
    return _text(value)


@dataclass(frozen=True)
class Option:
    """One setting: how it is called, how its value is read, what stands where it is not set, what it is for."""

    name: str
    parse: Callable[[Any], Any]
    default: Any
    help: str

    @property
    def variable(self) -> str:
        """The option's name in the environment."""
        return ENVIRONMENT_PREFIX + self.name.upper()


def _option(parse: Callable[[Any], Any], default: Any, help: str) -> Any:
    return field(metadata={"parse": parse, "default": default, "help": help})


@dataclass(frozen=True)
class Config:
    """The settings of one site, checked; `directory` is the folder that holds its data. Options are declared here."""

    directory: Path
    site_url: str = _option(_origin, "http://localhost:8000", "Origin of the readers' site; absolute links use it.")
    newsroom_url: str = _option(_origin, "http://localhost:8001", "Origin of the newsroom.")
    secret_key: str = _option(_text, "", "Key that signs log-ins and preview links; `broadsheet init` makes one.")
    database_url: str = _option(_text, "", "Database address; empty: SQLite in the site's folder.")
    languages: tuple[str, ...] = _option(
        _languages, ("en",), "Language codes of the editions, the first is the default."
    )
    script_variants: tuple[str, ...] = _option(
        _codes, (), "Editions made of another one by writing it in another script, such as az-Cyrl."
    )
    numerals: tuple[tuple[str, str], ...] = _option(
        _by_language, (), "Digits of an edition where not CLDR's for its language, such as ar=arab or fa=latn."
    )
    calendars: tuple[tuple[str, str], ...] = _option(
        _by_language, (), "A second calendar beside the Gregorian one, such as fa=persian."
    )
    own_script_slugs: tuple[str, ...] = _option(
        _codes, (), "Languages whose new addresses keep their own script instead of Latin letters."
    )
    slug_letters: tuple[tuple[str, str, str], ...] = _option(
        _slug_letters, (), "Letters that addresses write otherwise than by the language's rule, such as az:x=kh."
    )
    time_zone: str = _option(_zone, "Asia/Baku", "Zone in which dates and times are shown and entered.")
    debug: bool = _option(_flag, False, "Show details of errors in the newsroom; never in production.")
    listen: str = _option(_text, "127.0.0.1", "Network address at which both origins listen.")
    reader_port: int = _option(_port, 8000, "Port of the readers' origin.")
    newsroom_port: int = _option(_port, 8001, "Port of the newsroom.")
    trusted_proxies: tuple[str, ...] = _option(
        _words, (), "Addresses of proxies whose X-Forwarded-For is believed, for log-in limits."
    )
    outer_cache: str = _option(
        _outer_cache,
        "",
        "Shared cache in front of the readers' site that is purged: varnish+xkey://host:port, varnish+ban://host:port, "
        "fastly://SERVICE_ID or cloudflare://ZONE_ID; empty: none.",
    )
    outer_cache_token: str = _option(_outer_token, "", "Token with which Fastly or Cloudflare is purged.")
    page_size: int = _option(_positive, 24, "Articles on a page of a list.")
    feed_size: int = _option(_positive, 40, "Articles in a feed.")
    preview_hours: int = _option(_positive, 72, "Hours until a shared preview link expires.")
    upload_limit_mb: int = _option(_positive, 20, "Largest file that may be uploaded, in MiB.")
    image_limit_megapixels: int = _option(_positive, 80, "Largest picture that is decoded, in millions of pixels.")
    article_limit_kb: int = _option(_positive, 2048, "Largest body of an article, in KiB of text.")
    newsroom_workers: int = _option(_positive, 1, "Processes that serve the newsroom.")
    newsroom_threads: int = _option(_positive, 4, "Threads in each of the newsroom's processes.")
    edge_workers: int = _option(_positive, 2, "Processes that answer readers.")
    edge_table_mb: int = _option(_positive, 64, "Memory for the pages asked for most, in MiB for each of them.")
    edge_store_gb: int = _option(_positive, 16, "Largest size of the store of ready pages, in GiB.")
    edge_connections: int = _option(_positive, 256, "Connections that one network address may hold.")
    access_log: str = _option(_text, "", "File for a line of JSON about each request of a reader; empty: none.")
    renderer_workers: int = _option(_positive, 2, "Processes that render pages for the edge.")
    renderer_threads: int = _option(_positive, 2, "Threads in each of them.")
    metrics_token: str = _option(_text, "", "Bearer token for /metrics of the newsroom; empty: this machine alone.")
    machine_translation: str = _option(
        _translator, "", "Service that makes first drafts of translations: deepl, google, libretranslate; empty: none."
    )
    machine_translation_key: str = _option(_token, "", "Key for that service.")
    machine_translation_url: str = _option(_server, "", "Address of the LibreTranslate server.")
    machine_translation_names: tuple[str, ...] = _option(_words, (), "Names that it must leave as they are.")
    machine_translation_seconds: int = _option(_positive, 30, "Seconds that the service has for an answer.")
    email_url: str = _option(_mail_server, "", "Mail server, smtp://user:password@host:port; empty: mail is printed.")
    email_from: str = _option(_text, "newsroom@localhost", "Sender of the newsroom's mail.")

    @property
    def default_language(self) -> str:
        return self.languages[0]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


OPTIONS = tuple(
    Option(one.name, one.metadata["parse"], one.metadata["default"], one.metadata["help"])
    for one in fields(Config)
    if one.metadata
)


def load(directory: Path, environment: Mapping[str, str] | None = None) -> Config:
    """Read the settings of the site in `directory`.

    Raises ConfigError for a file that is not TOML, an unknown option, or a value that cannot be used.
    """
    environment = os.environ if environment is None else environment
    written = _read_file(directory / SETTINGS_FILE)
    unknown = sorted(set(written) - {option.name for option in OPTIONS})
    if unknown:
        raise ConfigError(f"{SETTINGS_FILE} has an unknown setting: {', '.join(unknown)}")
    values = {option.name: _value(option, written, environment) for option in OPTIONS}
    return Config(directory=directory, **values)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error


def _value(option: Option, written: Mapping[str, Any], environment: Mapping[str, str]) -> Any:
    value, place = option.default, "default"
    if option.name in written:
        value, place = written[option.name], SETTINGS_FILE
    if option.name == "database_url" and environment.get("DATABASE_URL"):
        value, place = environment["DATABASE_URL"], "DATABASE_URL"
    if option.variable in environment:
        value, place = environment[option.variable], option.variable
    try:
        return option.parse(value)
    except (TypeError, ValueError) as error:
        # A key or a password must not stand in a message.
        shown = "" if option.name in SECRET_OPTIONS else f"; it is {value!r}"
        raise ConfigError(f"{option.name} ({place}) {error}{shown}") from error
