"""What a course will probably cost, from its size and the prices. Pure numbers.

The shares that no table tells are guesses, and named here; how far they are off is measured (`services.money.reports`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.authors.model import sizes
from services.authors.model.material import LESSON_BUDGET, PLAN_BUDGET
from services.authors.model.wire import Usage
from services.money.prices import Price, Prices, cost

CHARACTERS_PER_TOKEN = 4
ORDER_TOKENS = 350  # of the block that says what was ordered
OUTLINE_TOKENS = 800  # titles, glossary, example
TASK_TOKENS = 500  # of what a call says for itself alone, its section's text not counted
PLAN_THINKING, BODY_THINKING, QUIZ_THINKING = 2_000, 1_500, 600
WRITERS = 2  # calls that begin before the first of them has filled the provider's cache
READER_TOKENS = 400  # of what a second model is told with every call
READING, GUESSING = 700, 300  # tokens that it answers for a section with its text, and without
PICTURE = Usage(fresh=300, output=1_600)  # of a prompt and a square picture of middling quality
REPAIRS = Decimal("1.1")  # what is asked for again comes on top of what is written


@dataclass(frozen=True, slots=True)
class Estimate:
    """Millionths of a US dollar: what a course will come to (`amount`), and what must be free of a cap for it to be
    finished (`needs`), since its last call, too, is let through only if its worst case fits."""

    amount: int
    needs: int


@dataclass(frozen=True, slots=True)
class Size:
    """What the cost of a course follows from: its minutes, and the characters of the document that it rests on."""

    minutes: int
    source: int = 0


class Estimator:
    """Estimates for the models that plan and write, the one that draws and the one that gives a second opinion, if
    any; `rules` are the tokens that every call of a course begins with."""

    def __init__(
        self,
        prices: Prices,
        *,
        plan_model: str,
        lesson_model: str,
        rules: int,
        picture_model: str | None = None,
        second_model: str | None = None,
    ) -> None:
        self._prices = prices
        self._models = (plan_model, lesson_model)
        self._picture_model = picture_model
        self._second_model = second_model
        self._rules = rules

    def estimate(self, size: Size, day: date) -> Estimate | None:
        """The estimate for a course made on `day`; None where a price is not known."""
        planning, writing = (self._prices.at(model, day) for model in self._models)
        if planning is None or writing is None:
            return None
        lessons, sections = sizes.size_for(size.minutes)
        minutes = max(size.minutes, sizes.SECTION_MINUTES[0] * lessons * sections)
        shared, own = self._prefix(size.source)
        plan = cost(self._plan(lessons, min(size.source, PLAN_BUDGET)), planning)
        written = cost(_texts(lessons, minutes, shared, own), writing)
        written += cost(_questions(lessons * sections, minutes, shared + own), writing)
        drawing = self._prices.at(self._picture_model, day) if self._picture_model else None
        picture = cost(PICTURE, drawing) if drawing else 0
        reading = self._prices.at(self._second_model, day) if self._second_model else None
        opinion = cost(_opinion(lessons * sections, minutes), reading) if reading else 0
        amount = plan + picture + opinion + math.ceil(written * REPAIRS)
        largest = max(
            _worst(self._rules + size.source // CHARACTERS_PER_TOKEN, sizes.plan_room(lessons, 0), planning),
            _worst(shared + own, sizes.bodies_room(math.ceil(minutes / lessons), 0), writing),
        )
        return Estimate(amount, amount + largest)

    def _prefix(self, source: int) -> tuple[int, int]:
        """Tokens that all calls which write begin with, and those that only one lesson's do."""
        shared = self._rules + ORDER_TOKENS + OUTLINE_TOKENS
        if source <= LESSON_BUDGET:
            return shared + source // CHARACTERS_PER_TOKEN, 0
        return shared, LESSON_BUDGET // CHARACTERS_PER_TOKEN

    def _plan(self, lessons: int, source: int) -> Usage:
        written = self._rules + ORDER_TOKENS
        output = OUTLINE_TOKENS + lessons * sizes.CONTRACT_TOKENS + PLAN_THINKING
        return Usage(fresh=TASK_TOKENS + source // CHARACTERS_PER_TOKEN, written=written, output=output)


def _texts(lessons: int, minutes: int, shared: int, own: int) -> Usage:
    """All texts, one call for a lesson."""
    return Usage(
        fresh=lessons * TASK_TOKENS,
        cached=shared * max(0, lessons - WRITERS),
        written=shared * min(lessons, WRITERS) + own * lessons,
        output=minutes * sizes.TOKENS_PER_MINUTE + lessons * BODY_THINKING,
    )


def _questions(sections: int, minutes: int, prefix: int) -> Usage:
    """All questions, one call for a section, each with the text that it is about."""
    return Usage(
        fresh=sections * TASK_TOKENS + minutes * sizes.TOKENS_PER_MINUTE,
        cached=sections * prefix,
        output=sections * (sizes.QUESTIONS * sizes.QUESTION_TOKENS + QUIZ_THINKING),
    )


def _opinion(sections: int, minutes: int) -> Usage:
    """Two calls for a section: its questions with its text, and without."""
    asked = READER_TOKENS + sizes.QUESTIONS * sizes.QUESTION_TOKENS
    return Usage(fresh=2 * sections * asked + minutes * sizes.TOKENS_PER_MINUTE, output=sections * (READING + GUESSING))


def _worst(tokens: int, room: int, price: Price) -> int:
    """What is reserved for a call: its prompt at the dearer of its prices and with twice the tokens (that is how they
    are counted beforehand), its room as output."""
    return math.ceil(2 * (tokens + TASK_TOKENS) * max(price.input, price.cache_write) + room * price.output)
