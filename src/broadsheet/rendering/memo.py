"""What one render reads once: editions, sections and the like are asked for by many parts of a page.

What is remembered is remembered with its tags: they are recorded each time that it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from . import tags

P = ParamSpec("P")
T = TypeVar("T")

_kept: ContextVar[dict[Any, Any] | None] = ContextVar("read_by_this_render", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Functions marked with `once` read at most once inside the block, and again in the next one."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(function: Callable[P, T]) -> Callable[P, T]:
    """The function's answer is kept for the render that asks; arguments must be plain values, given by position."""

    @wraps(function)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> T:
        kept = _kept.get()
        if kept is None or kwargs:
            return function(*args, **kwargs)
        key = (function, args)
        if key not in kept:
            with tags.recording() as recorded:
                kept[key] = function(*args, **kwargs), recorded
        answer: T
        answer, recorded = kept[key]
        tags.record(*recorded)
        return answer

    return remembered
