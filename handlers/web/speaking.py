"""In which language a request is answered: the learner's, and before it is known who calls, what the client accepts.

It goes with the request by itself, as errors are worded far from where the request is at hand."""

from __future__ import annotations

import re
from contextvars import ContextVar
from functools import lru_cache

from aiohttp import hdrs, web

from handlers.texts import DEFAULT, LANGUAGES

LONGEST = 200  # characters of Accept-Language that are looked at
_ONE = re.compile(r"\s*([A-Za-z]{2,3})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?))?\s*")
_language: ContextVar[str] = ContextVar("language", default=DEFAULT)


def language() -> str:
    """The language of the answer that is being made."""
    return _language.get()


def speak(wanted: str) -> None:
    """From here on answer this request in `wanted`; English if there are no texts in it."""
    _language.set(wanted if wanted in LANGUAGES else DEFAULT)


def listen(request: web.Request) -> None:
    """Answer this request in what it accepts (``Accept-Language``), as long as nobody says otherwise."""
    speak(accepted(request.headers.get(hdrs.ACCEPT_LANGUAGE, "")))


@lru_cache(256)  # browsers and programs send the same few
def accepted(header: str) -> str:
    """The first of the languages wanted most that there are texts in (``es-MX`` is ``es``), else English."""
    wanted: list[tuple[float, str]] = []
    for part in header[:LONGEST].split(","):
        if found := _ONE.fullmatch(part):
            wanted.append((float(found[2] or 1), found[1].lower()))
    ranked = sorted(wanted, key=lambda one: -one[0])
    return next((code for share, code in ranked if share and code in LANGUAGES), DEFAULT)
