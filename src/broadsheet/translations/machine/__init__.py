"""Machine translation as a first draft, by a service that the site's options name. Off unless they do.

Main path: `configured(config)` -> a MachineTranslator (`deepl`, `google`, `libretranslate`), or None ->
`draft(job, translator, config.machine_translation_names)`: `wire.encode` puts numbers in place of attributes, the
service answers over `calls.post`, `wire.decode` puts our own tags back. Every text that a machine made has the state
`machine` until a person approves of it.

A draft takes as long as the service does: call it where nobody waits for a transaction. It owns no tables and no
addresses, and may import `config` and `translations` alone. Its tests: `pytest tests/translations/machine`. Mistakes
made here: to put a machine's HTML into a page past `wire.decode`, and to name the key in a message.
"""

from __future__ import annotations

from broadsheet.config import Config

from ..errors import ServiceMisconfigured
from .deepl import DeepL
from .drafts import draft
from .google import Google
from .libretranslate import LibreTranslate
from .translator import Limits, MachineTranslator

__all__ = ["Limits", "MachineTranslator", "configured", "draft"]


def configured(config: Config) -> MachineTranslator | None:
    """The service that the options name, None where they name none. Raises ServiceMisconfigured."""
    kind, key, seconds = config.machine_translation, config.machine_translation_key, config.machine_translation_seconds
    if kind == "libretranslate":
        if not config.machine_translation_url:
            raise ServiceMisconfigured("machine_translation is libretranslate, and machine_translation_url is not set")
        return LibreTranslate(config.machine_translation_url, key, seconds)
    if not kind:
        return None
    if not key:
        raise ServiceMisconfigured(f"machine_translation is {kind}, and machine_translation_key is not set")
    if config.machine_translation_url:
        # Texts that are not published yet, and the key, go to the service that is named and to nobody else.
        raise ServiceMisconfigured("machine_translation_url is for libretranslate alone")
    return DeepL(key, seconds) if kind == "deepl" else Google(key, seconds)
