from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.chat.buttons import (
    Button,
    Continue,
    MarkDone,
    OpenCourse,
    OpenLesson,
    OpenSection,
    Undo,
    WriteNote,
    encode,
)
from handlers.chat.buttons_asking import RetryLesson
from handlers.chat.buttons_reading import WhatNext
from handlers.chat.markup import units
from handlers.chat.pages import section_pages
from handlers.chat.reply import TOAST_LIMIT
from handlers.chat.screen import Row, Screen
from handlers.chat.screens.lesson import lesson_card
from handlers.chat.screens.reading import (
    LAST_PAGE,
    done_toast,
    ends_lesson,
    lesson_end,
    section_done,
    section_page,
    unwritten,
)
from services.views import ProgressView, Remaining
from tests.handlers.chat.making import NOW, completion, course, long_titled, progress

BERLIN = "Europe/Berlin"
LONG = "\n\n".join(["A starter is flour and water in which wild yeast lives. " * 8] * 12)


def labels(rows: tuple[Row, ...]) -> list[list[str]]:
    return [[key.label for key in row] for row in rows if row]


def buttons(rows: tuple[Row, ...]) -> list[Button | None]:
    return [key.button for row in rows for key in row]


def page_of(standing: ProgressView, section_id: int, index: int = 0, done_at: str | None = None) -> Screen:
    lesson = next(one for one in standing.course.lessons if section_id in {part.id for part in one.sections})
    section = next(one for one in lesson.sections if one.id == section_id)
    return section_page("en", standing, lesson, section, section_pages(section, 3, "en")[index], done_at)


def with_long(section_id: int) -> ProgressView:
    shape = course()
    lessons = tuple(
        replace(
            lesson,
            sections=tuple(replace(one, body=LONG) if one.id == section_id else one for one in lesson.sections),
        )
        for lesson in shape.lessons
    )
    return progress(replace(shape, lessons=lessons))


def test_a_section_of_one_page() -> None:
    screen = page_of(progress(course()), 2)
    assert screen.text == "Feeding · 2 of 3 · 4 min\n\nText of 2."
    assert labels(screen.rows) == [["◀", "✅ Done", "▶"], ["📝 Note"]]
    assert buttons(screen.rows) == [OpenSection(1, LAST_PAGE), MarkDone(2), OpenSection(3, 0), WriteNote(2, 0)]


def test_done_is_on_the_last_page_only() -> None:
    standing = with_long(2)
    first, last = page_of(standing, 2, 0), page_of(standing, 2, -1)
    assert labels(first.rows) == [["◀", "▶"], ["📝 Note"]]
    assert buttons(first.rows)[1] == OpenSection(2, 1)
    assert "✅ Done" in labels(last.rows)[0]


def test_the_way_back_from_a_first_section_is_its_lessons_card_and_onward_the_next_one() -> None:
    assert buttons(page_of(progress(course()), 4).rows)[0] == OpenLesson(5, 2)
    assert buttons(page_of(progress(course()), 3).rows)[2] == OpenLesson(5, 2)


def test_after_the_last_section_of_all_there_is_no_onward() -> None:
    assert labels(page_of(progress(course()), 9).rows)[0] == ["◀", "✅ Done"]


def test_a_section_that_is_done_says_when_and_what_is_next() -> None:
    screen = page_of(progress(course(), 1), 1, done_at="14:05")
    assert labels(screen.rows) == [["◀", "✅ Done 14:05", "▶"], ["▶ Next: Feeding"], ["📝 Note"]]


def test_the_keys_after_done() -> None:
    rows = section_done("en", completion(course(), 1), NOW, BERLIN)
    assert labels(rows) == [["✅ Done 14:05 · Undo"], ["▶ Next: Feeding"]]
    assert buttons(rows) == [Undo(1), OpenSection(2, 0)]


def test_undo_is_offered_for_a_minute() -> None:
    view = completion(course(), 1, first=False)
    assert labels(section_done("en", view, NOW + timedelta(seconds=60), BERLIN))[0] == ["✅ Done 14:05 · Undo"]
    later = section_done("en", view, NOW + timedelta(seconds=61), BERLIN)
    assert labels(later)[0] == ["✅ Done 14:05"]
    assert buttons(later)[0] == MarkDone(1)


def test_what_is_next_is_the_first_that_is_not_done_even_if_it_was_skipped() -> None:
    assert buttons(section_done("en", completion(course(), 5), NOW, BERLIN))[1] == OpenSection(1, 0)


def test_the_toast_says_the_share_of_the_course() -> None:
    assert done_toast("en", completion(course(), 1)) == "Done · 11 % of the course"


def test_a_mark_of_the_way_is_said_in_the_toast_where_no_lesson_ends() -> None:
    assert (
        done_toast("en", completion(course(), 1, 2, 4, 5, 7)) == "Done · 56 % of the course. Half of it is behind you."
    )


def test_the_end_of_a_lesson_at_ones_own_pace() -> None:
    view = completion(course(), 1, 2, 3)
    view = replace(view, progress=replace(view.progress, remaining=Remaining(40, 55, own_pace=True)))
    screen = lesson_end("en", view)
    assert ends_lesson(view)
    assert screen.text == (
        "<b>Lesson 1 done</b> · 3 sections in 12 minutes.\n"
        "33 % of the course, about 40–55 min to go at your pace.\n"
        "A quarter of the way."
    )
    assert labels(screen.rows) == [["▶ Lesson 2: Flour, water, warmth"]]
    assert buttons(screen.rows) == [OpenLesson(5, 2)]
    assert done_toast("en", view) == "Done · 33 % of the course"


def test_the_end_of_a_lesson_is_said_once_only() -> None:
    assert not ends_lesson(completion(course(), 1, 2, 3, first=False))
    assert not ends_lesson(completion(course(), 1, 2))


def test_the_end_of_a_lesson_while_the_next_is_being_written() -> None:
    view = completion(course(state="making", unwritten=frozenset(range(4, 10))), 1, 2, 3)
    screen = lesson_end("en", view)
    assert screen.text.splitlines()[1] == "33 % of the course. What comes next is still being written."
    assert buttons(screen.rows) == [OpenLesson(5, 2)]


def test_the_end_of_the_course() -> None:
    screen = lesson_end("en", completion(course(), *range(1, 10)))
    assert screen.text == (
        "<b>Course done</b> · Sourdough: from flour to a risen loaf\n3 lessons, 9 sections, 36 min in all."
    )
    assert buttons(screen.rows) == [WhatNext()]


def test_the_score_is_said_where_there_is_one() -> None:
    view = completion(course(), *range(1, 10))
    view = replace(view, progress=replace(view.progress, score=80))
    assert lesson_end("en", view).text.endswith("80 % of its questions right at the first try.")


def test_a_lesson_card() -> None:
    standing = progress(course(), 1)
    screen = lesson_card("en", standing, standing.course.lessons[0], None)
    assert screen.text == (
        "<b>1 · What lives in a starter</b> — 3 sections, 12 min\n"
        "\n"
        "You will be able to\n"
        "– explain what lives in a starter\n"
        "\n"
        "✅ Wild yeast and its company · 4 min\n"
        "◻ Feeding · 4 min\n"
        "◻ Keeping it · 4 min"
    )
    assert labels(screen.rows) == [["▶ Go on"], ["☰ All lessons"]]
    assert buttons(screen.rows) == [OpenSection(2, 0), OpenCourse(5)]


@pytest.mark.parametrize(
    ("done", "label", "target"), [((), "▶ Begin", 1), ((2,), "▶ Go on", 1), ((1, 2, 3), "▶ Read it again", 1)]
)
def test_the_way_into_a_lesson(done: tuple[int, ...], label: str, target: int) -> None:
    standing = progress(course(), *done)
    rows = lesson_card("en", standing, standing.course.lessons[0], None).rows
    assert rows[0][0].label == label
    assert rows[0][0].button == OpenSection(target, 0)


def test_a_lesson_that_failed_can_be_tried_again_where_its_generation_is_known() -> None:
    standing = progress(course(unwritten=frozenset({4, 5, 6}), failed=2))
    lesson = standing.course.lessons[1]
    screen = lesson_card("en", standing, lesson, 9)
    assert screen.text.endswith("This lesson could not be written. The others can be read.")
    assert buttons(screen.rows) == [RetryLesson(9, 2), OpenCourse(5)]
    assert buttons(lesson_card("en", standing, lesson, None).rows) == [OpenCourse(5)]


def test_a_lesson_that_waits_offers_nothing_to_begin() -> None:
    standing = progress(course(state="making", unwritten=frozenset({4, 5, 6})))
    screen = lesson_card("en", standing, standing.course.lessons[1], None)
    assert "not written yet" in screen.text
    assert buttons(screen.rows) == [OpenLesson(5, 2), OpenCourse(5)], "it can be looked for again"


def test_a_lesson_that_is_not_planned_yet_has_a_card() -> None:
    shape = course(state="making", unwritten=frozenset({4, 5, 6}))
    lesson = replace(shape.lessons[1], sections=(), objectives=())
    shape = replace(shape, lessons=(shape.lessons[0], lesson, shape.lessons[2]))
    screen = lesson_card("en", progress(shape, 1, 2, 3), lesson, None)
    assert screen.text.startswith("<b>2 · Flour, water, warmth</b>\n\nThis lesson is not written yet")
    assert buttons(screen.rows) == [OpenLesson(5, 2), OpenCourse(5)]


def test_a_lesson_that_failed_in_part_says_which_part() -> None:
    standing = progress(course(unwritten=frozenset({5}), failed=2))
    screen = lesson_card("en", standing, standing.course.lessons[1], 9)
    assert screen.text.endswith("Section 2 could not be written. The rest can be read.")
    assert buttons(screen.rows) == [OpenSection(4, 0), RetryLesson(9, 2), OpenCourse(5)]


def test_what_comes_next_is_waited_for() -> None:
    """Lesson 1 is read, lesson 2 is being written, lesson 3 is there: Next does not skip a lesson."""
    shape = course(state="making", unwritten=frozenset({4, 5, 6}))
    standing = progress(shape, 1, 2, 3)
    assert standing.next_section is not None
    assert (standing.next_section.id, standing.upcoming and standing.upcoming.id) == (7, 4)
    rows = section_done("en", completion(shape, 1, 2, 3), NOW, BERLIN)
    assert rows[-1][0].button == OpenSection(4, 0)


def test_a_section_without_text_says_so() -> None:
    making = course(state="making", unwritten=frozenset({4}))
    screen = unwritten("en", making, making.lessons[1], making.lessons[1].sections[0])
    assert "is being written and will be here in a moment" in screen.text
    assert buttons(screen.rows)[0] == OpenSection(4, 0), "it can be looked for again"
    failed = course(unwritten=frozenset({4}), failed=2)
    assert "could not be written" in unwritten("en", failed, failed.lessons[1], failed.lessons[1].sections[0]).text
    assert OpenCourse(5) in buttons(screen.rows)


def test_words_of_a_course_cannot_become_formatting() -> None:
    standing = progress(course(title="<b>C++ & C#</b>"), *range(1, 10))
    view = completion(standing.course, *range(1, 10))
    assert "&lt;b&gt;C++ &amp; C#&lt;/b&gt;" in lesson_end("en", view).text


def test_the_longest_titles_fit_messages_toasts_and_keys() -> None:
    shape = long_titled(course())
    standing = progress(shape, *range(1, 9))
    screens = [
        lesson_end("en", completion(shape, 1, 2, 3)),
        lesson_end("en", completion(shape, *range(1, 10))),
        lesson_card("en", standing, shape.lessons[0], None),
        page_of(standing, 8, done_at="23 Nov 2025 14:05"),
        Screen("-", section_done("en", completion(shape, 1), NOW, BERLIN)),
    ]
    for screen in screens:
        assert units(screen.text) <= 4096
        for row in screen.rows:
            assert len(row) <= 8
            for key in row:
                assert 0 < len(key.label) <= 64
                assert key.button is None or len(encode(key.button)) <= 64
    assert len(done_toast("en", completion(shape, 1))) <= TOAST_LIMIT


def test_continue_leads_to_a_course_by_its_id() -> None:
    assert encode(Continue(5)) == "1k.5"
