"""What code can put right in a new piece, so that nobody is asked twice for it. Each mend is a finding as well, with
the outcome ``mended``. (Keys are shuffled where a question is stored.)"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.authors.protocol import Option, QuestionDraft, QuizDraft, SectionDraft
from services.quality.finding import Finding
from services.quality.options import (
    LONGEST_EXPLANATION,
    MOST_LINE_FEEDS,
    OPTIONS,
    speaks_of_others,
)
from services.quality.pieces import SectionContext
from services.quality.quotes import resolves
from services.quality.structure import QUESTIONS
from services.quality.text import images
from services.rules.reading import reading_minutes
from services.rules.wording import clip, folded

_WORDLESS = re.compile(r"!\[\s*\](?=\()")


def mend_section(draft: SectionDraft, context: SectionContext) -> tuple[SectionDraft, tuple[Finding, ...]]:
    """The section with a heading (its contract's, else the lesson's), pictures in words (the heading), only citations
    that resolve (as long as one does), and the minutes that its text takes; and what was mended."""
    path = f"lessons.{context.lesson}.sections.{draft.index}"
    mended: list[Finding] = []
    if not draft.title.strip():
        planned = context.plan.sections[draft.index].title if draft.index < len(context.plan.sections) else ""
        draft = replace(draft, title=planned or context.plan.title)
        mended.append(_mended(f"{path}.title", "accessible", "no heading", "the planned one"))
    if any(not words for words in images(draft.body)):
        title = draft.title.replace("[", "").replace("]", "").replace("\\", "")
        draft = replace(draft, body=_WORDLESS.sub(lambda _: f"![{title}]", draft.body))
        mended.append(_mended(f"{path}.body", "accessible", "a picture without words", "the heading as its words"))
    if context.passages is not None:
        passages = context.passages
        kept = tuple(citation for citation in draft.citations if resolves(citation, passages))
        if 0 < len(kept) < len(draft.citations):
            found = f"{len(draft.citations) - len(kept)} citations that do not resolve"
            draft = replace(draft, citations=kept)
            mended.append(_mended(f"{path}.citations", "citations", found, "left out"))
    minutes = reading_minutes(draft.body, context.questions.get(draft.index, 0))
    return replace(draft, minutes=minutes), tuple(mended)


def mend_quiz(draft: QuizDraft, context: SectionContext) -> tuple[QuizDraft, tuple[Finding, ...]]:
    """The quiz with at most three questions, none asked twice; long explanations and hints clipped; wrong options that
    are the same as another, or speak of the others, left out where three remain; objectives that are not there
    replaced by the section's own; and what was mended."""
    path = f"lessons.{context.lesson}.sections.{draft.index}.questions"
    mended: list[Finding] = []
    own = context.plan.sections[draft.index].objectives if draft.index < len(context.plan.sections) else ()
    kept: dict[str, QuestionDraft] = {}
    for number, question in enumerate(draft.questions):
        if len(kept) == QUESTIONS[1] or folded(question.prompt) in kept:
            mended.append(_mended(f"{path}.{number}", "structure", "a question too many", "left out"))
            continue
        better = _fewer(_clipped(_aimed(question, context.objectives, own)))
        kept[folded(question.prompt)] = better
        mended += _changes(question, better, f"{path}.{number}")
    return replace(draft, questions=tuple(kept.values())), tuple(mended)


def _mended(path: str, rule: str, found: str, expected: str) -> Finding:
    return Finding(path, rule, found, expected, outcome="mended")


def _changes(old: QuestionDraft, new: QuestionDraft, path: str) -> Iterator[Finding]:
    if old.objective != new.objective:
        yield _mended(f"{path}.objective", "coverage", "an objective that is not there", "the section's own")
    if len(old.options) != len(new.options):
        yield _mended(f"{path}.options", "distinct_options", "an option that is no answer of its own", "left out")
    elif old.options != new.options:
        yield _mended(f"{path}.options", "explanations", "a long explanation", f"at most {LONGEST_EXPLANATION}")
    if old.hint != new.hint:
        yield _mended(f"{path}.hint", "explanations", "a long hint", f"at most {LONGEST_EXPLANATION}")


def _aimed(question: QuestionDraft, objectives: int, own: Sequence[int]) -> QuestionDraft:
    if question.objective is not None and not 0 <= question.objective < objectives:
        valid = [place for place in own if 0 <= place < objectives]
        return replace(question, objective=valid[0] if valid else None)
    return question


def _clipped(question: QuestionDraft) -> QuestionDraft:
    options = tuple(replace(option, explanation=_note(option.explanation)) for option in question.options)
    return replace(question, options=options, hint=_note(question.hint))


def _note(text: str) -> str:
    lines = text.strip().split("\n")
    if len(lines) > MOST_LINE_FEEDS + 1:
        lines = [*lines[:MOST_LINE_FEEDS], " ".join(lines[MOST_LINE_FEEDS:])]
    return clip("\n".join(lines), LONGEST_EXPLANATION)


def _fewer(question: QuestionDraft) -> QuestionDraft:
    """Without wrong options that cannot stand, as long as the fewest that are needed remain; at most five."""
    if not 0 <= question.key < len(question.options):
        return question
    key = question.options[question.key]
    kept: list[Option] = []
    seen = {folded(key.text)}
    for at, option in enumerate(question.options):
        sound = folded(option.text) not in seen and not speaks_of_others(option.text)
        if at == question.key or (sound and len(kept) < OPTIONS[1] - (key not in kept)):
            kept.append(option)
            seen.add(folded(option.text))
    if not OPTIONS[0] <= len(kept) < len(question.options):
        return question
    return replace(question, options=tuple(kept), key=next(at for at, one in enumerate(kept) if one is key))
