from __future__ import annotations

import pytest

from services.quality.finding import Finding
from services.quality.repetition import Repetition, repetition_between, shingles
from tests.services.quality.kit import PROSE, long_body, rules


@pytest.mark.parametrize(("shared", "severity"), [(0, None), (8, None), (14, "warning"), (30, "error"), (100, "error")])
def test_how_much_may_be_said_again(shared: int, severity: str | None) -> None:
    """Of 100 sentences of ten words, `shared` stand in the other lesson."""
    other = [f"An{at} old{at} b{at} c{at} d{at} e{at} f{at} g{at} h{at} i{at}." for at in range(100)]
    own = [f"A{at} new{at} k{at} l{at} m{at} n{at} o{at} p{at} q{at} r{at}." for at in range(100)]
    found = repetition_between(" ".join([*own[shared:], *other[:shared]]), {4: " ".join(other)}, path="s")
    assert rules(found) == ([] if severity is None else [("repetition", severity)])
    assert all("lesson 5" in one.found for one in found)


@pytest.mark.parametrize("language", PROSE)
def test_the_same_text_in_any_script(language: str) -> None:
    text = PROSE[language]
    assert rules(repetition_between(text, {0: text}, path="s")) == [("repetition", "error")]
    assert not repetition_between(text, {0: PROSE["de" if language != "de" else "ru"]}, path="s")


def test_what_does_not_count() -> None:
    code = "```python\n" + "\n".join(f"x{at} = next(walk) or stop and go on" for at in range(40)) + "\n```"
    assert not repetition_between(f"{long_body('a')}\n\n{code}", {0: f"{long_body('b')}\n\n{code}"}, path="s")
    assert not repetition_between("Only a few words here.", {0: "Only a few words here."}, path="s")
    assert not repetition_between(long_body("a"), {}, path="s")
    assert shingles("") == frozenset()
    assert shingles("**One** two *three* four five") == shingles("one TWO three, four five!")


def test_as_sections_arrive() -> None:
    known = Repetition()
    assert known.findings(0, 0, long_body("a")) == ()
    known.add(0, 0, long_body("a"))
    known.add(0, 1, long_body("b"))
    assert known.findings(0, 2, long_body("a")) == ()  # a lesson may come back to what it said itself
    (found,) = known.findings(2, 1, long_body("a"))
    assert (found.path, found.severity) == ("lessons.2.sections.1.body", "error")
    assert found.found == "100 % of it stands in lesson 1 as well"
    # Half from either section of that lesson counts together.
    halves = "\n\n".join([*long_body("a").split("\n\n")[:7], *long_body("b").split("\n\n")[:7]])
    assert rules(known.findings(1, 0, halves)) == [("repetition", "error")]
    known.add(0, 0, long_body("c"))  # written anew
    assert known.findings(2, 1, long_body("a")) == ()


def test_twelve_times_the_same_lesson() -> None:
    known = Repetition()
    found: list[Finding] = []
    for lesson in range(12):
        found += known.findings(lesson, 0, long_body("same"))
        known.add(lesson, 0, long_body("same"))
    assert len(found) == 11
