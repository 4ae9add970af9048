from __future__ import annotations

import json
from dataclasses import replace

import pytest

from services.quality import judging
from services.quality.catalogue import RULES
from services.quality.course import CheckedCourse, CheckedSection, course_findings
from services.quality.finding import Finding
from services.quality.judging import Judgements
from services.quality.report import from_data, report_of, to_data
from tests.services.quality.kit import course, question, rules, section


def with_section(made: CheckedCourse, lesson: int, place: int, changed: CheckedSection) -> CheckedCourse:
    lessons = list(made.lessons)
    sections = list(lessons[lesson].sections)
    sections[place] = changed
    lessons[lesson] = replace(lessons[lesson], sections=tuple(sections))
    return replace(made, lessons=tuple(lessons))


def test_a_sound_course() -> None:
    assert course_findings(course()) == ()


def test_structure() -> None:
    made = course()
    assert ("structure", "error") in rules(course_findings(replace(made, lessons=made.lessons[:2])))
    thin = replace(made.lessons[2], sections=made.lessons[2].sections[:1])
    found = course_findings(replace(made, minutes=0, lessons=(*made.lessons[:2], thin)))
    assert [one.path for one in found] == ["lessons.2.sections"]


def test_coverage() -> None:
    unserved = course(objectives=("One", "Two", "Three", "Four"))
    assert [(one.path, one.found) for one in course_findings(unserved)] == [
        ("objectives.3", "no section serves it"), ("objectives.3", "no question tests it"),
    ]  # fmt: skip
    made = course()
    for place in range(2):
        untested = replace(made.lessons[2].sections[place], questions=(), shown_keys=())
        made = with_section(made, 2, place, replace(untested, minutes=untested.minutes - 1))
    (found,) = [one for one in course_findings(made) if one.rule == "coverage"]
    assert (found.path, found.found) == ("objectives.2", "no question tests it")
    dangling = with_section(course(), 0, 0, replace(course().lessons[0].sections[0], objectives=(0, 5)))
    assert [one.path for one in course_findings(dangling)] == ["lessons.0.sections.0.objectives"]


def test_what_is_not_written_is_not_missing_yet() -> None:
    made = course(minutes=0)
    for place in range(2):
        planned = CheckedSection(f"Planned {place}", minutes=6, objectives=(2,))
        made = with_section(made, 2, place, planned)
    assert course_findings(made) == ()


def test_a_course_told_twice() -> None:
    again = replace(section("ax", 2), title="Another title")
    found = course_findings(with_section(course(), 2, 0, again))
    assert [(one.path, one.rule, one.severity) for one in found if one.rule == "repetition"] == [
        ("lessons.2.sections.0.body", "repetition", "error")
    ]


def test_minutes_of_the_text_and_of_the_whole() -> None:
    first = course().lessons[0].sections[0]
    found = course_findings(with_section(course(), 0, 0, replace(first, minutes=first.minutes + 1)))
    assert [(one.path, one.rule) for one in found] == [("lessons.0.sections.0.minutes", "accessible")]
    assert rules(course_findings(course(minutes=500))) == [("reading_time", "error")]
    assert rules(course_findings(course(minutes=500, enforced=False))) == [("reading_time", "warning")]


def test_the_rest_of_a_course() -> None:
    assert rules(course_findings(course(description="TODO"))) == [("leftovers", "error")]
    assert rules(course_findings(course(alternative_text=" "))) == [("accessible", "error")]
    assert rules(course_findings(course(flagged={"picture": ("hate",)}))) == [("safety", "error")]
    made = course()
    for lesson in range(3):
        for place in range(2):
            held = made.lessons[lesson].sections[place]
            made = with_section(made, lesson, place, replace(held, shown_keys=(0, 0)))
    assert rules(course_findings(made)) == [("key_position", "error")]


def test_judges() -> None:
    keys = {(0, 0): [0, 1, 2], (0, 1): [1, 1]}
    assert judging.answerable({}, keys) is None
    assert judging.grounding({}) is None
    assert judging.guessable({(0, 0): Judgements(guessed=(None, None))}, keys) is None
    judged = {
        (0, 0): Judgements((True, True), (0, 1, 1), (0, 1, 2)), (0, 1): Judgements((False, None), (1, None), (1, 0)),
    }  # fmt: skip
    assert [one.path for one in judging.answerable(judged, keys) or ()] == ["lessons.0.sections.0.questions.2"]
    assert judging.agreement(judged, keys) == 0.75
    assert [one.found for one in judging.grounding(judged) or ()] == [
        "1 of 1 claims are not supported by what they cite"
    ]
    assert [(one.found, one.severity) for one in judging.guessable(judged, keys) or ()] == [
        ("80 % of 5 questions are guessed without the text", "warning")
    ]
    fair = {(0, 0): Judgements((True,) * 10, (0, 1, 2), (1, 1, 0)), (0, 1): Judgements((False,), (1, 1), (1, 0))}
    assert list(judging.grounding(fair) or ()) == []  # 10 of 11
    assert list(judging.guessable(fair, keys) or ()) == []


def test_a_report_names_every_rule() -> None:
    report = report_of(course(), "state 1")
    assert [verdict.number for verdict in report.verdicts] == list(range(1, 22))
    assert [rule.name for rule in RULES] == [verdict.rule for verdict in report.verdicts]
    assert {verdict.rule for verdict in report.having("not_checked")} == {
        "grounding", "answerable", "guessable", "safety",
    }  # fmt: skip
    assert {verdict.rule for verdict in report.having("not_applicable")} == {"code", "citations"}
    assert report.having("findings") == ()
    assert (report.errors, report.mended, report.written, report.sections) == ((), 0, 6, 6)


def test_what_nobody_judged_is_never_passed() -> None:
    judged = {(0, 0): Judgements((True,), (0, 0), (1, 2))}
    report = {verdict.rule: verdict.status for verdict in report_of(course(), "", judged).verdicts}
    assert (report["grounding"], report["answerable"], report["guessable"]) == ("passed", "passed", "not_checked")
    moderated = {verdict.rule: verdict.status for verdict in report_of(course(flagged={}), "").verdicts}
    assert moderated["safety"] == "passed"
    wrong = {(0, 0): Judgements((), (1, 0)), (9, 9): Judgements((), (1,))}  # a section that is not there any more
    (verdict,) = [one for one in report_of(course(), "", wrong).verdicts if one.rule == "answerable"]
    assert (verdict.status, len(verdict.findings)) == ("findings", 1)


def test_what_was_mended_is_told_apart() -> None:
    past = Finding("lessons.0.sections.0.body", "shape", "a table", "no tables", outcome="repaired")
    still = Finding("lessons.0.sections.0.body", "leftovers", "“TODO”", "none")  # open: found again, or gone
    made = with_section(course(), 0, 0, replace(course().lessons[0].sections[0], mended=(past, still)))
    report = report_of(made, "")
    shape = next(verdict for verdict in report.verdicts if verdict.rule == "shape")
    assert (shape.status, shape.mended, report.mended) == ("passed", (past,), 1)
    assert report.errors == ()


def test_an_empty_course_and_a_language_nobody_knows() -> None:
    empty = replace(course(), lessons=(), minutes=0, language="uz")
    report = {verdict.rule: verdict.status for verdict in report_of(empty, "").verdicts}
    assert report["structure"] == "findings"
    assert report["length_tells"] == report["readability"] == report["key_position"] == "not_applicable"
    assert report["language"] == "not_checked"


def test_reports_as_data() -> None:
    broken = with_section(course(), 0, 0, replace(section("ax"), body="TODO", questions=(question(key=9),)))
    report = report_of(broken, "state 2")
    assert report.errors
    data = json.loads(json.dumps(to_data(report)))
    assert from_data(data) == report
    data["verdicts"].append({"rule": "of another version", "status": "passed", "findings": [], "mended": []})
    assert from_data(data) == report
    with pytest.raises(KeyError):
        from_data({})
