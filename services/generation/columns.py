"""What authors deliver as columns of the tables: made storable, and nothing left that a database or a chat refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.authors.codec import citations_to_json, contract_to_json, findings_to_json, made_to_json, options_to_json
from services.authors.protocol import LessonPlan, QuizDraft, SectionDraft, SectionPlan
from services.quality.finding import Finding
from services.rules.shuffling import balanced_seed, shown_slot
from services.validation import clean_text, storable
from storage.outline import SectionOutline


def line(text: str) -> str:
    """A title or the like: storable, on one line."""
    return clean_text(storable(text))


def lesson_columns(lesson: LessonPlan) -> dict[str, Any]:
    """A lesson's contract."""
    clean = replace(
        lesson,
        needs=tuple(map(line, lesson.needs)),
        covered=tuple(map(line, lesson.covered)),
        avoid=tuple(map(line, lesson.avoid)),
        example=line(lesson.example),
        handoff=line(lesson.handoff),
    )
    return {
        "title": line(lesson.title),
        "objectives": [line(objective) for objective in lesson.objectives],
        "contract": contract_to_json(clean),
        "made": made_to_json(lesson.made),
    }


def planned_columns(section: SectionPlan) -> dict[str, Any]:
    """A section as planned."""
    return {
        "title": line(section.title),
        "focus": storable(section.focus),
        "minutes": max(1, section.minutes),
        "passages": [storable(passage) for passage in section.passages],
        "outcome": line(section.outcome),
        "objectives": list(section.objectives),
    }


def body_columns(draft: SectionDraft, planned: SectionOutline, now: datetime) -> dict[str, Any]:
    """A section as written; without a title of its own it keeps the planned one."""
    return {
        "title": line(draft.title) or planned.title,
        "body": storable(draft.body).strip(),
        "minutes": max(1, draft.minutes),
        "citations": citations_to_json(draft.citations),
        "written_at": now,
        "made": made_to_json(draft.made),
        "findings": finding_columns(draft.findings),
    }


def question_columns(quiz: QuizDraft, lesson_id: int, slots: Sequence[int]) -> list[dict[str, Any]]:
    """A section's questions; the seed is fixed with the question, so that everybody's order can be told again, and
    chosen so that over the course no slot is favoured: `slots` are those of the right options of its other
    questions."""
    used, found = list(slots), []
    for index, draft in enumerate(quiz.questions):
        count = len(draft.options)
        seed = balanced_seed((lesson_id * 8 + quiz.index) * 64 + index, draft.key, count, used)
        used.append(shown_slot(seed, draft.key, count))
        options = options_to_json(draft.options)
        found.append(
            {
                "prompt": storable(draft.prompt),
                "options": [{name: storable(text) for name, text in option.items()} for option in options],
                "key": draft.key,
                "hint": storable(draft.hint),
                "seed": seed,
                "objective": draft.objective,
                "bloom": draft.bloom,
                "made": made_to_json(quiz.made),
            }
        )
    return found


def finding_columns(findings: tuple[Finding, ...]) -> list[dict[str, str]]:
    """What checks found."""
    return [{name: storable(text) for name, text in found.items()} for found in findings_to_json(findings)]
