"""From the shapes in which a model plans to what an author gives back: mended, checked, or sent back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from services.authors.model import mend
from services.authors.model.material import minutes_of
from services.authors.model.schemas import ContractShape, OutlineShape, ProposalShape, SectionPlanShape
from services.authors.model.sizes import fit_minutes
from services.authors.protocol import Contract, LessonPlan, Order, Outline, Passage, SectionPlan, Term
from services.authors.retry import BadAnswer
from services.quality.finding import Finding
from services.quality.plans import contract_findings, outline_findings
from services.rules.wording import clip

TITLE = (10, 100)
DESCRIPTION = (50, 500)
OBJECTIVE = (10, 200)
OBJECTIVES = (3, 10)
LESSONS = (3, 12)
SECTIONS = (2, 4)
LONGEST_TITLE = 100
LONGEST_LINE = 300  # characters of a focus, an outcome, an entry of a contract
MOST_TERMS = 12


def proposal_of(answer: ProposalShape) -> ProposalShape:
    """A proposal within its limits. Raises `BadAnswer` where code cannot help."""
    objectives = [clip(mend.line(each), OBJECTIVE[1]) for each in answer.objectives]
    objectives = [each for each in dict.fromkeys(objectives) if len(each) >= OBJECTIVE[0]]
    title = clip(mend.line(answer.title), TITLE[1])
    description = clip(mend.line(answer.description), DESCRIPTION[1])
    found: list[str] = []
    if len(title) < TITLE[0]:
        found.append(f"The title must have at least {TITLE[0]} characters.")
    if len(description) < DESCRIPTION[0]:
        found.append(f"The description must have at least {DESCRIPTION[0]} characters.")
    if len(objectives) < OBJECTIVES[0]:
        found.append(
            f"There must be at least {OBJECTIVES[0]} different objectives of at least {OBJECTIVE[0]} characters each."
        )
    if found:
        raise BadAnswer(found)
    fitting = {"title": title, "description": description, "objectives": objectives[: OBJECTIVES[1]]}
    return answer.model_copy(update=fitting)


def outline_of(answer: OutlineShape, order: Order) -> Outline:
    """What a plan begins with. Raises `BadAnswer` with what is wrong with it."""
    titles = tuple(clip(mend.line(title), LONGEST_TITLE) for title in answer.titles)
    terms = {mend.line(each.term).casefold(): Term(_short(each.term), _short(each.meaning)) for each in answer.glossary}
    glossary = tuple(term for name, term in terms.items() if name and term.meaning)[:MOST_TERMS]
    outline = Outline(titles, glossary, order.language, _short(answer.example), cover=_short(answer.cover))
    if not LESSONS[0] <= len(titles) <= LESSONS[1]:
        raise BadAnswer([f"There were {len(titles)} lessons; there must be {LESSONS[0]} to {LESSONS[1]}."])
    if len(set(titles)) < len(titles) or not all(titles):
        raise BadAnswer(["The lessons must have titles, all different."])
    _raise_errors(outline_findings(outline, order))
    return outline


def contract_of(
    answer: ContractShape, outline: Outline, order: Order, known: Mapping[str, Passage], unserved: Collection[int]
) -> Contract:
    """The contract of a lesson, its minutes fitted to its share of those ordered, with only `known` passages.

    `unserved` are objectives of the course that must be served here because no other lesson does (any more): those that
    the answer leaves out go to its last section. Raises `BadAnswer` with what is wrong with it."""
    position = answer.lesson - 1
    share = minutes_of(order) / len(outline.titles)
    fitted = fit_minutes([section.minutes for section in answer.sections], share)
    sections = [
        _section(section, minutes, len(order.objectives), known)
        for section, minutes in zip(answer.sections, fitted, strict=True)
    ]
    if not SECTIONS[0] <= len(sections) <= SECTIONS[1]:
        raise BadAnswer([f"Lesson {position + 1} had {len(sections)} sections; there must be 2 to 4."])
    if any(not section.title or not section.focus for section in sections):
        raise BadAnswer([f"Each section of lesson {position + 1} must have a title and a focus."])
    contract = Contract(
        position,
        LessonPlan(
            title=outline.titles[position],
            objectives=_entries(answer.objectives),
            sections=tuple(_serving(sections, unserved)),
            needs=_entries(answer.needs),
            covered=_entries(answer.covered),
            avoid=_entries(answer.avoid),
            example=_short(answer.example),
            handoff=_short(answer.handoff),
        ),
    )
    _raise_errors(contract_findings(contract, outline, order))
    return contract


def _section(answer: SectionPlanShape, minutes: int, objectives: int, known: Mapping[str, Passage]) -> SectionPlan:
    served = sorted({number - 1 for number in answer.objectives if 0 < number <= objectives})
    return SectionPlan(
        title=clip(mend.line(answer.title), LONGEST_TITLE),
        focus=_short(answer.focus, LONGEST_LINE * 2),
        minutes=minutes,
        passages=tuple(each for each in dict.fromkeys(answer.passages) if each in known),
        outcome=_short(answer.outcome),
        objectives=tuple(served),
    )


def _serving(sections: Sequence[SectionPlan], unserved: Collection[int]) -> list[SectionPlan]:
    served = {each for section in sections for each in section.objectives}
    left = set(unserved) - served
    *before, last = sections
    if not left:
        return [*before, last]
    objectives = tuple(sorted({*last.objectives, *left}))
    return [
        *before,
        SectionPlan(last.title, last.focus, last.minutes, last.passages, last.outcome, objectives),
    ]


def _entries(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(short for each in lines[:6] if (short := _short(each)))


def _short(text: str, longest: int = LONGEST_LINE) -> str:
    return clip(mend.line(text), longest)


def _raise_errors(findings: Sequence[Finding]) -> None:
    errors = [each for each in findings if each.severity == "error"]
    if errors:
        raise BadAnswer([f"{each.path}: found {each.found}; expected {each.expected}" for each in errors[:12]])
