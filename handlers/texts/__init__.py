"""The bot's words: one module per language, one key per sentence; values are escaped on the way in."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from importlib import import_module
from typing import Any

LANGUAGES: dict[str, str] = {"en": "English"}
DEFAULT = "en"

Text = str | dict[str, str]  # one sentence, or one for each plural form ("one", "few", "other"…) of the value `n`


@lru_cache
def texts(language: str) -> dict[str, Text]:
    """All texts of a language (English for one that there is no module of)."""
    name = language if language in LANGUAGES else DEFAULT
    found: dict[str, Text] = import_module(f"handlers.texts.{name}").TEXTS
    return found


def say(language: str, key: str, **values: Any) -> str:
    """The sentence `key` in `language` with `values` put in, escaped for Telegram HTML. Raises KeyError for an unknown
    key: every key exists in English, which a test checks. Where the text has plural forms, `n` chooses."""
    return _fill(language, key, {name: _escaped(value) for name, value in values.items()}, values.get("n"))


def plain(language: str, key: str, **values: Any) -> str:
    """The same for toasts and button labels, which are not HTML: nothing is escaped."""
    return _fill(language, key, values, values.get("n"))


def _escaped(value: Any) -> Any:
    return escape(value, quote=False) if isinstance(value, str) else value


def _fill(language: str, key: str, values: dict[str, Any], n: Any) -> str:
    text = texts(language)[key] if key in texts(language) else texts(DEFAULT)[key]
    if isinstance(text, dict):
        text = text.get(_plural(language, n), text["other"])
    return text.format(**values) if values else text


@lru_cache(maxsize=1024)
def _plural(language: str, n: float) -> str:
    from babel import Locale  # rules of every language; imported when the first number is said

    return Locale.parse(language).plural_form(n)
