"""🚩: solved again by who does not know the key, decided by the owner, told to everybody whom it concerns."""

from __future__ import annotations

from pathlib import Path

from bot.localchat.people import INSTRUCTOR
from handlers.chat.buttons import encode
from handlers.chat.buttons_questions import AskSection, Decide, Flag
from services.disputes import ASK_OWNER, SOLVE, TELL
from services.errors import AuthorRefused
from tests.chat.quiz import KEY, WRONG, ScriptedSolver, enrol, labelled, quiz_room, to_question
from tests.chat.transcript import Transcript
from tests.handlers.chat.room import Room

PROMPT = "What does a starter of 1.0 need?"


async def settled(room: Room) -> None:
    """Until no dispute is being looked at and everybody is told."""
    await room.quiet()
    load = await room.live.house.application.desk.health.workload()
    assert not {SOLVE, ASK_OWNER, TELL} & set(load.open)
    assert load.aside == 0


async def test_both_say_otherwise_and_it_counts_for_nobody(tmp_path: Path) -> None:
    solver = ScriptedSolver([WRONG])
    async with quiz_room(tmp_path, solver, somebody_elses=True) as room:
        ines = room.of(room.live.instructor)
        await ines.say("/start")
        await ines.press(encode(AskSection(1)))
        await ines.tap(labelled(ines, KEY))
        await to_question(room)
        await room.tap(labelled(room, WRONG))
        assert (await room.tap("🚩")).startswith("Noted. I will have it solved again without its answer")
        await settled(room)
        assert len(solver.seen) == 2
        assert all(prompt == PROMPT and "Flour and water" in text for prompt, _, text in solver.seen)
        assert room.text.startswith("You were right to ask. This question was taken out of Sourdough for everybody")
        told = [one for one in ines.someone.messages() if PROMPT in one.text and "question 1 of" not in one.text]
        assert len(told) == 1, "the owner is told once, as the owner"
        assert "both times another option came out" in told[0].text
        assert told[0].buttons == []
        await room.tap("▶ Look at it")
        assert "taken out: it counts for nobody." in room.text
        await room.tap("⬅ Back to the section")
        assert room.keys[-1] == ["📝 Note", "❓ 1 question"]


async def test_one_of_them_agrees_with_the_key_and_it_stands(tmp_path: Path) -> None:
    async with quiz_room(tmp_path, ScriptedSolver([WRONG, KEY]), somebody_elses=True) as room:
        await to_question(room)
        await room.tap("🚩")
        await settled(room)
        assert room.text.startswith("I had your question from Sourdough for everybody solved again")
        assert room.text.endswith(PROMPT)
        await room.tap("▶ Look at it")
        assert "Skip" in room.screen.buttons, "it can be answered as before"


async def test_who_cannot_tell_leaves_it_to_the_owner(tmp_path: Path) -> None:
    undecided: list[list[str | Exception | None]] = [[None], [WRONG, None], [AuthorRefused("refused")]]
    for number, answers in enumerate(undecided):
        async with quiz_room(tmp_path / str(number), ScriptedSolver(answers), somebody_elses=True) as room:
            ines = room.of(room.live.instructor)
            await ines.say("/start")
            await to_question(room)
            await room.tap("🚩")
            await settled(room)
            assert "without a clear result. Whoever made the course decides now" in room.text
            assert ines.text.startswith("Somebody thinks that this question is wrong.")
            assert await ines.tap("Void it") == "Taken out."
            await settled(room)
            assert room.text.startswith("You were right to ask.")


async def test_the_owner_has_the_last_word_after_the_solvers(tmp_path: Path) -> None:
    async with quiz_room(tmp_path, ScriptedSolver([KEY]), somebody_elses=True) as room:
        ines = room.of(room.live.instructor)
        await ines.say("/start")
        await to_question(room)
        await room.tap("🚩")
        await settled(room)
        asked = next(one for one in ines.someone.messages() if "thinks that this question is wrong" in one.text)
        message = int(asked.raw["message_id"])
        assert await ines.press(encode(Decide(1, 1)), message) == "Taken out."
        assert await ines.press(encode(Decide(1, 1)), message) == "Taken out.", "a second tap changes nothing"
        await settled(room)
        assert sum("You were right to ask." in one.text for one in room.someone.messages()) == 1
        said = "This question was taken out already; it counts for nobody."
        assert await ines.press(encode(Decide(1, 0)), message) == said


async def test_without_a_solver_ones_own_course_is_ones_own_decision(tmp_path: Path) -> None:
    async with quiz_room(tmp_path) as room:
        await to_question(room)
        question = room.screen
        assert (await room.tap("🚩")).startswith("Noted. This is your own course, so the decision is yours")
        await settled(room)
        assert room.text.startswith("You flagged a question of your own course.\nSourdough for everybody · Section 1.1")
        assert "You have not answered it yourself yet" in room.text
        assert "is what this is about" not in room.text
        assert await room.tap("It is right") == "It stays."
        assert "It stays as it is." in room.text
        await settled(room)
        assert not any("answer stands" in one.text for one in room.someone.messages()), "who decided knows"
        await room.press(question.data(KEY), int(question.raw["message_id"]))
        await room.tap("Void it")
        assert "counted without it" in room.text


async def test_once_a_question_and_so_many_a_day(tmp_path: Path) -> None:
    async with quiz_room(tmp_path, ScriptedSolver([KEY]), somebody_elses=True, DISPUTES_PER_DAY="2") as room:
        await to_question(room)
        for number, said in ((1, "Noted."), (1, "You have flagged this one already"), (2, "Noted.")):
            assert (await room.press(encode(Flag(number)))).startswith(said)
        assert (await room.press(encode(Flag(3)))).startswith("You have flagged 2 questions within a day")
        room.clock.ahead += 86_401
        assert (await room.press(encode(Flag(3)))).startswith("Noted.")
        await settled(room)


async def test_who_blocked_the_bot_is_let_be(tmp_path: Path) -> None:
    async with quiz_room(tmp_path, ScriptedSolver([WRONG]), somebody_elses=True) as room:
        ines = room.of(room.live.instructor)
        await ines.say("/start")
        await ines.press(encode(AskSection(1)))
        await ines.tap(labelled(ines, KEY))
        await ines.someone.seat.block()
        await ines.quiet()
        count = len(ines.someone.messages())
        await to_question(room)
        await room.tap("🚩")
        await settled(room)
        assert room.text.startswith("You were right to ask.")
        assert len(ines.someone.messages()) == count


async def test_nobody_decides_but_the_owner(tmp_path: Path) -> None:
    async with quiz_room(tmp_path, somebody_elses=True) as room:
        await room.live.instructor.say("/start")
        await to_question(room)
        await room.tap("🚩")
        await settled(room)
        for wrong in (0, 1):
            said = "That is not yours to decide, or is not there any more."
            assert await room.press(encode(Decide(1, wrong))) == said
            assert await room.press(encode(Decide(2**62, wrong))) == said


async def test_the_words_of_a_dispute(tmp_path: Path) -> None:
    """Both ways, as everybody reads them: kept in docs/transcripts/dispute.md."""
    kept = Transcript({})
    kept.head(
        "# A dispute, word for word",
        f"Lena learns in a course of {INSTRUCTOR.first_name}'s. What is here was said by the bot in a test, which "
        "fails if it says anything else.",
    )
    for name, answers, head in (
        ("upheld", [WRONG], "## Upheld: both who solve it again say something else than its key"),
        ("rejected", [KEY], "## Rejected: its answer stands"),
    ):
        async with quiz_room(tmp_path / name, ScriptedSolver(answers), somebody_elses=True, questions=1) as room:
            ines = room.of(room.live.instructor)
            await ines.say("/start")
            await ines.press(encode(AskSection(1)))
            await ines.tap(labelled(ines, KEY))
            await to_question(room)
            kept.people = {"Lena": room, INSTRUCTOR.first_name: ines}
            kept._seen.clear()
            await kept.look(quietly=True)
            kept.head(head)
            await kept.tap("Lena", labelled(room, WRONG))
            await kept.tap("Lena", "🚩")
            await settled(room)
            await kept.look()
            await kept.tap("Lena", "▶ Look at it")
    kept.compare("dispute.md")


async def test_everybody_who_answered_is_told_and_counted_anew(tmp_path: Path) -> None:
    async with quiz_room(tmp_path, ScriptedSolver([WRONG]), somebody_elses=True, questions=1) as room:
        nora = room.of(room.live.stranger(77, "Nora"))
        await nora.say("/start")
        database = room.live.house.database
        await enrol(database, 3, 1)
        await nora.press(encode(AskSection(1)))
        await nora.tap(labelled(nora, KEY))
        await to_question(room)
        await room.tap("Skip")
        scores = room.live.house.application.desk.progress
        assert [(await scores.progress(who, 1)).score for who in (1, 3)] == [0, 33]
        await room.tap("🚩")
        await settled(room)
        assert nora.text.startswith(
            "A question that you answered in Sourdough for everybody was wrong and is taken out."
        )
        assert [(await scores.progress(who, 1)).score for who in (1, 3)] == [0, 0]
        assert [(await scores.progress(who, 1)).questions_total for who in (1, 3)] == [2, 2]
