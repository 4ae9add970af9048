"""What a new piece of a lesson is checked for: its text, and its questions. Pure, but not free: call it in a thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from services.authors.protocol import LessonPlan, Level, Passage, QuestionDraft, QuizDraft, SectionDraft
from services.quality import options, structure
from services.quality.accessible import accessible, accessible_question
from services.quality.code import code
from services.quality.coverage import question_objective
from services.quality.duration import section_time
from services.quality.finding import Finding
from services.quality.language import language
from services.quality.leftovers import leftovers
from services.quality.quotes import citations
from services.quality.readability import readability
from services.quality.safety import safety
from services.quality.shape import shape
from services.quality.text import plain, read

QUOTED = frozenset({"coverage", "reading_time", "repetition", "language", "leftovers", "code"})
"""Rules that are reported of an author who quotes, not enforced: the text is what it is, long or short, in two
languages or with a TODO in it, and where nothing can be asked about a part of it there is no question."""


@dataclass(frozen=True, slots=True)
class SectionContext:
    """What a piece is held against: the place of its lesson (0-based) and that lesson's contract, the course's level
    and language, how many objectives the course has, the passages that may be cited, by id (None for a course without a
    source), and how many questions a section has (by its place) where that is known already: 2 are reckoned with.

    `enforced` is False for an author who quotes and cannot write to measure: what is a matter of the text that is
    quoted (`QUOTED`) is then a warning, and a section may be without questions. `flagged` are categories that
    moderation found in the piece, None where nobody looked."""

    lesson: int
    plan: LessonPlan
    level: Level
    language: str
    objectives: int = 0
    passages: Mapping[str, Passage] | None = None
    enforced: bool = True
    flagged: tuple[str, ...] | None = None
    questions: Mapping[int, int] = field(default_factory=dict)


def section_findings(draft: SectionDraft, context: SectionContext) -> tuple[Finding, ...]:
    """What is wrong with the text of a section by itself, errors first. Paths begin
    ``lessons.<lesson>.sections.<index>.``; those that a repair can ask for end in ``body`` or ``citations``."""
    return errors_first(_section(draft, context), enforced=context.enforced)


def quiz_findings(draft: QuizDraft, context: SectionContext) -> tuple[Finding, ...]:
    """What is wrong with the questions of a section, errors first. Paths go on ``.questions.<n>``, and where one part
    alone is meant ``.prompt``, ``.key``, ``.hint``, ``.objective``, ``.options`` (all of them),
    ``.options.<m>.text`` or ``.options.<m>.explanation``."""
    return errors_first(_quiz(draft, context), enforced=context.enforced)


def errors_first(found: Iterable[Finding], *, enforced: bool = True) -> tuple[Finding, ...]:
    """The findings without repetitions, errors before warnings, otherwise as they came. Not `enforced`: rules that
    nobody can keep who quotes are warnings."""
    known = dict.fromkeys(
        replace(one, severity="warning") if one.rule in QUOTED and not enforced else one for one in found
    )
    return tuple(sorted(known, key=lambda finding: finding.severity != "error"))


def _section(draft: SectionDraft, context: SectionContext) -> Iterator[Finding]:
    path = f"lessons.{context.lesson}.sections.{draft.index}"
    text = read(draft.body)
    planned = context.plan.sections[draft.index].minutes if draft.index < len(context.plan.sections) else 0
    yield from structure.body_length(draft.body, path)
    yield from readability(text, context.level, context.language, path)
    known = context.questions.get(draft.index)
    yield from section_time(draft.body, known, planned if context.enforced else 0, path)
    yield from shape(text, path)
    yield from language(text.plain, context.language, f"{path}.body")
    yield from leftovers(text.plain, f"{path}.body")
    yield from code(text, path)
    yield from citations(draft.citations, context.passages, path)
    yield from safety(context.flagged, f"{path}.body")
    yield from accessible(draft.title, text, path)


def _quiz(draft: QuizDraft, context: SectionContext) -> Iterator[Finding]:
    path = f"lessons.{context.lesson}.sections.{draft.index}"
    prompts = [question.prompt for question in draft.questions]
    yield from structure.question_count(prompts, path, needed=context.enforced)
    own = context.plan.sections[draft.index].objectives if draft.index < len(context.plan.sections) else ()
    for number, question in enumerate(draft.questions):
        here = f"{path}.questions.{number}"
        yield from question_findings(question, here)
        yield from question_objective(question, context.objectives, own, here)
    yield from language(" ".join(map(_prose, draft.questions)), context.language, f"{path}.questions")
    yield from safety(context.flagged, f"{path}.questions")


def question_findings(question: QuestionDraft, path: str) -> Iterator[Finding]:
    """What is wrong with one question by itself."""
    yield from options.length_tells(question, path)
    yield from options.distinct(question, path)
    yield from options.one_key(question, path)
    yield from options.explanations(question, path)
    yield from accessible_question(question, path)
    yield from leftovers(plain(question.prompt), f"{path}.prompt")
    yield from leftovers(plain(question.hint), f"{path}.hint")
    for at, option in enumerate(question.options):
        yield from leftovers(plain(option.text), f"{path}.options.{at}.text")
        yield from leftovers(plain(option.explanation), f"{path}.options.{at}.explanation")


def _prose(question: QuestionDraft) -> str:
    parts = [question.prompt, question.hint, *(option.explanation for option in question.options)]
    return plain("\n".join(parts))
