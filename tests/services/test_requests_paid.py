"""An approved order meets the caps: what would not fit is not begun, what is begun knows what it will cost."""

from __future__ import annotations

import pytest

from services.authors.protocol import Order
from services.errors import Invalid, LimitReached
from services.money.caps import Caps
from services.money.estimate import Size
from services.money.purse import learner_budget
from services.money.quotes import Quotes
from services.requests import Requests
from services.views import LearnerView
from storage.database import Database
from storage.generations import GenerationRepository
from storage.money import MoneyRepository
from tests.kit.author import ScriptedAuthor, order
from tests.kit.database import database, postgres, sqlite
from tests.kit.house import House, house
from tests.services.money.test_quotes import ESTIMATOR, needed

__all__ = ["database", "postgres", "sqlite"]


async def ask(made: House, learner: LearnerView, wanted: Order, caps: Caps, key: str = "a") -> int:
    quotes = Quotes(database=made.database, clock=made.clock, caps=caps, estimator=ESTIMATOR)
    requests = Requests(database=made.database, clock=made.clock, author=ScriptedAuthor(), quotes=quotes)
    return await requests.accept(
        learner, wanted, key=key, document_id=None, chat_id=None, message_id=None, making_seconds=None
    )


async def test_what_it_will_cost_is_kept_with_it(database: Database) -> None:
    async with house(database) as made:
        learner = await made.learner()
        generation_id = await ask(made, learner, order(minutes=60), Caps())
        async with database.reading() as session:
            row = await GenerationRepository(session).get(generation_id)
        expected = ESTIMATOR.estimate(Size(60), made.clock.now().date())
        assert row is not None
        assert expected is not None
        assert row.estimate == expected.amount > 0


async def test_what_does_not_fit_is_not_begun(database: Database) -> None:
    async with house(database) as made:
        learner = await made.learner()
        with pytest.raises(Invalid) as invalid:
            await ask(made, learner, order(minutes=240), Caps(course=needed(60)))
        assert [fault.rule for fault in invalid.value.faults] == ["too_dear"]
        caps = Caps(learner_day=needed(60))
        async with database.transaction() as session:
            budget = learner_budget(learner.id, made.clock.now().date())
            assert await MoneyRepository(session).take(budget, needed(60) // 2, None)
        with pytest.raises(LimitReached) as limit:
            await ask(made, learner, order(minutes=60), caps)
        assert limit.value.limit == "cap_learner"
        assert await made.courses.list_for(learner.id) == ()
        made.clock.at = limit.value.retry_at
        assert await ask(made, learner, order(minutes=60), caps), "when it was said to fit, it fits"


async def test_what_was_begun_is_not_refused_when_it_is_asked_for_again(database: Database) -> None:
    async with house(database) as made:
        learner = await made.learner()
        first = await ask(made, learner, order(minutes=60), Caps())
        assert await ask(made, learner, order(minutes=60), Caps(course=10_000)) == first
