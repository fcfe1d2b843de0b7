"""How a lower feature lets a higher one know: `announce()` what happened, in its transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def listen(kind: type, listener: Callable[[Any], None]) -> None:
    """Call ``listener`` with every announcement of ``kind`` (once, however often it is listed)."""
    if listener not in _listeners[kind]:
        _listeners[kind].append(listener)


def announce(news: Any) -> None:
    """Tell the listeners, in the order of `app/reactions.py`, before the transaction ends."""
    for listener in _listeners[type(news)]:
        listener(news)
