from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.chat import understanding
from handlers.chat.suggestions import (
    fitting_description,
    fitting_objectives,
    fitting_title,
    nearest_minutes,
    shorter,
)
from services.validation import (
    clean_text,
    description_faults,
    minutes_faults,
    objective_faults,
    title_faults,
)

PROPOSED = "Sourdough: from flour to a risen loaf"
DESCRIPTION = "Why a mix of flour and water comes alive, and how to steer it from day to day."
GOALS = ("explain what lives in a starter", "keep a starter alive", "judge a dough by eye and hand")


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("teach me how sourdough works", "How sourdough works"),
        ("Please teach me about C++ & C#", "C++ & C#"),
        ("I'd like to learn Go", "Go"),
        ("Could you please explain to me black holes", "Black holes"),
        ("a course on bread", "Bread"),
        ("Hi, teach me chess.", "Chess"),
        ("Help me understand  tides", "Tides"),
        ("Make me a short course on jazz", "Jazz"),
        ("teach me something about bees please", "Bees"),
        ("Tell me more about tides, thank you!", "Tides"),
        ("I want to learn everything", "Everything"),
        ("teach me how to say please", "How to say please"),
        ("please", "Please"),
        ("علم الفلك", "علم الفلك"),
    ],
)
def test_the_topic_is_found_in_the_asking(text: str, topic: str) -> None:
    assert understanding.topic_of(text, "en") == topic


@pytest.mark.parametrize("text", ["Learning theory", "Of mice and men", "Coursework", "Telling time", "Teach me"])
def test_what_only_looks_like_asking_stays_whole(text: str) -> None:
    assert understanding.topic_of(text, "en") == text
    assert not understanding.asks_for_course(text, "en")


@pytest.mark.parametrize("text", ["Hello!", "thanks", "OK.", "what can you do?", "Good morning"])
def test_small_talk_is_no_topic(text: str) -> None:
    assert understanding.is_small_talk(text, "en")


@pytest.mark.parametrize("text", ["next", "Next lesson!", "let's go on", "I'm back", "What’s next?", "more", "Done."])
def test_who_would_like_to_read_on_is_understood(text: str) -> None:
    assert understanding.goes_on(text, "en")


@pytest.mark.parametrize(
    "text", ["Next Generation Science", "more about bees", "begin with chess", "what is next to Peru"]
)
def test_a_topic_that_begins_with_such_a_word_is_one(text: str) -> None:
    assert not understanding.goes_on(text, "en")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("30 min", 30),
        ("90", 90),
        ("1.5 h", 90),
        ("1,5 hours", 90),
        ("2 hours", 120),
        ("about 2 hours, please", 120),
        ("1h30", 90),
        ("1 h 30 min", 90),
        ("1 hour and 15 minutes", 75),
        ("1:30", 90),
        ("half an hour", 30),
        ("an hour", 60),
        ("2", 120),
        ("45m", 45),
        ("soon", None),
        ("", None),
        ("💡", None),
    ],
)
def test_times_as_people_write_them(text: str, minutes: int | None) -> None:
    assert understanding.minutes_of(text, "en") == minutes


@given(st.text(max_size=200))
def test_nothing_that_is_typed_breaks_the_understanding(text: str) -> None:
    understanding.topic_of(text, "en")
    understanding.level_of(text, "en")
    understanding.intent_of(text, "en")
    understanding.objectives_of(text)
    understanding.is_small_talk(text, "en")
    found = understanding.minutes_of(text, "en")
    assert found is None or found >= 0


def test_objectives_are_lines_without_their_bullets() -> None:
    typed = "1. tell rye from wheat\n2) feed a starter\n- bake one loaf\n\n5 ways to rest a dough"
    assert understanding.objectives_of(typed) == (
        "tell rye from wheat",
        "feed a starter",
        "bake one loaf",
        "5 ways to rest a dough",
    )
    assert understanding.objectives_of("one thing; another thing") == ("one thing", "another thing")


@given(st.text(min_size=1, max_size=300).map(clean_text).filter(bool), st.sampled_from(["beginner", "advanced"]))
def test_a_suggested_title_is_always_valid(typed: str, level: str) -> None:
    title = fitting_title(typed, PROPOSED, level, "en")
    assert title is None or not title_faults(title)


@given(st.text(max_size=900).map(clean_text))
def test_a_suggested_description_is_always_valid(typed: str) -> None:
    text = fitting_description(typed, DESCRIPTION, GOALS, "en")
    assert text is None or not description_faults(text)


@given(st.lists(st.text(min_size=1, max_size=250).map(clean_text).filter(bool), max_size=14))
def test_suggested_objectives_are_always_valid(typed: list[str]) -> None:
    goals = fitting_objectives(typed, GOALS)
    assert goals is None or (3 <= len(goals) <= 10 and not any(objective_faults(goal) for goal in goals))


@pytest.mark.parametrize("minutes", [0, 29, 30, 480, 481, 10**9])
def test_the_nearest_time_is_one_that_a_course_can_take(minutes: int) -> None:
    assert not minutes_faults(nearest_minutes(minutes))


def test_what_is_too_long_is_cut_where_a_sentence_or_a_word_ends() -> None:
    assert shorter("A first sentence. A second one that is longer.", 30) == "A first sentence."
    assert shorter("Words and words and words", 12) == "Words and…"
