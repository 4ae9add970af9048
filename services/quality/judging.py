"""Checks 17–19, which need a second model: what it is asked, and what its answers come to. Else: not checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.authors.protocol import Citation, QuestionDraft
from services.quality.finding import Finding

SUPPORTED_SHARE = 0.9
AGREED_SHARE = 0.9
GUESSED_SHARE = 0.6
ENOUGH_QUESTIONS = 5  # guesses at fewer say nothing


@dataclass(frozen=True, slots=True)
class Judgements:
    """A judge's answers about one section: for each citation whether it supports the text; for each question the option
    (index in the draft) chosen from the section alone, and chosen without it. None: no answer."""

    supported: tuple[bool | None, ...] = ()
    answered: tuple[int | None, ...] = ()
    guessed: tuple[int | None, ...] = ()


class Judge(Protocol):
    """A second author who judges; it is never the only gate."""

    async def judge(
        self, body: str, citations: Sequence[Citation], questions: Sequence[QuestionDraft], language: str
    ) -> Judgements:
        """Its answers; options are shuffled anew before it sees them and it never sees a key. Raises `AuthorError`."""
        ...


Judged = Mapping[tuple[int, int], Judgements]
"""What a judge said of sections, by the places (0-based) of their lesson and their own."""

Keys = Mapping[tuple[int, int], Sequence[int]]
"""The right options (indexes) of the same sections' questions."""


def grounding(judged: Judged) -> Iterator[Finding] | None:
    """17: fewer than 90 % of the claims are supported by what they cite. None: nothing was judged."""
    said = {place: [one for one in each.supported if one is not None] for place, each in judged.items()}
    every = [one for each in said.values() for one in each]
    if not every:
        return None
    return _unsupported(said) if sum(every) < SUPPORTED_SHARE * len(every) else iter(())


def _unsupported(said: Mapping[tuple[int, int], Sequence[bool]]) -> Iterator[Finding]:
    for (lesson, section), answers in said.items():
        if not all(answers):
            found = f"{answers.count(False)} of {len(answers)} claims are not supported by what they cite"
            path = f"lessons.{lesson}.sections.{section}.citations"
            yield Finding(path, "grounding", found, "at least 90 % supported", "warning")


def answerable(judged: Judged, keys: Keys) -> Iterator[Finding] | None:
    """18: each question that the section alone does not answer as its key says. None: nothing was judged. (Whether
    90 % agree is `agreement`.)"""
    if agreement(judged, keys) is None:
        return None
    return (
        Finding(
            f"lessons.{lesson}.sections.{section}.questions.{number}",
            "answerable",
            "answered otherwise from the section alone",
            "one answer that the section gives",
            "warning",
        )
        for (lesson, section), each in judged.items()
        for number, (chosen, key) in enumerate(zip(each.answered, keys[lesson, section], strict=False))
        if chosen is not None and chosen != key
    )


def agreement(judged: Judged, keys: Keys) -> float | None:
    """The share of questions that the section alone answers as their keys say; good from 0.9 on. None: not judged."""
    return _share([(each.answered, keys[place]) for place, each in judged.items()])


def guessable(judged: Judged, keys: Keys) -> Iterator[Finding] | None:
    """19: more than 60 % of at least five questions are guessed right without the section. None: nothing, or too
    little, was judged."""
    pairs = [(each.guessed, keys[place]) for place, each in judged.items()]
    share = _share(pairs)
    counted = sum(chosen is not None for guessed, _ in pairs for chosen in guessed)
    if share is None or counted < ENOUGH_QUESTIONS:
        return None
    return _guessed(share, counted) if share > GUESSED_SHARE else iter(())


def _guessed(share: float, counted: int) -> Iterator[Finding]:
    found = f"{round(100 * share)} % of {counted} questions are guessed without the text"
    yield Finding("questions", "guessable", found, "at most 60 %: wrong options that are plausible", "warning")


def _share(pairs: Sequence[tuple[Sequence[int | None], Sequence[int]]]) -> float | None:
    right = [
        chosen == key
        for chosen_, keys in pairs
        for chosen, key in zip(chosen_, keys, strict=False)
        if chosen is not None
    ]
    return sum(right) / len(right) if right else None
