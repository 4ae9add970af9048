from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers.chat.buttons import OpenCourse, OpenSection
from handlers.chat.buttons_asking import NewRequest
from handlers.chat.buttons_reading import ShowQuality
from handlers.chat.markup import units
from handlers.chat.screens.quality import pick, report
from handlers.texts import texts
from services.checking import Checked
from services.quality.catalogue import RULES
from services.quality.finding import Finding
from services.quality.report import Report, Verdict
from services.quality_reports import QualityView
from tests.handlers.chat.making import NOW, card, course
from tests.handlers.chat.test_screens_reading import buttons

SOUND = Report(tuple(Verdict(rule.name, "passed") for rule in RULES), "", 9, 9)


def having(*verdicts: Verdict, **changes: int) -> QualityView:
    given = {verdict.rule: verdict for verdict in verdicts}
    told = tuple(given.get(verdict.rule, verdict) for verdict in SOUND.verdicts)
    made = replace(SOUND, verdicts=told, **changes)  # type: ignore[arg-type]  # counts only
    return QualityView(course(), Checked(made, NOW - timedelta(hours=1)))


def found(rule: str, *paths: str, severity: str = "error") -> Verdict:
    return Verdict(rule, "findings", tuple(Finding(path, rule, "f", "e", severity) for path in paths))  # type: ignore[arg-type]


def test_a_sound_course() -> None:
    screen = report("en", having(), NOW, "Europe/Berlin")
    assert screen.text == (
        "<b>Sourdough: from flour to a risen loaf</b>\nchecked 13:05\n\n✅ 21 checks passed\n\n"
        "Nothing that you need to look at."
    )
    assert buttons(screen.rows) == [OpenCourse(5)]


def test_what_to_look_at_and_where() -> None:
    view = having(
        found("readability", "lessons.2.sections.1.body", severity="warning"),
        found("shape", "lessons.0.sections.0.body", "lessons.0.sections.0.body", "lessons.1.sections.2.body"),
        found("coverage", "objectives.1"),
        found("distinct_options", "lessons.0.sections.1.questions.2.options.1.text"),
        Verdict("accessible", "passed", (), (Finding("x", "accessible", "f", "e", outcome="mended"),)),
        Verdict("grounding", "not_checked"),
        Verdict("code", "not_applicable"),
    )
    assert report("en", view, NOW, "UTC").text == (
        "<b>Sourdough: from flour to a risen loaf</b>\nchecked 12:05\n\n"
        "✅ 15 checks passed\n1 thing put right before anybody read it\n\n"
        "<b>6 things to look at</b>\n\n"
        "❗ An objective that no section or no question serves\nobjective 2\n\n"
        "❗ Two answers say nearly the same\nlesson 1, section 2, question 3\n\n"
        "❗ Hard to show in a chat: a long paragraph, a table, wide code\nlesson 1, section 1; lesson 2, section 3\n\n"
        "• Harder to read than its level\nlesson 3, section 2\n\n"
        "❗ gets in a learner's way. • is worth a look.\n\n"
        "Not checked, because nobody is there who could: whether quotes support what is said."
    )


def test_keys_lead_to_the_first_sections() -> None:
    view = having(found("shape", *(f"lessons.{at}.sections.{place}.body" for at in range(3) for place in range(3))))
    screen = report("en", view, NOW, "UTC")
    assert buttons(screen.rows) == [OpenSection(1, 0), OpenSection(2, 0), OpenSection(3, 0), OpenCourse(5)]
    assert "and 5 more" in screen.text
    unwritten = replace(view, course=course(unwritten=frozenset({1, 2, 3, 4, 5, 6, 7, 8})))
    assert buttons(report("en", unwritten, NOW, "UTC").rows) == [OpenSection(9, 0), OpenCourse(5)]
    nowhere = having(found("shape", "lessons.7.sections.0.body", "lessons", "lessons.2"))
    assert buttons(report("en", nowhere, NOW, "UTC").rows) == [OpenCourse(5)]


def test_a_course_that_is_half_written() -> None:
    text = report("en", having(written=4), NOW, "UTC").text
    assert "4 of 9 sections are written; the others I check when they are there." in text


def test_the_longest_report_is_one_message() -> None:
    paths = [f"lessons.{at}.sections.{place}.questions.{n}" for at in range(12) for place in range(4) for n in range(3)]
    view = having(*(found(rule.name, *paths) for rule in RULES))
    view = replace(view, course=replace(view.course, title="T" * 100))
    assert units(report("en", view, NOW, "UTC").text) <= 4096


def test_nothing_of_an_answer_is_shown() -> None:
    told = Finding("lessons.0.sections.0.questions.0.options", "length_tells", "SECRET", "SECRET")
    text = report("en", having(Verdict("length_tells", "findings", (told,))), NOW, "UTC").text
    assert "SECRET" not in text


def test_every_rule_has_words() -> None:
    assert not [rule.name for rule in RULES if f"quality.rule.{rule.name}" not in texts("en")]
    named = {rule.name for rule in RULES if rule.judged} | {"language"}
    assert not [name for name in named if f"quality.name.{name}" not in texts("en")]


def test_which_course() -> None:
    assert buttons(pick("en", []).rows) == [NewRequest()]
    cards = [card(n) for n in range(1, 12)]
    assert buttons(pick("en", cards).rows) == [ShowQuality(n) for n in range(1, 9)]
