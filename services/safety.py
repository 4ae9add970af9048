"""What is not taught, told before anything is spent; and what is written, looked at before anybody reads it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from services.authors.moderator import NOT_CHECKED, Moderator, Screened
from services.authors.protocol import Order, QuizDraft, SectionDraft, Wish
from services.errors import AuthorRefused
from services.generation.making import Arrival
from services.generation.opinions import ReadWhole
from services.quality.course import CheckedCourse
from services.quality.finding import Finding
from services.quality.safety import safety
from services.rules.screening import plain_categories

log = logging.getLogger(__name__)
_HURT_THEMSELVES = "self-harm"


class LocalScreen:
    """A moderator without any service. It knows the plainest wishes only; everything else is not checked."""

    async def screen(self, texts: Sequence[str]) -> tuple[Screened, ...]:
        """See `Moderator.screen`."""
        return tuple(Screened(plain_categories(text), checked=False) for text in texts)


class FirstOf:
    """A moderator that asks the first of several, and of what that cannot judge the next."""

    def __init__(self, *moderators: Moderator) -> None:
        self._moderators = moderators

    async def screen(self, texts: Sequence[str]) -> tuple[Screened, ...]:
        """See `Moderator.screen`."""
        said = [NOT_CHECKED for _ in texts]
        for moderator in self._moderators:
            left = [place for place, one in enumerate(said) if not one.checked and not one.flagged]
            if left:
                for place, one in zip(left, await moderator.screen([texts[place] for place in left]), strict=True):
                    said[place] = one
        return tuple(said)


class Safety:
    """The house's rules on what is taught. `judge` looks at topics; `reader` (None where there is no service) looks at
    what was written, which words alone cannot tell from a chapter of history."""

    def __init__(self, judge: Moderator, reader: Moderator | None = None) -> None:
        self._judge = judge
        self._reader = reader

    async def topic(self, wish: Wish) -> None:
        """Raises AuthorRefused (``unsafe``, ``unsafe_self_harm``) for what is not taught."""
        await self._refuse("\n".join(part for part in (wish.topic, wish.detail) if part))

    async def order(self, order: Order) -> None:
        """The same for what was approved, which its learner may have reworded."""
        await self._refuse("\n".join((order.title, order.description, *order.objectives)))

    async def check(self, arrival: Arrival) -> Sequence[Finding]:
        """Check 20 of a new piece; nothing where nobody can look."""
        if self._reader is None:
            return ()
        piece = arrival.piece
        (said,) = await self._reader.screen([text_of(piece)])
        section = f"lessons.{arrival.lesson}.sections.{piece.index}"
        return tuple(safety(said.categories, f"{section}.{'body' if isinstance(piece, SectionDraft) else 'questions'}"))

    @property
    def read_whole(self) -> ReadWhole | None:
        """Looks at a finished course, where there is a service that can."""
        return None if self._reader is None else self._whole

    async def _whole(self, course: CheckedCourse) -> Mapping[str, tuple[str, ...]] | None:
        texts = {"description": f"{course.title}\n{course.description}\n{course.alternative_text or ''}"}
        for lesson, place, section in course.written():
            path = f"lessons.{lesson}.sections.{place}"
            texts[f"{path}.body"] = f"{section.title}\n\n{section.body}"
            if section.questions:
                texts[f"{path}.questions"] = text_of(QuizDraft(place, section.questions))
        if self._reader is None:
            return None
        said = dict(zip(texts, await self._reader.screen(list(texts.values())), strict=True))
        if not all(one.checked or one.flagged for one in said.values()):
            return None
        return {path: one.categories for path, one in said.items() if one.flagged}

    async def _refuse(self, text: str) -> None:
        if not text.strip():
            return
        (said,) = await self._judge.screen([text])
        if said.flagged:
            log.info("a wish was refused: %s", ", ".join(said.categories))
            hurts_self = any(name.startswith(_HURT_THEMSELVES) for name in said.categories)
            raise AuthorRefused("unsafe_self_harm" if hurts_self else "unsafe")


def text_of(piece: SectionDraft | QuizDraft) -> str:
    """All words of a piece that a learner may read."""
    if isinstance(piece, SectionDraft):
        return f"{piece.title}\n\n{piece.body}"
    return "\n".join(
        part
        for question in piece.questions
        for part in (
            question.prompt,
            question.hint,
            *(text for option in question.options for text in (option.text, option.explanation)),
        )
        if part
    )
