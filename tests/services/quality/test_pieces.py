from __future__ import annotations

from dataclasses import replace

import pytest

from services.authors.protocol import Citation, Passage, QuizDraft, SectionDraft
from services.quality.mending import mend_quiz, mend_section
from services.quality.pieces import quiz_findings, section_findings
from services.rules.wording import clip
from tests.services.quality.kit import PROSE, context, long_body, question, rules

DRAFT = SectionDraft(0, "What it is", long_body("a"), 5)
QUIZ = QuizDraft(0, (question(), question(prompt="And what makes it slow?")))
PASSAGES = {"p1": Passage("p1", PROSE["en"], "Yeast", "page 1")}
CITED = Citation("p1", "It eats sugar", "page 1")
NOWHERE = Citation("p9", "It eats sugar", "page 9")


def test_sound_pieces() -> None:
    assert section_findings(DRAFT, context()) == ()
    assert quiz_findings(QUIZ, context()) == ()


def test_paths_say_lesson_and_section() -> None:
    (found,) = section_findings(replace(DRAFT, index=1, body=f"{DRAFT.body}\n\nTODO"), context(lesson=4))
    assert (found.path, found.rule) == ("lessons.4.sections.1.body", "leftovers")
    (found,) = quiz_findings(QuizDraft(1, (replace(question(), hint="TODO"),)), context(lesson=4))
    assert found.path == "lessons.4.sections.1.questions.0.hint"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Short.", {"structure", "reading_time"}),
        (long_body("a", 200), {"reading_time"}),
        (long_body("a") + "\n\n" + "word " * 200, {"shape"}),
        ("\n\n".join([PROSE["de"]] * 20), {"language"}),
        (long_body("a") + "\n\n```python\nx =\n```", {"code"}),
        (long_body("a") + "\n\n![](loaf.png)", {"accessible"}),
        (long_body("a") + "\n\n✅", {"accessible"}),
    ],
)
def test_bad_texts(body: str, found: set[str]) -> None:
    made = section_findings(replace(DRAFT, body=body), context())
    assert {one.rule for one in made} == found
    assert {one.severity for one in made} == {"error"}
    assert all(one.path == "lessons.0.sections.0.body" for one in made)


@pytest.mark.parametrize("language", ["ru", "ar", "hi", "zh"])
def test_texts_in_other_scripts(language: str) -> None:
    times = 20 if language != "zh" else 15
    body = "\n\n".join([PROSE[language]] * times)
    assert section_findings(replace(DRAFT, body=body), context(language)) == ()


def test_errors_come_first() -> None:
    body = f"```text\n{'x' * 80}\n```\n\nTODO\n\n{long_body('a')}"
    assert rules(section_findings(replace(DRAFT, body=body), context())) == [
        ("leftovers", "error"), ("shape", "warning"),
    ]  # fmt: skip


def test_who_quotes_is_told_of_it() -> None:
    """A text that is quoted is what it is; what the author adds is not."""
    body = "Too short, with a TODO in it.\n\n" + PROSE["en"] * 5
    found = section_findings(replace(DRAFT, body=body), context(enforced=False))
    assert rules(found) == [("shape", "error"), ("reading_time", "warning"), ("leftovers", "warning")]
    assert quiz_findings(QuizDraft(0, ()), context(enforced=False)) == ()
    assert rules(quiz_findings(QuizDraft(0, ()), context())) == [("structure", "error")]


def test_moderation_and_citations() -> None:
    assert rules(section_findings(DRAFT, context(flagged=("hate",)))) == [("safety", "error")]
    assert rules(section_findings(DRAFT, context(passages=PASSAGES))) == [("citations", "error")]
    cited = replace(DRAFT, citations=(CITED,))
    assert section_findings(cited, context(passages=PASSAGES)) == ()
    assert rules(quiz_findings(QUIZ, context(flagged=("hate",)))) == [("safety", "error")]


def test_bad_quizzes() -> None:
    four = tuple(question(prompt=f"What is number {n}?") for n in range(4))
    assert rules(quiz_findings(QuizDraft(0, four), context())) == [("structure", "error")]
    twice = QuizDraft(0, (question(), question(prompt="WHAT does a dough need to rise?")))
    assert [one.path for one in quiz_findings(twice, context())] == ["lessons.0.sections.0.questions.1.prompt"]
    nowhere = QuizDraft(0, (replace(question(), objective=3),))
    assert [(one.path, one.severity) for one in quiz_findings(nowhere, context())] == [
        ("lessons.0.sections.0.questions.0.objective", "error")
    ]
    another = QuizDraft(0, (replace(question(), objective=2),))  # there, but not of this section
    assert rules(quiz_findings(another, context())) == [("coverage", "warning")]
    untied = QuizDraft(0, (replace(question(), objective=None),))
    assert quiz_findings(untied, context()) == ()


def test_a_quiz_in_another_language() -> None:
    german = question(("Wärme und Zeit", "Salz und Licht", "Luft und Zucker"), prompt=PROSE["de"])
    german = replace(german, options=tuple(replace(one, explanation=PROSE["de"][:150]) for one in german.options))
    assert rules(quiz_findings(QuizDraft(0, (german,)), context())) == [("language", "error")]
    assert quiz_findings(QuizDraft(0, (german,)), context("de")) == ()


def test_an_index_that_was_not_planned() -> None:
    assert section_findings(replace(DRAFT, index=3), context()) == ()
    assert quiz_findings(replace(QUIZ, index=3), context()) == ()


def test_sections_are_mended() -> None:
    broken = SectionDraft(0, " ", f"{DRAFT.body}\n\n![](loaf.png)", 99, (CITED, NOWHERE))
    mended, found = mend_section(broken, context(passages=PASSAGES, questions={0: 2}))
    assert (mended.title, mended.citations) == ("What it is", (CITED,))
    assert mended.body.endswith("![What it is](loaf.png)")
    assert [(one.rule, one.outcome) for one in found] == [
        ("accessible", "mended"), ("accessible", "mended"), ("citations", "mended"),
    ]  # fmt: skip
    assert section_findings(mended, context(passages=PASSAGES)) == ()
    assert mended.minutes == 5
    sound, nothing = mend_section(replace(DRAFT, minutes=5), context(questions={0: 2}))
    assert (sound, nothing) == (DRAFT, ())


def test_a_section_with_no_citation_that_holds_is_for_its_author() -> None:
    broken = replace(DRAFT, citations=(NOWHERE,))
    mended, found = mend_section(broken, context(passages=PASSAGES))
    assert (mended.citations, found) == ((NOWHERE,), ())


def test_quizzes_are_mended() -> None:
    summing = question(("Warmth", "Salt", "Light", "All of the above"))
    doubled = question(("Salt", "salt", "Warmth", "Light"), key=2, prompt="And now?")
    wordy = replace(question(prompt="Why?"), hint="h " * 200, objective=9)
    wordy = replace(
        wordy, options=tuple(replace(one, explanation="the dough rises in the warmth\n" * 15) for one in wordy.options)
    )
    quiz = QuizDraft(0, (summing, doubled, summing, wordy, question(prompt="One too many?")))
    mended, found = mend_quiz(quiz, context())
    assert [one.prompt for one in mended.questions] == [summing.prompt, "And now?", "Why?"]
    assert [[option.text for option in one.options] for one in mended.questions[:2]] == [
        ["Warmth", "Salt", "Light"], ["Salt", "Warmth", "Light"],
    ]  # fmt: skip
    assert mended.questions[1].key == 1
    assert mended.questions[2].objective == 0
    assert quiz_findings(mended, context()) == ()
    assert {one.outcome for one in found} == {"mended"}
    assert [one.rule for one in found] == [
        "distinct_options", "distinct_options", "structure", "coverage", "explanations", "explanations", "structure",
    ]  # fmt: skip
    assert mend_quiz(QUIZ, context()) == (QUIZ, ())


def test_what_code_cannot_mend_it_leaves() -> None:
    right_is_summing = question(("Warmth", "Salt", "Light", "All of the above"), key=3)
    too_few = question(("Salt", "salt", "Warmth"), key=2, prompt="And now?")
    keyless = question(key=7, prompt="Which?")
    quiz = QuizDraft(0, (right_is_summing, too_few, keyless))
    assert mend_quiz(quiz, context()) == (quiz, ())
    seven = question(tuple("abcdefg"), key=6)
    mended, _ = mend_quiz(QuizDraft(0, (seven,)), context())
    assert [one.text for one in mended.questions[0].options] == ["a", "b", "c", "d", "g"]
    assert mended.questions[0].key == 4


def test_clip() -> None:
    assert clip("one two three", 13) == "one two three"
    assert clip("one two three", 10) == "one two…"
    assert clip("面" * 30, 10) == "面" * 9 + "…"
