"""Makes the adapter that the option `outer_cache` names."""

from __future__ import annotations

from . import names
from .cloudflare import Cloudflare
from .contracts import OuterCache
from .errors import OuterCacheMisnamed
from .fastly import Fastly
from .varnish import Varnish


def outer_cache(url: str, token: str = "") -> OuterCache | None:
    """The cache in front of the edge; None where there is none. Raises OuterCacheMisnamed; opens no connection."""
    name = names.read_name(url)
    if name is None:
        return None
    if name.kind not in names.WITH_TOKEN:
        return Varnish(name.places, is_xkey=name.kind == names.VARNISH_XKEY)
    if not token:
        raise OuterCacheMisnamed(f"outer_cache is {name.kind}, which needs outer_cache_token")
    names.check_token(token)
    return (Fastly if name.kind == names.FASTLY else Cloudflare)(name.places[0], token)
