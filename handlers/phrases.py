"""What the chat and REST say in the same words."""

from __future__ import annotations

from handlers.texts import DEFAULT, plain, texts


def standing(language: str, place: str, page: int) -> str:
    """Where something stands in a document: ``page 3``, or where there are no pages (0) `place`, the headings that lead
    to it."""
    return plain(language, "place.page", n=page) if page else place


def because_of(failure: str | None, language: str) -> str:
    """Why something could not be made, as the end of a sentence."""
    key = f"because.{failure}"
    return plain(language, key if key in texts(DEFAULT) else "because")


def without_questions(sections: int, failure: str | None, language: str) -> str:
    """How many sections have no questions, and why."""
    return plain(language, "status.without_questions", n=sections, because=because_of(failure, language))
