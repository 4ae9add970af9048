"""From the shapes in which a model writes to what an author gives back: mended as far as code can mend."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.authors.model import mend
from services.authors.model.citations import verified
from services.authors.model.schemas import BLOOM, CitationShape, PatchShape, QuestionShape, SectionShape
from services.authors.protocol import Made, Option, Passage, QuestionDraft, QuizDraft, SectionDraft, SectionPlan
from services.authors.retry import BadAnswer
from services.rules.reading import reading_minutes
from services.rules.wording import clip

LONGEST_NOTE = 200  # characters of an explanation or a hint: what a chat can show beside a question
QUESTIONS_RECKONED = 2  # with a text whose questions are not written yet
_PATH = re.compile(r"body\.(\d{1,3})")


def section_of(
    answer: SectionShape, planned: SectionPlan, passages: Mapping[str, Passage] | None, made: Made
) -> SectionDraft:
    """A section's text, mended, its minutes counted; of its citations those that are really in `passages` (None for a
    course without a source)."""
    return _with_body(
        SectionDraft(answer.number - 1, planned.title, "", 1, made=made), answer.body, answer.citations, passages
    )


def parts_of(body: str) -> list[str]:
    """`body` in the parts that a repair can put something else for: its paragraphs, lists and blocks of code."""
    return mend.blocks(body)


def patched(draft: SectionDraft, patches: Sequence[PatchShape]) -> SectionDraft:
    """`draft` with other text at the paths that `patches` name. Raises `BadAnswer` if none of them names one."""
    parts = parts_of(draft.body)
    changed = False
    for patch in patches:
        found = _PATH.search(patch.path)
        at = int(found[1]) if found else -1
        if not 0 <= at <= len(parts):
            continue
        if at == len(parts):
            parts.append("")
        parts[at] = patch.text
        changed = True
    if not changed:
        raise BadAnswer(["There was no patch with one of the paths given."])
    return _with_body(draft, "\n\n".join(part for part in parts if part.strip()), None, None)


def cited_anew(draft: SectionDraft, claims: Sequence[CitationShape], passages: Mapping[str, Passage]) -> SectionDraft:
    """`draft` with those of its citations and of `claims` that are really in `passages`."""
    known = {(each.passage, each.quote): each for each in (*draft.citations, *verified(claims, passages))}
    return replace(draft, citations=tuple(known.values()))


def _with_body(
    draft: SectionDraft,
    body: str,
    claims: Sequence[CitationShape] | None,
    passages: Mapping[str, Passage] | None,
) -> SectionDraft:
    mended = mend.body(body)
    citations = draft.citations if claims is None else verified(claims, passages or {})
    return replace(draft, body=mended, minutes=reading_minutes(mended, QUESTIONS_RECKONED), citations=citations)


def question_of(answer: QuestionShape, served: Sequence[int], objectives: int) -> QuestionDraft:
    """A question, mended. `served` are the objectives of its section, out of so many `objectives` of the course: where
    there is only one, the question tests that. Raises `BadAnswer` for a key that is no option."""
    if not 0 <= answer.key < len(answer.options):
        raise BadAnswer([f"Question {answer.number} had no option with the index that its key names."])
    tested = answer.objective - 1 if 0 < answer.objective <= objectives else None
    if len(served) == 1:
        tested = served[0]
    options = tuple(
        Option(mend.line(option.text), clip(mend.line(option.explanation), LONGEST_NOTE)) for option in answer.options
    )
    return QuestionDraft(
        prompt=mend.prose(answer.prompt),
        options=options,
        key=answer.key,
        hint=clip(mend.line(answer.hint), LONGEST_NOTE),
        objective=tested,
        bloom=answer.bloom if answer.bloom in BLOOM else "",
    )


def quiz_of(index: int, questions: Sequence[QuestionDraft], made: Made) -> QuizDraft:
    """The questions of the section at `index`."""
    return QuizDraft(index, tuple(questions), made)
