from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import Invalid
from services.validation import (
    TITLE,
    OrderFields,
    character_faults,
    check_order,
    clean_lines,
    clean_text,
    description_faults,
    note_faults,
    objective_faults,
    storable,
    title_faults,
    topic_faults,
)
from tests.kit.author import order

GOOD = order()


def checked(**changes: object) -> OrderFields:
    values: dict[str, object] = {
        "title": GOOD.title,
        "description": GOOD.description,
        "objectives": GOOD.objectives,
        "level": GOOD.level,
        "minutes": GOOD.minutes,
    }
    return check_order(**{**values, **changes})  # type: ignore[arg-type]  # tests break fields on purpose


def rules_of(text: str) -> list[str]:
    return [fault.rule for fault in title_faults(clean_text(text))]


@pytest.mark.parametrize(
    "title",
    [
        "C++ & C#: the differences",
        "Как живёт закваска",
        "خبز العجين المخمر في البيت",
        "酸面包从面粉到成品的全部过程",
        "ทำขนมปังด้วยตัวเอง",
        "¿Qué es el α-helix? (50 %)",
        "Bread 🍞 and 👩‍🔬 women in science",
        "if a < b and c > d then",
        "2 <3 and other signs <-> of love",
        "می‌خواهم یاد بگیرم",
        "x" * TITLE[0],
        "x" * TITLE[1],
        "  " + "x" * TITLE[1] + "\n",
    ],
)
def test_every_script_and_all_punctuation_is_allowed(title: str) -> None:
    assert rules_of(title) == []


@pytest.mark.parametrize(
    ("title", "rule", "found"),
    [
        ("Bread", "too_short", "5"),
        ("x" * 9 + " " * 50, "too_short", "9"),
        ("x" * 101, "too_long", "101"),
        ("A title with \x00 inside", "control_character", "U+0000"),
        ("A title with \x1c inside", "control_character", "U+001C"),
        ("A title with \x7f inside", "control_character", "U+007F"),
        ("A title with \u009f inside", "control_character", "U+009F"),
        ("A title with \ud83d inside", "control_character", "U+D83D"),
        ("A title \u202eturned round", "direction_override", "U+202E"),
        ("A title \u2066isolated\u2069", "direction_override", "U+2066"),
        ("A <b>bold</b> title", "html_tag", "<b>"),
        ("A bold</b> title", "html_tag", "</b>"),
        ("A title <script>alert(1)</script>", "html_tag", "<script>"),
        ("A title <!-- hidden -->", "html_tag", "<!-- hidden -->"),
        ("A title <img src=x onerror=alert(1)>", "html_tag", "<img src=x onerror=alert(1)>"),
        ("A title <?php phpinfo() ?>", "html_tag", "<?php phpinfo() ?>"),
        ("A title <!DOCTYPE html>", "html_tag", "<!DOCTYPE html>"),
        ("A title <![nonsense[x]]>", "html_tag", None),
        ("\u200d" * 12, "nothing_visible", ""),
    ],
)
def test_what_is_refused_says_what_was_found(title: str, rule: str, found: str | None) -> None:
    (fault,) = title_faults(clean_text(title))
    assert (fault.field, fault.rule) == ("title", rule)
    assert found is None or fault.found == found


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("  a  b\t\nc  ", "a b c"),
        ("a\u00a0\u2003b\u2028c", "a b c"),
        ("e\u0301", "é"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_blanks_are_trimmed_and_collapsed(given_text: str, cleaned: str) -> None:
    assert clean_text(given_text) == cleaned


def test_lines_are_kept_where_lines_matter() -> None:
    assert clean_lines("\n a  b \r\n\n\n\nc\rd \n\n") == "a b\n\nc\nd"


def test_all_faults_are_reported_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        checked(
            title="Short",
            description="Too short, too.",
            objectives=["explain the first thing", "no", "x" * 201],
            level="expert",
            minutes=10,
        )
    found = [(fault.field, fault.rule, fault.found, fault.allowed) for fault in caught.value.faults]
    assert found == [
        ("title", "too_short", "5", "10–100"),
        ("description", "too_short", "15", "50–500"),
        ("level", "unknown", "expert", "beginner, intermediate, advanced"),
        ("objectives[1]", "too_short", "2", "10–200"),
        ("objectives[2]", "too_long", "201", "10–200"),
        ("minutes", "out_of_range", "10", "30–480"),
    ]


@pytest.mark.parametrize(("count", "rule"), [(2, "too_few"), (11, "too_many")])
def test_three_to_ten_objectives(count: int, rule: str) -> None:
    with pytest.raises(Invalid) as caught:
        checked(objectives=["explain something well"] * count)
    assert [(fault.field, fault.rule) for fault in caught.value.faults] == [("objectives", rule)]


@pytest.mark.parametrize("minutes", [30, 480])
def test_the_limits_themselves_are_allowed(minutes: int) -> None:
    fields = checked(minutes=minutes, title="x" * 10, description="y" * 500, objectives=["z" * 10] * 10)
    assert (fields.minutes, len(fields.objectives)) == (minutes, 10)


@pytest.mark.parametrize("minutes", [29, 481, 0, -5])
def test_minutes_beyond_the_limits_are_refused(minutes: int) -> None:
    with pytest.raises(Invalid):
        checked(minutes=minutes)


def test_where_the_source_dictates_the_time_any_is_allowed() -> None:
    assert check_order(GOOD.title, GOOD.description, GOOD.objectives, GOOD.level, 12, minutes_asked=False).minutes == 12
    with pytest.raises(Invalid):
        check_order(GOOD.title, GOOD.description, GOOD.objectives, GOOD.level, 0, minutes_asked=False)


def test_fields_come_back_clean() -> None:
    fields = checked(title="  Sourdough:\n from  flour  ", objectives=[" explain  what lives there "] * 3)
    assert fields.title == "Sourdough: from flour"
    assert fields.objectives == ("explain what lives there",) * 3


@pytest.mark.parametrize(
    ("topic", "rules"),
    [
        ("how sourdough works", []),
        ("Go", []),
        ("数学", []),
        ("كيف يعمل الخبز", []),
        ("C++", []),
        ("🍞🥖🥐", ["no_letters"]),
        ("?", ["too_short", "no_letters"]),
        ("x" * 5000, ["too_long"]),
        ("<b>bread</b>", ["html_tag"]),
    ],
)
def test_topics(topic: str, rules: list[str]) -> None:
    assert [fault.rule for fault in topic_faults(clean_text(topic))] == rules


def test_notes_may_hold_tags_and_lines_but_no_controls() -> None:
    assert note_faults("List<int> is a type\nand <b> is a tag") == []
    assert [fault.rule for fault in note_faults("a\x00b")] == ["control_character"]
    assert [fault.rule for fault in note_faults("")] == ["too_short"]


def test_single_fields_have_their_own_limits() -> None:
    assert [fault.rule for fault in description_faults("x" * 49)] == ["too_short"]
    assert [fault.rule for fault in objective_faults("x" * 201)] == ["too_long"]


@given(st.text())
def test_cleaning_twice_changes_nothing_and_leaves_no_double_blank(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert "  " not in cleaned
    assert cleaned == cleaned.strip(" ")
    assert unicodedata.is_normalized("NFC", cleaned)


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_checking_never_fails_on_any_text(text: str) -> None:
    for field in ("title", "note"):
        for fault in character_faults(field, clean_text(text)):
            assert fault.field == field
            assert len(fault.found) <= 40


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf"], exclude_characters="<"), min_size=10, max_size=100))
def test_any_visible_text_of_the_right_length_is_a_title(text: str) -> None:
    cleaned = clean_text(text)
    if TITLE[0] <= len(cleaned) <= TITLE[1] and any(char.isalnum() for char in cleaned):
        assert title_faults(cleaned) == []


@given(st.sampled_from(["b", "script", "a", "img", "h1", "x-y"]), st.text(max_size=40), st.text(max_size=40))
def test_a_tag_is_found_wherever_it_stands(tag: str, before: str, after: str) -> None:
    text = f"{before.replace('<', '')}<{tag}>{after}"
    assert "html_tag" in [fault.rule for fault in character_faults("title", text)]


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_made_storable_is_storable(text: str) -> None:
    stored = storable(text)
    stored.encode()
    assert "\x00" not in stored
    assert character_faults("x", stored.replace("<", "").replace("\t", "")) in (
        [],
        character_faults("x", "\u200d"),
    )
