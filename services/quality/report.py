"""What all 21 checks say of a course: one line for each rule, as plain data for storage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from services.authors.protocol import QuizDraft, SectionDraft
from services.quality import bloom, judging, options, readability
from services.quality.catalogue import BY_NAME, RULES, Weight
from services.quality.course import CheckedCourse, course_findings
from services.quality.finding import Finding, Outcome, Severity
from services.quality.language import checkable
from services.quality.pieces import errors_first, quiz_findings, section_findings
from services.quality.text import read

Status = Literal["passed", "findings", "not_checked", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one rule: `findings` are those that stand, `mended` those that were put right on the way."""

    rule: str
    status: Status
    findings: tuple[Finding, ...] = ()
    mended: tuple[Finding, ...] = ()

    @property
    def number(self) -> int:
        """1–21."""
        return BY_NAME[self.rule].number

    @property
    def weight(self) -> Weight:
        """Whether breaking the rule blocks."""
        return BY_NAME[self.rule].weight


@dataclass(frozen=True, slots=True)
class Report:
    """All rules in order. `fingerprint` says of which state of the course; `written` of how many `sections` had a
    text."""

    verdicts: tuple[Verdict, ...]
    fingerprint: str
    written: int
    sections: int

    def having(self, status: Status) -> tuple[Verdict, ...]:
        """The rules with that status, in order."""
        return tuple(verdict for verdict in self.verdicts if verdict.status == status)

    @property
    def mended(self) -> int:
        """How many findings were put right before anybody read the course."""
        return sum(len(verdict.mended) for verdict in self.verdicts)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stand and should not."""
        return tuple(one for verdict in self.verdicts for one in verdict.findings if one.severity == "error")


def report_of(course: CheckedCourse, fingerprint: str, judged: judging.Judged | None = None) -> Report:
    """Everything that can be checked, checked. Takes up to a few tenths of a second: call it in a thread. `judged` are
    a second model's answers; without them rules 17–19 are not checked."""
    standing = list(course_findings(course))
    for lesson in range(len(course.lessons)):
        standing += _pieces(course, lesson)
    unchecked = _unchecked(course)
    for rule, found in _judged(course, judged or {}).items():
        if found is None:
            unchecked[rule] = "not_checked"
        else:
            standing += found
    past = [one for _, _, section in course.written() for one in section.mended if one.outcome != "open"]
    written = sum(1 for _ in course.written())
    verdicts = tuple(_verdict(rule.name, standing, past, unchecked) for rule in RULES)
    return Report(verdicts, fingerprint, written, sum(len(lesson.sections) for lesson in course.lessons))


def _pieces(course: CheckedCourse, lesson: int) -> Iterable[Finding]:
    context = course.context(lesson)
    for place, section in enumerate(course.lessons[lesson].sections):
        if section.body:
            draft = SectionDraft(place, section.title, section.body, section.minutes, section.citations)
            yield from section_findings(draft, context)
            yield from quiz_findings(QuizDraft(place, section.questions), context)


def _judged(course: CheckedCourse, judged: judging.Judged) -> dict[str, list[Finding] | None]:
    keys = {
        (lesson, place): [question.key for question in section.questions] for lesson, place, section in course.written()
    }
    known = {place: each for place, each in judged.items() if place in keys}
    found = {
        "grounding": judging.grounding(known),
        "answerable": judging.answerable(known, keys),
        "guessable": judging.guessable(known, keys),
    }
    return {rule: None if each is None else list(each) for rule, each in found.items()}


def _verdict(
    rule: str, standing: Sequence[Finding], past: Sequence[Finding], unchecked: Mapping[str, Status]
) -> Verdict:
    found = errors_first(one for one in standing if one.rule == rule)
    mended = tuple(one for one in past if one.rule == rule)
    status: Status = "findings" if found else unchecked.get(rule, "passed")
    return Verdict(rule, status, found, mended)


def _unchecked(course: CheckedCourse) -> dict[str, Status]:
    """Rules that have nothing to look at in this course, or nobody to look."""
    questions = course.questions()
    texts = [read(section.body) for _, _, section in course.written()]
    shown = sum(len(section.shown_keys) for _, _, section in course.written())
    found: dict[str, Status] = {}
    if not questions:
        found = dict.fromkeys(("length_tells", "distinct_options", "one_key", "explanations"), "not_applicable")
    if shown < options.ENOUGH_QUESTIONS:
        found["key_position"] = "not_applicable"
    if not _climbs(course) and not any(bloom.declared(question.bloom) is not None for question in questions):
        found["bloom"] = "not_applicable"
    if all(readability.lix(text.plain, course.language) is None for text in texts):
        found["readability"] = "not_applicable"
    if not checkable(course.language):
        found["language"] = "not_checked"
    if not any(text.code for text in texts):
        found["code"] = "not_applicable"
    if course.passages is None:
        found["citations"] = "not_applicable"
    if course.flagged is None:
        found["safety"] = "not_checked"
    return found


def _climbs(course: CheckedCourse) -> bool:
    """Whether any outcome says a level."""
    return any(
        bloom.level_of(section.outcome, course.language) is not None
        for lesson in course.lessons
        for section in lesson.sections
    )


def to_data(report: Report) -> dict[str, Any]:
    """Dictionaries, lists, strings and numbers only."""
    return asdict(report)


def from_data(data: Mapping[str, Any]) -> Report:
    """The inverse of `to_data`; rules that are no longer known are left out. Raises KeyError or TypeError if `data` is
    not that."""
    verdicts = tuple(
        Verdict(
            str(one["rule"]),
            cast(Status, one["status"]),
            tuple(map(_finding, one["findings"])),
            tuple(map(_finding, one["mended"])),
        )
        for one in data["verdicts"]
        if one["rule"] in BY_NAME
    )
    return Report(verdicts, str(data["fingerprint"]), int(data["written"]), int(data["sections"]))


def _finding(data: Mapping[str, Any]) -> Finding:
    return Finding(
        path=str(data["path"]),
        rule=str(data["rule"]),
        found=str(data["found"]),
        expected=str(data["expected"]),
        severity=cast(Severity, data["severity"]),
        outcome=cast(Outcome, data["outcome"]),
    )
