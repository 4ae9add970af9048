from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from handlers.chat.buttons import OpenSection, encode
from handlers.chat.buttons_questions import Answer, AskSection, Decide, Flag, OpenQuestion, Skip
from handlers.chat.markup import units
from handlers.chat.pages import MESSAGE_LIMIT
from handlers.chat.screen import Screen
from handlers.chat.screens import disputes
from handlers.chat.screens.questions import question, section_key, summary, toast
from services.views import CourseView, ProgressView
from services.views.questions import AskedView, DisputeView, QuestionsView, Reason
from tests.handlers.chat.making import course, progress

PROMPT = "Your starter smells of acetone and has not risen. What does it lack?"
OPTIONS = ("Warmth", "Food", "Salt", "Air")
ASKED = AskedView(7, 1, 1, 2, PROMPT, OPTIONS, (), 1, None, "open", None, None, False, False)
FOOD, WARMTH = Reason(1, "Food", "It has eaten all."), Reason(0, "Warmth", "Warmth only hurries it.")
WRONG_ONCE = replace(ASKED, tried=(0,), attempt=2, hint="What did it eat last, and when?")
RIGHT = replace(ASKED, attempt=None, outcome="right", chosen=FOOD, right=FOOD, at_first=True)
WRONG = replace(ASKED, tried=(2, 0), attempt=None, outcome="wrong", chosen=WARMTH, right=FOOD)
LATER = replace(ASKED, id=8, number=2)


def asking() -> CourseView:
    """A course whose first section has two questions."""
    shape = course()
    first = shape.lessons[0]
    sections = (replace(first.sections[0], question_count=2), *first.sections[1:])
    return replace(shape, lessons=(replace(first, sections=sections), *shape.lessons[1:]))


def beside(*questions: AskedView, standing: ProgressView | None = None) -> QuestionsView:
    shape = asking()
    lesson = shape.lessons[0]
    return QuestionsView(standing or progress(shape, 1), lesson, lesson.sections[0], questions)


def plain(screen: Screen) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", screen.text))


def labels(screen: Screen) -> list[list[str]]:
    return [[key.label for key in row] for row in screen.rows]


def buttons(screen: Screen) -> list[object]:
    return [key.button for row in screen.rows for key in row]


def test_an_open_question() -> None:
    screen = question("en", ASKED, beside(ASKED, LATER))
    assert plain(screen) == f"Wild yeast and its company · question 1 of 2\n{PROMPT}"
    assert labels(screen) == [
        ["A Warmth", "B Food"],
        ["C Salt", "D Air"],
        ["Skip", "🚩"],
        ["⬅ Back to the section"],
    ]
    assert buttons(screen) == [*(Answer(7, at, 1) for at in range(4)), Skip(7, 1), Flag(7), OpenSection(1, 0)]


def test_after_a_wrong_first_try() -> None:
    screen = question("en", WRONG_ONCE, beside(WRONG_ONCE, LATER))
    assert plain(screen).endswith(f"{PROMPT}\n\nNot that. What did it eat last, and when?")
    assert labels(screen)[:2] == [["B Food", "C Salt"], ["D Air"]]
    assert Answer(7, 1, 2) in buttons(screen)
    no_hint = replace(WRONG_ONCE, hint="")
    assert plain(question("en", no_hint, beside(no_hint))).endswith("Not that. One more try.")


def test_right_and_wrong_with_the_reasons() -> None:
    screen = question("en", RIGHT, beside(RIGHT, LATER))
    assert plain(screen).endswith(f"{PROMPT}\n\n✅ B Food\nIt has eaten all.")
    assert buttons(screen) == [OpenQuestion(8), OpenSection(1, 0), Flag(7)]
    screen = question("en", WRONG, beside(WRONG))
    assert plain(screen).endswith("\n\n✖ A Warmth\nWarmth only hurries it.\n✅ B Food\nIt has eaten all.")
    assert labels(screen)[0] == ["▶ Next: Feeding"]


def test_long_options_are_in_the_text_and_letters_on_the_keys() -> None:
    long = replace(WRONG_ONCE, options=("A little more warmth than it is used to, for a day", "Food", "Salt", "Air"))
    screen = question("en", long, beside(long))
    assert "<s>A A little more warmth than it is used to, for a day</s>\nB Food\nC Salt\nD Air" in screen.text
    assert labels(screen)[0] == ["B", "C", "D"]


def test_code_is_code_and_nothing_else_is_markup() -> None:
    tricky = replace(ASKED, prompt="What is `a < b` in <b>C++</b>?", options=("`int`", "<i>", "a & b", "`x"))
    screen = question("en", tricky, beside(tricky))
    assert "What is <code>a &lt; b</code> in &lt;b&gt;C++&lt;/b&gt;?" in screen.text
    assert labels(screen)[:2] == [["A int", "B <i>"], ["C a & b", "D `x"]]


@pytest.mark.parametrize("count", [2, 4, 6])
def test_the_longest_there_can_be_fits_a_message(count: int) -> None:
    options = tuple(f"{at}" + "𝔖" * 500 for at in range(count))
    huge = replace(ASKED, prompt="𝔖" * 3000, options=options, tried=(0,), attempt=2, hint="𝔖" * 2000)
    reason = Reason(0, options[0], "𝔖" * 3000)
    settled = replace(huge, attempt=None, outcome="wrong", hint=None, chosen=reason, right=replace(reason, place=1))
    for asked in (huge, settled):
        screen = question("en", asked, beside(asked))
        assert units(plain(screen)) <= MESSAGE_LIMIT
    dispute = DisputeView(1, "open", "𝔖" * 100, "𝔖" * 200, "𝔖" * 3000, options, reason, False, False, 3)
    assert units(plain(disputes.to_decide("en", dispute))) <= MESSAGE_LIMIT


def test_the_score_is_said_after_the_last_question_of_a_finished_course() -> None:
    shape = asking()
    standing = replace(progress(shape, *range(1, 10)), answered={1: 2}, right_first=1, score=50)
    screen = question("en", RIGHT, beside(RIGHT, standing=standing))
    assert plain(screen).endswith("That was the last question of the course: 50 % right at the first try.")
    assert labels(screen)[0] == ["☰ All lessons"]


def test_a_voided_question() -> None:
    voided = replace(ASKED, number=0, attempt=None, outcome="voided")
    screen = question("en", voided, beside(voided, LATER))
    assert plain(screen).startswith("Wild yeast and its company · a question that does not count\n")
    assert Flag(7) not in buttons(screen)
    assert toast("en", voided) == ""


def test_how_they_went() -> None:
    second = replace(WRONG, id=8, number=2)
    screen = summary("en", beside(RIGHT, second))
    assert plain(screen) == (
        f"The questions of Wild yeast and its company\n1 ✅ {PROMPT}\n2 ✖ {PROMPT}\n\n1 of 2 right at the first try."
    )
    assert buttons(screen)[:2] == [OpenQuestion(7), OpenQuestion(8)]
    assert plain(summary("en", beside())) == "There are no questions here."


def test_the_key_of_a_section() -> None:
    shape = asking()
    section, other = shape.sections[0], shape.sections[1]
    found = [section_key("en", replace(progress(shape), answered={1: done}), section) for done in range(3)]
    assert [key and (key.label, key.button) for key in found] == [
        ("❓ 2 questions", AskSection(1)),
        ("❓ 1 question", AskSection(1)),
        ("❓ Questions", AskSection(1)),
    ]
    assert section_key("en", progress(shape), other) is None


def test_an_owner_decides_and_sees_no_key_that_they_have_not_earned() -> None:
    dispute = DisputeView(5, "open", "Sourdough", "Feeding", PROMPT, OPTIONS, None, False, False, 1)
    screen = disputes.to_decide("en", dispute)
    assert plain(screen).startswith("2 people think that this question is wrong.\nSourdough · Feeding\n")
    assert plain(screen).endswith("so I do not say which one counts as right.")
    assert buttons(screen) == [Decide(5, 1), Decide(5, 0)]
    assert plain(disputes.to_decide("en", replace(dispute, right=FOOD))).endswith(
        "B counts as right: It has eaten all."
    )
    assert buttons(disputes.to_decide("en", replace(dispute, state="rejected"))) == [Decide(5, 1)]
    assert buttons(disputes.to_decide("en", replace(dispute, state="upheld"))) == []


def test_every_button_fits_with_the_largest_ids() -> None:
    big = 2**63 - 1
    for one in (Answer(big, 25, 2), Skip(big, 2), Flag(big), OpenQuestion(big), AskSection(big), Decide(big, 1)):
        assert len(encode(one)) <= 64
