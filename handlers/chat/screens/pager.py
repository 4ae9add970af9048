"""◀ 2/5 ▶ under a list that is longer than a screen. Pure."""

from __future__ import annotations

from collections.abc import Callable

from handlers.chat.buttons import Button
from handlers.chat.screen import Key, Row


def pager(page: int, pages: int, target: Callable[[int], Button]) -> Row:
    """Keys to the pages before and after `page` (0-based); no keys where there is one page only."""
    keys: list[Key] = []
    if page > 0:
        keys.append(Key(f"◀ {page}/{pages}", target(page - 1)))
    if page + 1 < pages:
        keys.append(Key(f"{page + 2}/{pages} ▶", target(page + 1)))
    return tuple(keys)
