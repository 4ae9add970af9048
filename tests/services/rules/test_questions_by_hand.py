from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.authors.protocol import Option, QuestionDraft
from services.rules.handwritten import SectionText, checked_section
from services.rules.questions_by_hand import OPTION, OPTIONS, PROMPT, checked_questions
from services.rules.wording import folded

GOOD = QuestionDraft(
    "What lives in a starter?",
    (
        Option("Yeast", "It makes the bubbles."),
        Option("Bacteria", "They make it sour."),
        Option("Ants", "Hopefully not."),
    ),
    key=0,
    hint="It makes bubbles.",
)


def faults(*questions: QuestionDraft) -> list[tuple[str, str]]:
    return [(one.field, one.rule) for one in checked_questions(questions)[1]]


def with_option(number: int, **changes: str) -> QuestionDraft:
    options = list(GOOD.options)
    options[number] = replace(options[number], **changes)
    return replace(GOOD, options=tuple(options))


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (GOOD, []),
        (replace(GOOD, hint=""), []),
        (replace(GOOD, prompt="x" * PROMPT[1]), []),
        (replace(GOOD, prompt="x" * (PROMPT[1] + 1)), [("questions[0].prompt", "too_long")]),
        (replace(GOOD, prompt="  Why \n"), [("questions[0].prompt", "too_short")]),
        (replace(GOOD, prompt="Which tag is `<b>`?"), []),
        (replace(GOOD, prompt="Which tag is <b>?"), [("questions[0].prompt", "html_tag")]),
        (replace(GOOD, hint="\u202eSmell it"), [("questions[0].hint", "direction_override")]),
        (replace(GOOD, key=3), [("questions[0].key", "unknown")]),
        (replace(GOOD, key=-1), [("questions[0].key", "unknown")]),
        (replace(GOOD, key=10**30), [("questions[0].key", "unknown")]),
        (replace(GOOD, options=GOOD.options[:2]), []),
        (replace(GOOD, options=GOOD.options[:1]), [("questions[0].options", "too_few")]),
        (replace(GOOD, options=()), [("questions[0].options", "too_few"), ("questions[0].key", "unknown")]),
        (with_option(1, text=""), [("questions[0].options[1].text", "too_short")]),
        (with_option(1, text="x" * (OPTION[1] + 1)), [("questions[0].options[1].text", "too_long")]),
        (with_option(1, text=" ｙＥＡＳＴ "), [("questions[0].options[1].text", "repeated")]),
        (with_option(2, explanation=""), [("questions[0].options[2].explanation", "too_short")]),
        (with_option(2, explanation="ants"), [("questions[0].options[2].explanation", "repeated")]),
    ],
)
def test_what_a_question_may_be(question: QuestionDraft, found: list[tuple[str, str]]) -> None:
    assert faults(question) == found


def test_how_many_there_may_be() -> None:
    three = [replace(GOOD, prompt=f"Which is number {number}?") for number in range(3)]
    assert faults() == faults(*three) == []
    assert faults(*three, GOOD) == [("questions", "too_many")]
    assert faults(GOOD, replace(GOOD, prompt="WHAT lives in a starter? ")) == [("questions[1].prompt", "repeated")]
    five = tuple(Option(f"Option {number}", "Because.") for number in range(5))
    assert faults(replace(GOOD, options=five)) == [("questions[0].options", "too_many")]
    cleaned, found = checked_questions([GOOD] * 10_000)
    assert (len(cleaned), found[0].rule) == (3, "too_many")


def test_the_same_definition_holds_inside_a_section() -> None:
    section, found = checked_section(SectionText("Title", "x" * 100, (replace(GOOD, key=9),)), "lessons[0].sections[1]")
    assert [one.field for one in found] == ["lessons[0].sections[1].questions[0].key"]
    assert section.questions[0].prompt == GOOD.prompt


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.text(max_size=120), st.integers())
def test_cleaning_once_is_enough_and_nothing_crashes(text: str, other: str, key: int) -> None:
    question = QuestionDraft(text, (Option(text, other), Option(other, text)), key, other)
    cleaned, found = checked_questions([question])
    assert checked_questions(cleaned) == (cleaned, found)
    assert not any(fault.rule == "repeated" for fault in found) or folded(text) == folded(other)
    assert len(cleaned[0].options) <= OPTIONS[1]
