"""From the shapes in which a model answers to what an author gives back: mended, checked, or sent back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from services.authors.model import checks, mend
from services.authors.model.citations import verified
from services.authors.model.schemas import (
    PlanShape,
    ProposalShape,
    QuestionShape,
    SectionShape,
    SourcedPlanShape,
    SourcedSectionPlanShape,
    SourcedSectionShape,
)
from services.authors.model.sizes import fit_minutes
from services.authors.protocol import (
    CoursePlan,
    LessonPlan,
    Option,
    Passage,
    QuestionDraft,
    SectionDraft,
    SectionPlan,
)
from services.authors.retry import BadAnswer
from services.rules.reading import reading_minutes

_Shape = TypeVar("_Shape", bound=BaseModel)
_FENCED = re.compile(r"\A\s*```(?:json)?\s*(.*?)\s*```\s*\Z", re.DOTALL)
MOST_QUESTIONS = 3
LONGEST_TITLE = 100
LONGEST_NOTE = 200  # characters of an explanation or a hint: what a chat can show beside a question


def parsed(text: str, shape: type[_Shape]) -> _Shape:
    """`text` as `shape`. Raises `BadAnswer` with where it does not fit."""
    fenced = _FENCED.match(text)
    try:
        return shaped(json.loads(fenced[1] if fenced else text, strict=False), shape)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(["The answer was not one whole JSON object."]) from error


def shaped(value: object, shape: type[_Shape]) -> _Shape:
    """A decoded `value` as `shape`. Raises `BadAnswer` with where it does not fit."""
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        # Places and rules only: what the model wrote there must not come back to it as part of our words.
        places = [".".join(str(part) for part in each["loc"]) for each in error.errors()[:6]]
        raise BadAnswer([f"The JSON did not have the shape asked for at: {', '.join(places)}."]) from error


def proposal_of(answer: ProposalShape) -> ProposalShape:
    """A proposal within its limits. Raises `BadAnswer` where code cannot help."""
    objectives = [mend.clip(mend.line(each), checks.OBJECTIVE[1]) for each in answer.objectives]
    objectives = [each for each in dict.fromkeys(objectives) if len(each) >= checks.OBJECTIVE[0]]
    mended = ProposalShape(
        title=mend.clip(mend.line(answer.title), checks.TITLE[1]),
        description=mend.clip(mend.line(answer.description), checks.DESCRIPTION[1]),
        objectives=objectives[: checks.OBJECTIVES[1]],
    )
    if findings := checks.proposal_findings(mended):
        raise BadAnswer(findings)
    return mended


def plan_of(
    answer: PlanShape | SourcedPlanShape, *, minutes: int, language: str, known: Mapping[str, Passage]
) -> CoursePlan:
    """A plan with its minutes fitted to those ordered and only `known` passages. Raises `BadAnswer` where it has too
    many or too few parts."""
    planned = [section.minutes for lesson in answer.lessons for section in lesson.sections]
    fitted = iter(fit_minutes(planned, minutes))
    lessons: list[LessonPlan] = []
    for lesson in answer.lessons:
        sections = tuple(
            SectionPlan(
                title=mend.clip(mend.line(section.title), LONGEST_TITLE),
                focus=mend.line(section.focus),
                minutes=next(fitted),
                passages=_known(section, known),
            )
            for section in lesson.sections
        )
        objectives = tuple(line for each in lesson.objectives if (line := mend.line(each)))
        lessons.append(LessonPlan(mend.clip(mend.line(lesson.title), LONGEST_TITLE), objectives, sections))
    if findings := checks.plan_findings(lessons):
        raise BadAnswer(findings)
    return CoursePlan(lessons=tuple(lessons), language=language)


def _known(section: BaseModel, known: Mapping[str, Passage]) -> tuple[str, ...]:
    if not isinstance(section, SourcedSectionPlanShape):
        return ()
    return tuple(each for each in dict.fromkeys(section.passages) if each in known)


def section_of(
    answer: SectionShape, title: str, *, objectives: int, passages: Mapping[str, Passage] | None
) -> SectionDraft:
    """A finished section: text mended, minutes counted, questions that break a rule left out.

    `passages` are those that may be cited, None for a course without a source. Raises `BadAnswer` if the text is too
    short or too long, or if a course from a source has no citation here that is really in the source.
    """
    body = mend.body(answer.body)
    findings = [finding] if (finding := checks.body_finding(answer.number, body)) else []
    citations = verified(answer.citations, passages or {}) if isinstance(answer, SourcedSectionShape) else ()
    if passages is not None and not citations:
        findings.append(
            f"Section {answer.number} had no citation whose quote stands in its passage; copy quotes exactly."
        )
    if findings:
        raise BadAnswer(findings)
    questions = questions_of(answer.questions, objectives)
    return SectionDraft(
        index=answer.number - 1,
        title=title,
        body=body,
        minutes=reading_minutes(body, len(questions)),
        questions=questions,
        citations=citations,
    )


def questions_of(answers: Sequence[QuestionShape], objectives: int) -> tuple[QuestionDraft, ...]:
    """The questions that can be asked, at most three, of a course with `objectives` objectives."""
    kept: list[QuestionDraft] = []
    asked: set[str] = set()
    for answer in answers:
        mended = _mended(answer)
        if len(kept) == MOST_QUESTIONS or checks.alike(mended.prompt) in asked or not checks.question_holds(mended):
            continue
        asked.add(checks.alike(mended.prompt))
        kept.append(
            QuestionDraft(
                prompt=mended.prompt,
                options=tuple(Option(option.text, option.explanation) for option in mended.options),
                key=mended.key,
                hint=mended.hint,
                objective=mended.objective - 1 if 0 < mended.objective <= objectives else None,
            )
        )
    return tuple(kept)


def _mended(question: QuestionShape) -> QuestionShape:
    options = [
        option.model_copy(
            update={
                "text": mend.line(option.text),
                "explanation": mend.clip(mend.line(option.explanation), LONGEST_NOTE),
            }
        )
        for option in question.options
    ]
    hint = mend.clip(mend.line(question.hint), LONGEST_NOTE)
    return question.model_copy(update={"prompt": mend.clean(question.prompt), "options": options, "hint": hint})
