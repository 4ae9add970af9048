"""What words are alike to a reader, and how a text is cut short: once, for checks, authors and texts by hand. Pure."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """`text` for telling whether two options, titles or questions are the same to a reader: width, case and blanks do
    not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def clip(text: str, longest: int) -> str:
    """`text` in at most `longest` characters, cut between words where there are blanks, with an ellipsis."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    blank = kept.rfind(" ")
    return (kept[:blank] if blank > longest // 2 else kept).rstrip(" ,;:.–—-") + "…"
