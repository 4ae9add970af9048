"""A second reader: a model that did not write the course answers questions about it, and never sees a key."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import BaseModel

from services.authors.model import schemas
from services.authors.model.answers import parsed
from services.authors.model.calling import Calls
from services.authors.model.ladder import Ladder
from services.authors.model.prompting import Prompts
from services.authors.model.provider import Provider
from services.authors.model.wire import Ask, Block
from services.authors.protocol import Payer
from services.authors.retry import BadAnswer
from services.errors import AuthorError

ROOM = 2_000  # tokens of an answer, thinking included; doubled when that breaks off
_Shape = TypeVar("_Shape", bound=BaseModel)
Material = dict[str, object]


def second_readers(providers: Sequence[Provider]) -> tuple[Provider, ...]:
    """Whoever did not write: all but the first provider; of a single one the model that plans, if that is another."""
    if len(providers) > 1:
        return tuple(providers[1:])
    return tuple(replace(one, lesson_model=one.plan_model) for one in providers if one.plan_model != one.lesson_model)


@dataclass(frozen=True, slots=True)
class Reader:
    """Asks `readers` in order, each as far as it can be asked. `rng` marks where material begins and shuffles."""

    calls: Calls
    readers: tuple[Provider, ...]
    prompts: Prompts
    rng: random.Random

    async def answer(
        self, name: str, told: Material, shape: type[_Shape], payer: Payer | None, *, count: int | None = None
    ) -> _Shape:
        """What a reader says to prompt `name`; where `count` is given, one answer for each question. Raises
        `AuthorError`."""
        ladder, key = Ladder(self.readers), f"{self.rng.getrandbits(64):016x}"
        while True:
            try:
                answer = parsed(await self._said(name, key, told, shape, payer, ladder), shape)
                if count is not None and len(getattr(answer, "answers", ())) != count:
                    raise BadAnswer([f"There must be {count} answers, one for each question, in order."])
            except AuthorError as error:
                ladder.after(error)
            else:
                return answer

    async def _said(
        self, name: str, key: str, told: Material, shape: type[BaseModel], payer: Payer | None, ladder: Ladder
    ) -> str:
        user = self.prompts.fill(name, key=key, material=told, complaints=ladder.complaints)
        blocks = (Block(self.prompts.text("reader")),)
        schema, room = schemas.wire_schema(shape), ROOM << ladder.cut
        ask = Ask(ladder.provider.lesson_model, blocks, user, schema, room, "low", name)
        async with aclosing(self.calls.stream(ladder.provider.name, ask, payer, ladder.receipt)) as texts:
            return "".join([text async for text in texts])


def as_asked(number: int, prompt: str, options: Sequence[str]) -> Material:
    """A question as a reader is shown it: its options are numbered from 1."""
    return {"number": number, "prompt": prompt, "options": [f"{at}. {text}" for at, text in enumerate(options, 1)]}


def chosen(answer: int, options: int) -> int | None:
    """The place (0-based) of the option that an answer names; None for none of them."""
    return answer - 1 if 1 <= answer <= options else None
