from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.chat import registry
from handlers.chat.buttons import MAX_BYTES, Button
from handlers.chat.request_steps import Data, forget_answers, next_step, previous_step
from handlers.chat.routes import Press
from handlers.chat.screen import Screen
from handlers.chat.screens import asking, status, welcome, words
from services.views import CourseCard, GenerationView, LessonState, StepView
from tests.handlers.chat.making import card

STEPS = (
    *("topic", "level", "time", "time_other", "proposing", "clarify", "failed", "card", "limited"),
    *("edit", "edit_title", "edit_description", "edit_objectives", "edit_level", "edit_time"),
)
AT = datetime(2026, 11, 23, 13, 20, tzinfo=UTC)
DRAFT = 2**62


def data(size: int = 1, **more: Any) -> Data:
    """What was said so far, every text `size` times as long as it may be short."""
    proposed = {
        "title": "Ti<le &" + "t" * min(3 * size, 93),
        "description": "d" * min(50 * size, 500),
        "objectives": ["o" * min(10 * size, 200)] * min(3 * size, 10),
        "level": "beginner",
        "minutes": 60,
        "language": "en",
        "making_seconds": 120,
        "lessons": 5,
        "sections": 13,
    }
    limit = {"retry_at": AT.isoformat(), "allowed": 5, "window_seconds": 900}
    topic = "a < b & " + "c" * min(20 * size, 290)
    return {
        "draft": DRAFT,
        "topic": topic,
        "card": proposed,
        "failure": "author.overloaded",
        "question": "The <island> & more?" * size,
        **limit,
        **more,
    }


def shown(step: str, offline: bool = False, size: int = 1, **more: Any) -> Screen:
    return asking.screen(asking.Asked(step, data(size, **more), "en", "Europe/Vienna", offline))


def visible(text: str) -> str:
    return re.sub(r"<[^>]+>", "", text).replace("&lt;", "<").replace("&amp;", "&")


def keys(screen: Screen) -> Iterator[dict[str, Any]]:
    for row in screen.keyboard()["inline_keyboard"]:
        assert len(row) <= 8
        yield from row


@pytest.mark.parametrize("offline", [False, True])
@pytest.mark.parametrize("size", [1, 20])
@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_a_screen_that_fits_telegram(step: str, size: int, offline: bool) -> None:
    for suggestion in (None, "S" * 100):
        more = {} if suggestion is None or step == "time_other" else {"suggestion": suggestion}
        screen = shown(step, offline, size, **more)
        assert 0 < len(visible(screen.text)) <= 4096
        labels = list(keys(screen))
        assert labels, "every step can be answered by a tap"
        assert all(len(key["callback_data"].encode()) <= MAX_BYTES for key in labels)
        assert all(0 < len(key["text"]) <= 64 for key in labels)
        assert "✖ Cancel" in [key["text"] for key in labels]
        assert (step == "topic") != ("⬅ Back" in [key["text"] for key in labels])


def test_what_was_typed_is_escaped() -> None:
    assert "Ti&lt;le &amp;" in shown("card").text
    assert "<b>a &lt; b &amp; c" in shown("level").text


def test_the_limit_is_said_in_the_learners_own_time() -> None:
    assert visible(shown("limited").text) == (
        "You have made 5 courses in a quarter of an hour, which is the limit. "
        "The next one can start at 14:20. I kept your request."
    )
    assert shown("limited", reminder=True).text == "I will bring your request back at 14:20."


def test_offline_neither_time_nor_objectives_are_asked_for() -> None:
    text = visible(shown("card", offline=True).text)
    assert "5 lessons · 13 sections · about 1 h" in text
    assert "Made without AI from a < b" in text
    assert "You will be able to" not in text


@pytest.mark.parametrize(
    ("known", "offline", "step"),
    [
        ({}, False, "topic"),
        ({"topic": "x"}, False, "level"),
        ({"topic": "x", "level": "beginner"}, False, "time"),
        ({"topic": "x", "level": "beginner", "minutes": 60}, False, "proposing"),
        ({"document_id": 1}, False, "level"),
        ({"topic": "x"}, True, "topic"),
        ({"document_id": 1}, True, "proposing"),
    ],
)
def test_the_next_question_is_the_first_that_is_open(known: Data, offline: bool, step: str) -> None:
    assert next_step(known, offline) == step


@pytest.mark.parametrize("offline", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_going_back_ends_at_the_topic(step: str, offline: bool) -> None:
    known = data(document_id=1, level="beginner", minutes=60)
    for _ in range(len(STEPS)):
        step = previous_step(step, offline)
        known = forget_answers(known, step)
        shown_at = asking.screen(asking.Asked(step, known, "en", "UTC", offline))
        assert shown_at.text
    assert step == "topic"
    assert set(known) == {"draft"}


def steps(*states: LessonState, title: str = "Feeding") -> tuple[StepView, ...]:
    return tuple(
        StepView(at + 1, at, f"{title} {at}", state, "overloaded" if state == "failed" else None)
        for at, state in enumerate(states)
    )


VIEW = GenerationView(
    id=DRAFT,
    course_id=1,
    learner_id=1,
    state="running",
    title="Sourdough: from flour to a risen loaf",
    description="",
    progress=55,
    planned=True,
    picture="ready",
    steps=steps("ready", "writing", "waiting", "waiting", "waiting"),
    started_at=AT,
    elapsed_seconds=62,
    remaining_seconds=52,
    sections_total=13,
    minutes=58,
    failure=None,
    chat_id=1,
    message_id=1,
    message_replaced=False,
    first_section_id=7,
    can_keep=False,
    lessons_written=1,
    told=False,
)


def test_the_status_message_is_that_of_the_storyboard() -> None:
    screen = status.generation(VIEW, "en")
    assert visible(screen.text).splitlines() == [
        "Sourdough: from flour to a risen loaf",
        "▓▓▓▓▓▓▓░░░░░░ 55 % · 60 s so far · about 50 s left",
        "✅ Plan · 5 lessons",
        "✅ 1 Feeding 0",
        "⏳ 2 Feeding 1",
        "◻ 3 Feeding 2   ◻ 4 Feeding 3   ◻ 5 Feeding 4",
        "✅ Picture",
    ]
    assert [key["text"] for key in keys(screen)] == ["▶ Start lesson 1 now", "✖ Stop"]


def test_names_are_shown_while_the_plan_is_still_being_made() -> None:
    view = replace(VIEW, planned=False, steps=steps("writing", "waiting", "waiting"), picture="drawing")
    assert visible(status.generation(view, "en").text).splitlines()[2:] == [
        "⏳ Plan · 3 lessons",
        "⏳ 1 Feeding 0",
        "◻ 2 Feeding 1   ◻ 3 Feeding 2",
        "⏳ Picture",
    ]


def test_of_a_lesson_that_failed_in_part_the_part_is_named() -> None:
    whole, part = (
        StepView(1, 0, "Feeding", "failed", "overloaded"),
        StepView(2, 1, "Folding", "failed", "dropped", (1,)),
    )
    fine = StepView(3, 2, "Baking", "ready", None)
    said = visible(status.generation(replace(VIEW, state="ready", steps=(part, fine)), "en").text)
    assert "Section 2 of lesson 2 could not be written: " in said
    assert said.endswith("The rest is ready.")
    said = visible(status.generation(replace(VIEW, state="ready", steps=(whole, part, fine)), "en").text)
    assert said.index("Lesson 1 could not be written") < said.index("Section 2 of lesson 2")
    assert said.endswith("The others are ready.")


def test_sections_without_questions_are_counted_and_can_have_them() -> None:
    one, other = StepView(1, 0, "A", "ready", None, (), (0, 1)), StepView(2, 1, "B", "ready", None, (), (1,))
    view = replace(VIEW, state="ready", steps=(one, other), questions_failure="spent")
    screen = status.generation(view, "en")
    said = "The questions of 3 sections could not be made: the money set aside for the model is used up."
    assert visible(screen.text).endswith(said)
    assert [key["text"] for key in keys(screen)] == ["▶ Start", "↻ Make the missing questions"]


def test_reading_begins_in_the_lesson_that_it_is_said_to() -> None:
    screen = status.generation(replace(VIEW, first_lesson=2), "en")
    assert next(keys(screen))["text"] == "▶ Start lesson 3 now"


def test_nothing_is_claimed_that_is_not_known() -> None:
    view = replace(VIEW, planned=False, steps=(), picture="waiting", remaining_seconds=None, first_section_id=None)
    assert visible(status.generation(view, "en").text).splitlines()[1:] == [
        "▓▓▓▓▓▓▓░░░░░░ 55 % · 60 s so far",
        "⏳ Plan",
    ]


@pytest.mark.parametrize("state", ["waiting", "running", "ready", "failed", "stopped", "discarded"])
def test_a_caption_fits_whatever_the_titles(state: Any) -> None:
    failed: tuple[LessonState, ...] = ("failed",) * 6
    waiting: tuple[LessonState, ...] = ("waiting",) * 6
    many = steps(*failed, *waiting, title="𝔖<" * 49)
    view = replace(VIEW, state=state, steps=many, title="𝔖" * 100, can_keep=True, failure="declined")
    screen = status.generation(view, "en", status.CAPTION_LIMIT)
    assert len(visible(screen.text)) <= status.CAPTION_LIMIT
    assert all(len(key["callback_data"].encode()) <= MAX_BYTES for key in keys(screen))


@pytest.mark.parametrize(
    ("states", "words_"),
    [
        (
            ("ready", "failed", "ready"),
            "Lesson 2 could not be written: the model was overloaded each time.",
        ),
        (("failed", "failed", "ready"), "Lessons 1, 2 could not be written: "),
    ],
)
def test_failed_lessons_are_named(states: Any, words_: str) -> None:
    view = replace(VIEW, state="ready", steps=steps(*states))
    assert words_ in status.generation(view, "en").text


def test_a_subject_that_was_declined_is_not_offered_again() -> None:
    declined = status.generation(replace(VIEW, state="failed", failure="declined"), "en")
    assert [key["text"] for key in keys(declined)] == ["Ask for a course", "Discard"]
    overloaded = status.generation(replace(VIEW, state="failed", failure="overloaded"), "en")
    assert [key["text"] for key in keys(overloaded)] == ["↻ Try again", "Discard"]
    assert "it did not work out" in status.generation(replace(VIEW, state="failed", failure="new"), "en").text


@pytest.mark.parametrize(
    ("minutes", "said"), [(1, "1 min"), (59, "59 min"), (60, "1 h"), (90, "1 h 30 min"), (480, "8 h")]
)
def test_durations(minutes: int, said: str) -> None:
    assert words.duration("en", minutes) == said


@pytest.mark.parametrize(("count", "said"), [(0, "1 s"), (7, "7 s"), (52, "50 s"), (99, "100 s"), (119, "2 min")])
def test_seconds(count: int, said: str) -> None:
    assert words.seconds("en", count) == said


def test_the_bar_is_full_only_at_the_end() -> None:
    assert words.bar(0) == "░" * 13
    assert words.bar(99).endswith("░")
    assert words.bar(100) == "▓" * 13


def test_a_time_zone_that_is_unknown_here_is_utc() -> None:
    assert words.time_of_day(AT, "Mars/Olympus") == "13:20"
    assert words.time_of_day(AT, "Asia/Kolkata") == "18:50"


def test_the_course_to_go_on_with_is_the_last_one_that_is_not_done() -> None:
    done = card(1, percent=100)
    older = replace(card(2), last_accessed_at=datetime(2026, 1, 1, tzinfo=UTC))
    newer: CourseCard = card(3)
    assert welcome.current([done, older, newer]) == newer
    assert welcome.current([done, replace(newer, archived=True), replace(newer, state="making")]) is None


def test_every_button_there_is_leads_somewhere() -> None:
    def kinds(base: type[Button]) -> Iterator[type[Button]]:
        for kind in base.__subclasses__():
            yield from kinds(kind)
            if "code" in vars(kind):
                yield kind

    routed = {route._kind for route in registry.routes() if isinstance(route, Press)}
    own = {kind for kind in kinds(Button) if kind.__module__.startswith("handlers.")}
    assert own - routed == set()
