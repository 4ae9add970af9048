"""Solving a disputed question from its text, without being told its key."""

from __future__ import annotations

from collections.abc import Sequence

from services.authors.model.reading import Reader, as_asked, chosen
from services.authors.model.schemas import SolutionShape
from services.authors.protocol import Payer


class ModelSolver:
    """One call for each question. Who asks for several opinions calls as often, with the options in another order."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def solve(self, question_prompt: str, options: Sequence[str], section_text: str, payer: Payer) -> int | None:
        """The place (0-based) of the right one among `options`; None if the text does not decide it. Raises
        `AuthorError`."""
        told: dict[str, object] = {"text": section_text, "question": [as_asked(1, question_prompt, options)]}
        answer = await self._reader.answer("solve", told, SolutionShape, payer)
        return chosen(answer.answer, len(options))
