from __future__ import annotations

from dataclasses import replace

from handlers.chat.buttons import Continue, OpenCourse
from handlers.chat.buttons_asking import NewRequest
from handlers.chat.buttons_reading import CourseProgress, ListCourses, ProgressPicture, ShowProgress
from handlers.chat.markup import units
from handlers.chat.screens.progress import detail, overview, picture_words, standing
from services.views import Remaining
from tests.handlers.chat.making import NOW, course, long_titled, progress
from tests.handlers.chat.test_screens_reading import buttons, labels


def test_the_overview_has_figures_for_each_course() -> None:
    standing = replace(progress(course(), 1, 2, 3, 4), remaining=Remaining(40, 55, own_pace=True))
    screen = overview("en", [standing], 0, 1)
    assert screen.text == (
        "<b>Your progress</b>\n\n"
        "<b>Sourdough: from flour to a risen loaf</b>\n"
        "▓▓▓▓▓░░░░░░░░ 44 %\n"
        "4 of 9 sections · 1 of 3 lessons · 16 min spent · about 40–55 min to go at your pace"
        " · 15 sections an hour lately"
    )
    assert buttons(screen.rows) == [CourseProgress(5), ProgressPicture(0)]


def test_a_course_not_begun_counts_nothing_that_is_not_there() -> None:
    standing = replace(progress(course()), remaining=Remaining(30, 45, own_pace=False))
    assert overview("en", [standing], 0, 1).text.endswith("0 of 9 sections · 0 of 3 lessons · about 30–45 min to go")


def test_a_finished_course_has_nothing_to_go() -> None:
    text = overview("en", [progress(course(), *range(1, 10))], 0, 1).text
    assert "to go" not in text
    assert "100 %" in text


def test_several_pages_and_none() -> None:
    assert labels(overview("en", [progress(course())], 1, 3).rows)[-1] == ["◀ 1/3", "3/3 ▶"]
    assert buttons(overview("en", [progress(course())], 1, 3).rows)[-1] == ShowProgress(2)
    assert buttons(overview("en", [], 0, 1).rows) == [NewRequest(), ListCourses(0, 0)]


def test_the_detail_says_what_was_reached() -> None:
    screen = detail("en", progress(course(), 1, 2, 3, 4, 5), NOW, "Europe/Berlin")
    assert screen.text.endswith(
        "Begun 21 Nov 14:05, last opened 14:05.\n\n"
        "Reached so far\n✅ Lesson 1 · What lives in a starter · 12 min\n✅ Half of it is behind you."
    )
    assert buttons(screen.rows) == [Continue(5), ProgressPicture(5), OpenCourse(5), ShowProgress(0)]


def test_the_detail_of_a_whole_course_and_of_one_not_begun() -> None:
    whole = detail("en", progress(course(), *range(1, 10)), NOW, "UTC")
    assert whole.text.endswith("✅ The whole course, in 36 min")
    assert Continue(5) not in buttons(whole.rows)
    assert detail("en", progress(course()), NOW, "UTC").text.endswith("Nothing yet: the first ✅ Done begins it.")


def test_the_longest_titles_fit() -> None:
    standing = progress(long_titled(course()), *range(1, 9))
    for screen in (overview("en", [standing] * 4, 0, 1), detail("en", standing, NOW, "UTC")):
        assert units(screen.text) <= 4096


def test_a_picture_says_in_words_what_it_shows() -> None:
    one, other = progress(course(), 1, 2, 3), progress(course(), *range(1, 10))
    single = standing("en", [one], NOW, "Europe/Berlin")
    assert (single.title, single.percent, sum(single.days), len(single.days)) == (one.course.title, 33, 3, 14)
    assert (single.line, single.first, single.last) == ("3 of 9 sections done", "10 Nov", "23 Nov")
    both = standing("en", [one, other], NOW, "UTC")
    assert (both.title, both.percent, both.line) == ("Your progress", 66, "12 of 18 sections done")
    assert picture_words("en", both).startswith("<b>Your progress</b>: 66 %, 12 of 18 sections done; ")


def test_a_picture_of_a_course_not_begun_and_of_one_with_a_long_title() -> None:
    empty = standing("en", [progress(course())], NOW, "UTC")
    assert (empty.percent, set(empty.days)) == (0, {0})
    long = standing("en", [progress(long_titled(course()))], NOW, "UTC")
    assert units(picture_words("en", long)) <= 1024
