"""Takes secrets out of text before anybody reads it: log lines, tracebacks, sentences about settings."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from urllib.parse import quote

MASK = "[redacted]"
SHORTEST = 6  # a shorter "secret" is a word that also stands in innocent text

# What a secret looks like, whoever's it is; group 1, where there is one, stays.
_SHAPES = (
    re.compile(r"(/bot)\d+(?::|%3[Aa])[^/\s\"'\\]+"),
    re.compile(r"(?<!\d)()\d+(?::|%3[Aa])[A-Za-z0-9_-]{30,}(?:(?::|%3[Aa])[A-Za-z0-9_-]+)*"),
    re.compile(r"(?<![0-9A-Za-z])()sk-[A-Za-z0-9_-]{16,}"),
    re.compile(r"()\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"),
    re.compile(r"(?i)(\bbearer\s+)[A-Za-z0-9._~+/=-]{8,}"),
    re.compile(r"(?i)(\bx-api-key[\"']?\s*[:=,]\s*b?[\"']?)[^\s\"',\\]+"),
    re.compile(r"(://[^\s/:@\"']*:)[^\s/@\"']+(?=@)"),
)


class Redactor:
    """Replaces every known secret, and everything shaped like one, by ``[redacted]``."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        spellings = {spelling for secret in secrets if len(secret) >= SHORTEST for spelling in _spellings(secret)}
        longest_first = sorted(spellings, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        """Return `text` without the secrets; everything else stays as it was."""
        if self._known is not None:
            text = self._known.sub(MASK, text)
        for shape in _SHAPES:
            text = shape.sub(rf"\g<1>{MASK}", text)
        return text


def _spellings(secret: str) -> set[str]:
    """The secret as it stands in plain text, in a URL, in JSON and in a Python repr."""
    return {
        secret,
        quote(secret, safe=""),
        quote(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
    }
