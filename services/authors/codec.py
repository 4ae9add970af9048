"""The author's shapes as plain JSON values and back: how orders, credits, citations, plans and findings are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

from services.authors.protocol import (
    Citation,
    Credit,
    LessonPlan,
    Level,
    Made,
    Option,
    Order,
    Payer,
    QuestionDraft,
    Source,
    Term,
    stands,
)
from services.quality.finding import Finding


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


def order_from_json(value: dict[str, Any], source: Source | None, payer: Payer | None = None) -> Order:
    """The order that `order_to_json` wrote, with its source put back, and on whose account it goes."""
    return Order(
        title=value["title"],
        description=value["description"],
        objectives=tuple(value["objectives"]),
        level=cast(Level, value["level"]),
        minutes=value["minutes"],
        language=value["language"],
        source=source,
        interests=tuple(value["interests"]),
        payer=payer,
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
    return tuple(Citation(value["passage"], value["quote"], *stands(value)) for value in values)


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


def options_from_json(values: Sequence[Mapping[str, str]]) -> tuple[Option, ...]:
    """The options that `options_to_json` wrote."""
    return tuple(Option(value["text"], value["explanation"]) for value in values)


def made_to_json(made: Made | None) -> dict[str, str] | None:
    """Who wrote a piece, as a JSON value."""
    return None if made is None else asdict(made)


def made_from_json(value: Mapping[str, str] | None) -> Made | None:
    """What `made_to_json` wrote."""
    return None if value is None else Made(**value)


def glossary_to_json(glossary: Sequence[Term]) -> list[dict[str, str]]:
    """A glossary as JSON values."""
    return [asdict(term) for term in glossary]


def glossary_from_json(values: Sequence[Mapping[str, str]]) -> tuple[Term, ...]:
    """The glossary that `glossary_to_json` wrote."""
    return tuple(Term(value["term"], value["meaning"]) for value in values)


def contract_to_json(lesson: LessonPlan) -> dict[str, Any]:
    """What a lesson's contract says beside its title, objectives and sections."""
    return {
        "needs": list(lesson.needs),
        "covered": list(lesson.covered),
        "avoid": list(lesson.avoid),
        "example": lesson.example,
        "handoff": lesson.handoff,
    }


def findings_to_json(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """Findings as JSON values."""
    return [asdict(finding) for finding in findings]


def findings_from_json(values: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """The findings that `findings_to_json` wrote."""
    return tuple(Finding(**value) for value in values)
