from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.handwritten import (
    BODY,
    LessonText,
    SectionText,
    body_faults,
    checked_lessons,
    checked_section,
    clean_body,
)

GOOD = "Flour and water come alive when they wait. " * 3


def lesson(*bodies: str, title: str = "A lesson") -> LessonText:
    return LessonText(title, (), tuple(SectionText("A section", body) for body in bodies))


def rules(body: str) -> list[str]:
    return [fault.rule for fault in body_faults("body", clean_body(body))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("a < b and c > d, 1<2", []),
        ("`<b>` and ``a <i> b``", []),
        ("\n\n```\n<script>\n```\n", []),
        ("\n\n    <pre> indented code\n", []),
        ("<https://example.org> and <me@example.org>", []),
        ("&lt;b&gt; &amp;", []),
        ("<b>", ["html_tag"]),
        ("a <br/> b", ["html_tag"]),
        ("\n\n<div>\n\nx\n\n</div>", ["html_tag"]),
        ("> - nested <em>deep</em>", ["html_tag"]),
        ("<!-- x -->", ["html_tag"]),
        ("<?php ?>", ["html_tag"]),
        ("tab\tand\r\nlines", []),
        ("\u202e", ["direction_override"]),
        ("\u200fשלום", []),
        ("\x1b[31m", ["control_character"]),
    ],
)
def test_markup_is_found_where_markdown_has_it(text: str, found: list[str]) -> None:
    assert rules(GOOD + text) == found


def test_lengths_at_their_edges() -> None:
    low, high = BODY
    assert [rules("x" * size) for size in (low - 1, low, high, high + 1)] == [["too_short"], [], [], ["too_long"]]
    assert rules(" " * 50 + "\n" + "x" * 99 + "\n" * 50) == []
    assert rules("\n" * 200) == ["too_short"]


def test_counts_of_lessons_and_sections() -> None:
    def faults(*lessons: LessonText) -> set[tuple[str, str]]:
        return {(fault.field, fault.rule) for fault in checked_lessons(lessons)[1]}

    good = lesson(GOOD, GOOD)
    assert faults(*[good] * 3) == faults(*[good] * 12) == set()
    assert faults(good, good) == {("lessons", "too_few")}
    assert faults(*[good] * 13) == {("lessons", "too_many")}
    assert faults(good, lesson(GOOD), lesson(*[GOOD] * 5)) == {
        ("lessons[1].sections", "too_few"),
        ("lessons[2].sections", "too_many"),
    }
    assert faults(good, good, lesson(GOOD, "short", title="")) == {
        ("lessons[2].title", "too_short"),
        ("lessons[2].sections[1].body", "too_short"),
    }


def test_a_huge_outline_is_refused_without_reading_it_all() -> None:
    cleaned, faults = checked_lessons([lesson(GOOD, GOOD)] * 10_000)
    assert len(cleaned) <= 24
    assert [fault.rule for fault in faults] == ["too_many"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_cleaning_once_is_enough_and_nothing_crashes(text: str) -> None:
    section, faults = checked_section(SectionText(text, GOOD + text))
    assert clean_body(section.body) == section.body
    assert checked_section(section)[1] == faults
