from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.chat.buttons import Continue, OpenCourse, OpenLesson, encode
from handlers.chat.buttons_asking import DiscardCourse, GoOn, NewRequest, RetryQuestions
from handlers.chat.buttons_reading import (
    ArchiveCourse,
    AskDelete,
    CourseProgress,
    DeleteCourse,
    ListCourses,
    RenameCourse,
    WhatNext,
)
from handlers.chat.markup import units
from handlers.chat.screens import courses as screens
from services.authors.protocol import Credit
from services.errors import Fault
from services.views import CourseCard
from tests.handlers.chat.making import NOW, OWNER, card, course, long_titled, progress
from tests.handlers.chat.test_screens_reading import buttons, labels


def test_the_list_says_how_far_one_is_in_each() -> None:
    other = replace(card(6, percent=100, title="Tides"), sections_done=13)
    screen = screens.course_list("en", [card(), other], 0, archived=False)
    assert screen.text == (
        "<b>Your courses</b>\n\n"
        "<b>1</b> Sourdough: from flour to a risen loaf\n▓▓░░░░░░░░░░░ 23 %\n\n"
        "<b>2</b> Tides\n▓▓▓▓▓▓▓▓▓▓▓▓▓ 100 %"
    )
    assert labels(screen.rows) == [["1 · Sourdough: from flour to a ri…", "▶ Continue"], ["2 · Tides"], ["🗄 Archived"]]
    assert buttons(screen.rows) == [OpenCourse(5), Continue(5), OpenCourse(6), ListCourses(1, 0)]


def test_a_long_list_has_pages() -> None:
    cards = [card(number, title=f"Course {number}") for number in range(1, 20)]
    first, second, third = (screens.course_list("en", cards, page, archived=False) for page in range(3))
    assert labels(first.rows)[-2] == ["2/3 ▶"]
    assert labels(second.rows)[-2] == ["◀ 1/3", "3/3 ▶"]
    assert "<b>9</b> Course 9" in second.text
    assert labels(third.rows)[-2] == ["◀ 2/3"]
    assert screens.course_list("en", cards, 99, archived=False) == third


def test_an_empty_list_says_what_to_do() -> None:
    screen = screens.course_list("en", [], 0, archived=False)
    assert "Tell me what you would like to learn" in screen.text
    assert buttons(screen.rows) == [NewRequest(), ListCourses(1, 0)]
    assert buttons(screens.course_list("en", [], 0, archived=True).rows) == [ListCourses(0, 0)]


def test_a_course_being_made_and_a_stopped_one_say_so_in_the_list() -> None:
    fresh = CourseCard(5, "Tides", 0, 0, 0, False, True, "making", 9, NOW)
    assert "⏳ being made" in screens.course_list("en", [fresh], 0, archived=False).text
    halted = replace(fresh, state="stopped")
    screen = screens.course_list("en", [halted], 0, archived=False)
    assert "stopped" in screen.text
    assert Continue(5) not in buttons(screen.rows)


def test_one_course() -> None:
    screen = screens.course("en", progress(course(), 1, 2, 3, 4), OWNER, card())
    assert screen.text == (
        "<b>Sourdough: from flour to a risen loaf</b> · beginner · 36 min\n"
        "<i>Why a mix of flour and water comes alive, and how to steer it.</i>\n"
        "\n"
        "▓▓▓▓▓░░░░░░░░ 44 % · 4 of 9 sections\n"
        "✅ 1 What lives in a starter\n"
        "▶ 2 Flour, water, warmth\n"
        "◻ 3 Reading the dough\n"
        "\n"
        "Made without AI from Sourdough."
    )
    assert buttons(screen.rows) == [
        Continue(5),
        *(OpenLesson(5, number) for number in (1, 2, 3)),
        CourseProgress(5),
        *(RenameCourse(5), ArchiveCourse(5, 1), AskDelete(5)),
        ListCourses(0, 0),
    ]


def test_a_course_of_somebody_else_can_be_left_but_not_renamed_or_deleted() -> None:
    rows = screens.course("en", progress(course()), OWNER + 1, card()).rows
    assert RenameCourse(5) not in buttons(rows)
    assert ["🗄 Archive", "🗑 Leave"] in labels(rows)


def test_the_owner_of_a_course_can_have_questions_made_that_are_missing() -> None:
    shape = course()
    first = replace(shape.lessons[0].sections[0], questions_failure="cap_bot")
    lesson = replace(shape.lessons[0], sections=(first, *shape.lessons[0].sections[1:]))
    shape = replace(shape, lessons=(lesson, *shape.lessons[1:]))
    screen = screens.course("en", progress(shape), OWNER, card())
    assert "The questions of 1 section could not be made: the people who run me" in screen.text
    assert RetryQuestions(9) in buttons(screen.rows)
    for asked_of, who in ((shape, OWNER + 1), (course(), OWNER)):
        other = screens.course("en", progress(asked_of), who, card())
        assert "could not be made" not in other.text
        assert RetryQuestions(9) not in buttons(other.rows)


def test_an_archived_course_can_be_brought_back() -> None:
    rows = screens.course("en", progress(course()), OWNER, replace(card(), archived=True)).rows
    assert ArchiveCourse(5, 0) in buttons(rows)


def test_a_stopped_course_can_be_gone_on_with() -> None:
    screen = screens.course("en", progress(course(state="stopped")), OWNER, card())
    assert "stopped" in screen.text
    assert {GoOn(9), DiscardCourse(9)} <= set(buttons(screen.rows))


def test_a_lesson_that_failed_has_its_sign() -> None:
    shape = course(unwritten=frozenset({4, 5, 6}), failed=2)
    assert "✖ 2 Flour, water, warmth" in screens.course("en", progress(shape), OWNER, card()).text


@pytest.mark.parametrize(
    ("credit", "said"),
    [
        (Credit(ai=True, name="claude", models=("claude-opus-5-5",)), "Written by claude-opus-5-5."),
        (Credit(ai=True, name="claude"), "Written by claude."),
        (
            Credit(ai=False, name="offline", made_from="Tides & <seas>"),
            "Made without AI from Tides &amp; &lt;seas&gt;.",
        ),
        (Credit(ai=False, name="offline"), "Made without AI."),
    ],
)
def test_every_course_says_who_wrote_it(credit: Credit, said: str) -> None:
    assert screens.credit("en", credit) == said


def test_a_course_from_a_text_too_thin_for_the_time_says_so() -> None:
    shape = replace(course(), credit=Credit(ai=True, name="claude", extra={"enough_for": "70"}))
    last = screens.course("en", progress(shape), OWNER, card()).text.splitlines()[-1]
    assert last == "The text is enough for about 1 h 10 min, so there are fewer lessons: I make nothing up."


def test_deleting_is_asked_for_first() -> None:
    screen = screens.ask_delete("en", course(), owned=True)
    assert screen.text.startswith("Delete <b>Sourdough: from flour to a risen loaf</b>?")
    assert buttons(screen.rows) == [DeleteCourse(5), OpenCourse(5)]
    assert screens.ask_delete("en", course(), owned=False).text.startswith("Leave <b>")


def test_continue_with_nothing_left() -> None:
    done = screens.nothing_left("en", progress(course(), *range(1, 10)))
    assert done.text.startswith("You have done everything")
    assert WhatNext() in buttons(done.rows)
    rest = frozenset(range(4, 10))
    making = screens.nothing_left("en", progress(course(state="making", unwritten=rest), 1, 2, 3))
    assert making.text.endswith("The next section is still being made.")
    failed = screens.nothing_left("en", progress(course(unwritten=frozenset({4, 5, 6}), failed=2), 1, 2, 3, 7, 8, 9))
    assert "all that could be written" in failed.text


def test_what_next_offers_what_was_begun() -> None:
    cards = [card(), replace(card(6), percent=100), replace(card(7), state="stopped")]
    screen = screens.what_next("en", cards)
    assert buttons(screen.rows) == [Continue(5), NewRequest(), ListCourses(0, 0)]
    assert screens.what_next("en", []).text == (
        "Tell me what you would like to learn next, or send me a document to learn from."
    )


def test_a_title_that_breaks_a_limit_gets_help_not_a_rule() -> None:
    short = screens.rename_fault("en", "Bread", Fault("title", "too_short", "5", "10–100"))
    assert short == "“Bread” is a little short for a title: 10 to 100 characters, please."
    long_one = screens.rename_fault("en", "x" * 500, Fault("title", "too_long", "500", "10–100"))
    assert long_one == "That is 500 characters; a title has 10 to 100. A shorter one?"
    tag = screens.rename_fault("en", "<b>Bread</b> at home", Fault("title", "html_tag", "<b>", ""))
    assert tag.startswith("The title contains &lt;b&gt;, which reads as an HTML tag.")


def test_the_longest_titles_fit() -> None:
    shape = long_titled(course())
    cards = [card(number, title="𝔖" * 100) for number in range(1, 9)]
    made = [
        screens.course("en", progress(shape, 1), OWNER, card()),
        screens.course_list("en", cards, 0, archived=False),
        screens.ask_delete("en", shape, owned=True),
        screens.what_next("en", cards),
        screens.rename_ask("en", 5, shape.title, "Fault."),
        screens.nothing_left("en", progress(shape, *range(1, 10))),
    ]
    for screen in made:
        assert units(screen.text) <= 4096
        for row in screen.rows:
            assert len(row) <= 8
            assert all(key.button is None or len(encode(key.button)) <= 64 for key in row)
