"""The author's shapes as plain JSON values and back: how orders, sources, credits and citations are stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, cast

from services.authors.protocol import Citation, Credit, Level, Option, Order, QuestionDraft, Source


def order_to_json(order: Order) -> dict[str, Any]:
    """An order without its source, which is stored once, as the document."""
    return {
        "title": order.title,
        "description": order.description,
        "objectives": list(order.objectives),
        "level": order.level,
        "minutes": order.minutes,
        "language": order.language,
        "interests": list(order.interests),
    }


def order_from_json(value: dict[str, Any], source: Source | None) -> Order:
    """The order that `order_to_json` wrote, with its source put back."""
    return Order(
        title=value["title"],
        description=value["description"],
        objectives=tuple(value["objectives"]),
        level=cast(Level, value["level"]),
        minutes=value["minutes"],
        language=value["language"],
        source=source,
        interests=tuple(value["interests"]),
    )


def credit_to_json(credit: Credit) -> dict[str, Any]:
    """A credit as a JSON value."""
    return asdict(credit)


def credit_from_json(value: dict[str, Any]) -> Credit:
    """The credit that `credit_to_json` wrote."""
    return Credit(**{**value, "models": tuple(value.get("models", ()))})


def citations_to_json(citations: Sequence[Citation]) -> list[dict[str, Any]]:
    """Citations as JSON values."""
    return [asdict(citation) for citation in citations]


def citations_from_json(values: Sequence[dict[str, Any]]) -> tuple[Citation, ...]:
    """The citations that `citations_to_json` wrote."""
    return tuple(Citation(**value) for value in values)


def options_to_json(options: Sequence[Option]) -> list[dict[str, str]]:
    """A question's options as JSON values, in the author's order."""
    return [asdict(option) for option in options]


def questions_to_json(questions: Sequence[QuestionDraft]) -> list[dict[str, Any]]:
    """A section's questions as JSON values: what is stored of each, but for its place and the order of its options."""
    return [
        {"prompt": one.prompt, "options": options_to_json(one.options), "key": one.key, "hint": one.hint}
        for one in questions
    ]


def questions_from_json(values: Sequence[dict[str, Any]]) -> tuple[QuestionDraft, ...]:
    """The questions that `questions_to_json` wrote."""
    return tuple(
        QuestionDraft(one["prompt"], tuple(Option(**option) for option in one["options"]), one["key"], one["hint"])
        for one in values
    )
