"""The pages that a letter's links lead to: one sentence, and perhaps a button. No script, nothing from outside.

Looking at a page changes nothing, because machines follow links before people do; the button posts to the address that
the page has."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from aiohttp import hdrs, web

from handlers.texts import direction

_STYLE = (
    "body{font:1.1rem/1.5 sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}"
    "button{font:inherit;padding:.5em 1em}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    hdrs.CACHE_CONTROL: "private, no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address holds a token
    "X-Robots-Tag": "noindex",
}


def page(language: str, sentence: str, button: str = "") -> web.Response:
    """The page."""
    form = f'<form method="post"><button>{escape(button)}</button></form>' if button else ""
    text = (
        f'<!doctype html><html lang="{escape(language)}" dir="{direction(language)}"><head>'
        '<meta charset="utf-8"><title>Lectern</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><style>{_STYLE}</style></head>'
        f"<body><main><h1>Lectern</h1><p>{escape(sentence)}</p>{form}</main></body></html>\n"
    )
    return web.Response(text=text, content_type="text/html", charset="utf-8", headers=_HEADERS)
