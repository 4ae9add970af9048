"""From the text of an answer to its shape: whole, or as far as it came."""

from __future__ import annotations

import json
import re
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from services.authors.model.incremental import ObjectStream
from services.authors.model.schemas import OutlineShape
from services.authors.retry import BadAnswer

_Shape = TypeVar("_Shape", bound=BaseModel)
_FENCED = re.compile(r"\A\s*```(?:json)?\s*(.*?)\s*```\s*\Z", re.DOTALL)
_LESSONS = re.compile(r'(?<!\\)"lessons"\s*:\s*\[')


def parsed(text: str, shape: type[_Shape]) -> _Shape:
    """`text` as `shape`. Raises `BadAnswer` with where it does not fit."""
    fenced = _FENCED.match(text)
    try:
        return shaped(json.loads(fenced[1] if fenced else text, strict=False), shape)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(["The answer was not one whole JSON object."]) from error


def shaped(value: object, shape: type[_Shape]) -> _Shape:
    """A decoded `value` as `shape`. Raises `BadAnswer` with where it does not fit."""
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        # Places and rules only: what the model wrote there must not come back to it as part of our words.
        places = [".".join(str(part) for part in each["loc"]) for each in error.errors()[:6]]
        raise BadAnswer([f"The JSON did not have the shape asked for at: {', '.join(places)}."]) from error


class PlanStream:
    """A plan that is being written: the outline as soon as the contracts begin, then each contract as it ends."""

    def __init__(self) -> None:
        self._head = ""
        self._contracts = ObjectStream("lessons")
        self._outlined = False

    def feed(self, piece: str) -> list[OutlineShape | object]:
        """What `piece` completed, in order: the outline, contracts as decoded JSON. Raises `BadAnswer` for an outline
        that has not its shape."""
        done: list[OutlineShape | object] = []
        if not self._outlined:
            self._head += piece
            if found := _LESSONS.search(self._head):
                self._outlined = True
                head = self._head[self._head.index("{") if "{" in self._head else 0 : found.start()]
                done.append(parsed(head.rstrip().rstrip(",") + "}", OutlineShape))
        return [*done, *self._contracts.feed(piece)]
