"""Checks 17–19 made by a second reader; `services.quality.judging` says what its answers come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.authors.model.reading import Reader, as_asked, chosen
from services.authors.model.schemas import GuessShape, JudgementShape
from services.authors.protocol import Citation, Payer, QuestionDraft
from services.quality.judging import Judgements


@dataclass(frozen=True, slots=True)
class ModelJudge:
    """Two calls a section: one that sees the text, and one that does not, for guessing; satisfies `Judge`."""

    reader: Reader
    payer: Payer | None = None

    async def judge(
        self, body: str, citations: Sequence[Citation], questions: Sequence[QuestionDraft], language: str
    ) -> Judgements:
        """See `services.quality.judging.Judge.judge`."""
        if not citations and not questions:
            return Judgements()
        orders = [self._shuffled(question) for question in questions]
        asked = [_shown(number, *pair) for number, pair in enumerate(zip(questions, orders, strict=True), 1)]
        quotes = [{"number": number, "quote": each.quote} for number, each in enumerate(citations, 1)]
        told: dict[str, object] = {"language": language, "text": body, "quote": quotes, "question": asked}
        seen = await self.reader.answer("judge", told, JudgementShape, self.payer, count=len(questions))
        supported = (*seen.supported, *[None] * len(citations))[: len(citations)]
        answered = _places(seen.answers, orders)
        if not questions:
            return Judgements(supported)
        orders = [self._shuffled(question) for question in questions]
        blind = [_shown(number, *pair) for number, pair in enumerate(zip(questions, orders, strict=True), 1)]
        told = {"language": language, "question": blind}
        guessed = await self.reader.answer("guess", told, GuessShape, self.payer, count=len(questions))
        return Judgements(supported, answered, _places(guessed.answers, orders))

    def _shuffled(self, question: QuestionDraft) -> list[int]:
        """An order in which the options are shown: the places that they have in the draft."""
        return self.reader.rng.sample(range(len(question.options)), len(question.options))


def _shown(number: int, question: QuestionDraft, order: Sequence[int]) -> dict[str, object]:
    return as_asked(number, question.prompt, [question.options[place].text for place in order])


def _places(answers: Sequence[int], orders: Sequence[Sequence[int]]) -> tuple[int | None, ...]:
    """The options that were chosen, by their places in the drafts. An answer that names none is an answer that differs
    from every key: no option of the draft has the place -1."""
    places = [chosen(answer, len(order)) for answer, order in zip(answers, orders, strict=True)]
    return tuple(-1 if place is None else order[place] for place, order in zip(places, orders, strict=True))
