"""Checks 17–19, which need a second model: what it is asked, and what its answers come to. Else: not checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.authors.protocol import Citation, QuestionDraft


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
