"""Where something stands in a document, in words."""

from __future__ import annotations

from handlers.texts import plain


def standing(language: str, place: str, page: int) -> str:
    """``page 3``, or where there are no pages (0) `place`, the headings that lead to it."""
    return plain(language, "place.page", n=page) if page else place
