"""How a question is shown, tried and counted (product.md §5, §6): pure, with everything it needs as an argument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.authors.protocol import Option
from services.rules import shuffling
from services.rules.progress import percent
from services.views.questions import AskedView, Outcome, Reason

TRIES = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """A question as its author wrote it, with its key: never leaves the services."""

    id: int
    section_id: int
    position: int
    prompt: str
    options: tuple[Option, ...]
    key: int
    hint: str
    seed: int


@dataclass(frozen=True, slots=True)
class Tried:
    """One recorded try: `choice` is a place as the author wrote the options, None for a skip."""

    choice: int | None
    correct: bool
    skipped: bool


def shown_order(seed: int, learner_id: int, count: int) -> tuple[int, ...]:
    """The author's places of a question's options in the order in which this learner sees them, always the same one:
    the stored order, turned by as many places for all questions, so that no slot has the key more often for anybody.
    `learner_id` 0 is for who is not signed in."""
    places = shuffling.shown_order(seed, count)
    turn = learner_id % count
    return places[turn:] + places[:turn]


def settles(question: Kept, nth: int, choice: int | None) -> bool:
    """Whether a try is the last one: right, skipped, or the second; of two options only the first try is a question."""
    return choice is None or choice == question.key or nth >= TRIES or len(question.options) <= TRIES


def score(right: int, total: int) -> int | None:
    """Per cent of all questions that count which were right at the first try; None where there are none."""
    return percent(min(right, total), total) if total > 0 else None


def voted_down(key: int, answers: Sequence[int | None]) -> bool | None:
    """Whether a key is wrong by those who solved the question without it: only if all say so, each with an answer; None
    if they cannot tell."""
    if any(answer == key for answer in answers):
        return False
    return None if not answers or None in answers else True


def asked(
    question: Kept,
    learner_id: int,
    tries: Sequence[Tried],
    *,
    number: int,
    of: int,
    voided: bool,
    disputed: bool,
) -> AskedView:
    """A question as it stands for a learner after their `tries`, in order."""
    order = shown_order(question.seed, learner_id, len(question.options))
    chosen = [one.choice for one in tries if one.choice is not None]
    outcome = _outcome(question, tries, voided=voided)
    settled = outcome != "open"
    known = bool(tries) and _is_settled(question, tries)  # a question that was voided unanswered keeps its key
    return AskedView(
        id=question.id,
        section_id=question.section_id,
        number=0 if voided else number,
        of=of,
        prompt=question.prompt,
        options=tuple(question.options[place].text for place in order),
        tried=tuple(order.index(choice) for choice in chosen if choice != question.key),
        attempt=None if settled else len(tries) + 1,
        hint=question.hint if tries and not settled else None,
        outcome=outcome,
        chosen=_reason(question, order, chosen[-1]) if known and chosen else None,
        right=_reason(question, order, question.key) if known else None,
        at_first=bool(tries) and tries[0].correct,
        disputed=disputed,
    )


def _outcome(question: Kept, tries: Sequence[Tried], *, voided: bool) -> Outcome:
    if voided:
        return "voided"
    if not _is_settled(question, tries):
        return "open"
    if tries[-1].skipped:
        return "skipped"
    return "right" if tries[-1].correct else "wrong"


def _is_settled(question: Kept, tries: Sequence[Tried]) -> bool:
    return any(settles(question, nth, one.choice) for nth, one in enumerate(tries, 1))


def _reason(question: Kept, order: Sequence[int], place: int) -> Reason:
    option = question.options[place]
    return Reason(order.index(place), option.text, option.explanation)
