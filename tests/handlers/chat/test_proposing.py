from __future__ import annotations

from pathlib import Path

from bot.localchat.people import LEARNER
from services.people import PeopleService
from tests.handlers.chat.classroom import Proposer, classroom, to_card


async def test_a_proposal_knows_what_its_asker_is_interested_in(tmp_path: Path) -> None:
    author = Proposer()
    async with classroom(tmp_path, author) as room:
        await to_card(room)
        desk = room.live.house.application.desk
        lena = await desk.learners.arrive(LEARNER.id, LEARNER.first_name, LEARNER.username, "en", room.clock.now())
        people = PeopleService(database=room.live.house.database, learners=desk.learners)
        await people.change(lena.id, {"interests": ["chess"]})
        await room.tap("Cancel")
        await to_card(room)
        await room.tap("Make this course")
        await room.someone.sees("Your course is ready")
        assert [wish.interests for wish in author.wishes] == [(), ("chess",)]
        assert [order.interests for order in author.orders] == [("chess",)]
