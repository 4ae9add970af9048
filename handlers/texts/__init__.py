"""The bot's words: one key per sentence; values are escaped on the way in.

Each language has one module for each room: ``es`` is Spanish for meeting and asking, ``es_mail`` its letters. A room
keeps its texts in a constant of its name (``MAIL``; ``ASKING`` in the module without one). A new room is one new file
for each language, a new language a line in `LANGUAGES` and one file for each room; nothing else lists them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

LANGUAGES: dict[str, str] = {"en": "English", "es": "Español", "ru": "Русский", "ar": "العربية"}
DEFAULT = "en"
RIGHT_TO_LEFT = frozenset({"ar"})

Text = str | dict[str, str]  # one sentence, or one for each plural form ("one", "few", "other"…) of the value `n`

_ISOLATED = ("\u2068", "\u2069")  # between them the direction of writing is its own, and so it is beside them
_STRONG_LEFT, _STRONG_RIGHT = frozenset({"L"}), frozenset({"R", "AL"})


def direction(language: str) -> str:
    """How a language is written, as HTML's ``dir`` says it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


@lru_cache
def texts(language: str) -> dict[str, Text]:
    """All texts of a language (English for one that there is no module of)."""
    found: dict[str, Text] = {}
    for _, room in rooms(language if language in LANGUAGES else DEFAULT):
        found |= room
    return found


def rooms(language: str) -> Iterator[tuple[str, dict[str, Text]]]:
    """The name of each room of a language ("" for the first one), and its texts."""
    for module in iter_modules(__path__):
        own, _, room = module.name.partition("_")
        if own == language:
            yield room, getattr(import_module(f"{__name__}.{module.name}"), room.upper() or "ASKING")


def say(language: str, key: str, **values: Any) -> str:
    """The sentence `key` in `language` with `values` put in, escaped for Telegram HTML. Raises KeyError for an unknown
    key: every key exists in English, which a test checks. Where the text has plural forms, `n` chooses. Values that
    are written in the other direction are isolated, and fractions have the language's own comma."""
    return _fill(language, key, {name: _escaped(value) for name, value in values.items()}, values.get("n"))


def plain(language: str, key: str, **values: Any) -> str:
    """The same for toasts and button labels, which are not HTML: nothing is escaped."""
    return _fill(language, key, values, values.get("n"))


def isolated(language: str, value: str) -> str:
    """`value` so that it does not turn round what stands beside it in a text of `language`. What a program may read
    as an address stays as it is."""
    strong = _STRONG_LEFT if language in RIGHT_TO_LEFT else _STRONG_RIGHT
    if "@" in value or "://" in value or not any(unicodedata.bidirectional(char) in strong for char in value):
        return value
    return value.join(_ISOLATED)


def _escaped(value: Any) -> Any:
    return escape(value, quote=False) if isinstance(value, str) else value


def _fill(language: str, key: str, values: dict[str, Any], n: Any) -> str:
    text = texts(language)[key] if key in texts(language) else texts(DEFAULT)[key]
    if isinstance(text, dict):
        text = text.get(_plural(language, n), text["other"])
    if not values:
        return text
    # What is copied, proposed as a value, or matched must be what it was.
    exact = "<code>{" in text or key.startswith(("suggest.", "heard."))
    return text.format(**{name: value if exact else _shown(language, value) for name, value in values.items()})


def _shown(language: str, value: Any) -> Any:
    if isinstance(value, str):
        return isolated(language, value)
    return _decimal(language, value) if isinstance(value, float) else value


def get_ready(language: str) -> None:
    """Load what numbers in `language` need, which takes a tenth of a second once: for a thread, before one is said."""
    _plural(language, 1)
    _decimal(language, 0.5)


@lru_cache(maxsize=1024)
def _decimal(language: str, value: float) -> str:
    from babel.numbers import format_decimal

    return format_decimal(value, locale=language, numbering_system="latn", group_separator=False)


@lru_cache(maxsize=1024)
def _plural(language: str, n: float) -> str:
    from babel import Locale  # rules of every language; imported when the first number is said

    return Locale.parse(language).plural_form(n)
