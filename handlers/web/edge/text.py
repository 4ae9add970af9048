"""Text that no database keeps (NUL, half a surrogate pair) is refused at the door, wherever in a request it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from services.errors import Fault, Invalid

_UNFIT = re.compile("[\x00\ud800-\udfff]")
_MOST_FAULTS = 50


def refuse_unfit(values: Mapping[str, str]) -> None:
    """Path and query. Raises Invalid with every parameter that is unfit."""
    found = [name for name, value in values.items() if _UNFIT.search(value) or _UNFIT.search(name)]
    if found:
        raise Invalid(*map(_fault, found[:_MOST_FAULTS]))


def refuse_unfit_json(raw: bytes) -> None:
    """A body that has been found to be JSON. Raises Invalid with every field that is unfit.

    JSON has no raw NUL and its parser knows no half pairs, so only an escape can bring one: without it, no look."""
    if b"\\u0000" in raw:
        found = [place for place, value in _texts(json.loads(raw), "") if _UNFIT.search(value)]
        if found:
            raise Invalid(*map(_fault, found[:_MOST_FAULTS]))


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place or "body", value
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _texts(one, f"{place}[{number}]")
    elif isinstance(value, dict):
        for name, one in value.items():
            here = f"{place}.{name}" if place else name
            yield here, name
            yield from _texts(one, here)


def _fault(place: str) -> Fault:
    shown = _UNFIT.sub("\ufffd", place)[:120]
    return Fault(shown, "characters", "a character that is none", "text without NUL and half surrogate pairs")
