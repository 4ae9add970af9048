"""Updates as Telegram posts them: bytes from outside, which are read without trusting them."""

from __future__ import annotations

import json
from typing import Any

DEEPEST = 64  # levels; Telegram's own stay below twenty, and deeper ones cost whoever reads them again their stack
_LARGEST = 2**63


class Unreadable(ValueError):
    """Not an update; the text says why, without quoting it."""


def read(raw: bytes) -> dict[str, Any]:
    """The update in `raw`. Raises Unreadable for whatever is none."""
    try:
        update = json.loads(raw, parse_constant=_refuse)
    except RecursionError:
        raise Unreadable("nested too deep") from None
    except ValueError:  # no JSON, no text, a number of too many digits
        raise Unreadable("not JSON") from None
    check(update)
    # Only what opens that often can be that deep.
    if raw.count(b"{") + raw.count(b"[") > DEEPEST and _depth(update) > DEEPEST:
        raise Unreadable("nested too deep")
    found: dict[str, Any] = update
    return found


def check(update: object) -> None:
    """Raises Unreadable for what has not an update's number."""
    number = update.get("update_id") if isinstance(update, dict) else None
    if type(number) is not int or not -_LARGEST <= number < _LARGEST:
        raise Unreadable("without a number of an update")


def _refuse(word: str) -> Any:
    raise ValueError(word)  # NaN and Infinity, which are no JSON


def _depth(value: object) -> int:
    """How deep it is nested, or some number above `DEEPEST`."""
    depth, level = 0, [value]
    while level and depth <= DEEPEST:
        depth += 1
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return depth
