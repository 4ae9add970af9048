"""Questions as they stand for one learner. What is right, and why, is in them once they are settled and not before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.views.courses import LessonView, SectionView
from services.views.learning import ProgressView

Outcome = Literal["open", "right", "wrong", "skipped", "voided"]
DisputeState = Literal["open", "upheld", "rejected", "unsolved"]


@dataclass(frozen=True, slots=True)
class Reason:
    """An option (its place as this learner sees it) and why it is right or is not."""

    place: int
    text: str
    explanation: str


@dataclass(frozen=True, slots=True)
class AskedView:
    """A question for one learner. `options` are in the learner's own order, `tried` are places among them that were
    chosen and wrong. `attempt` is the try that comes next (1 or 2), None once it is settled; `hint` is there after a
    wrong first try, empty if its author gave none. `chosen` (what was chosen last) and `right` are there only once it
    is settled. `number` of `of` counts the questions of the section that count; 0 for one that was voided."""

    id: int
    section_id: int
    number: int
    of: int
    prompt: str
    options: tuple[str, ...]
    tried: tuple[int, ...]
    attempt: int | None
    hint: str | None
    outcome: Outcome
    chosen: Reason | None
    right: Reason | None
    at_first: bool
    disputed: bool

    @property
    def open(self) -> bool:
        """Whether it can be answered."""
        return self.outcome == "open"


@dataclass(frozen=True, slots=True)
class QuestionsView:
    """The questions of a section for one learner, in order, and where the learner is in the course. Those that were
    voided are among them only if the learner had met them."""

    progress: ProgressView
    lesson: LessonView
    section: SectionView
    questions: tuple[AskedView, ...]

    def find(self, question_id: int) -> AskedView | None:
        """The question with that id."""
        return next((one for one in self.questions if one.id == question_id), None)

    @property
    def upcoming(self) -> AskedView | None:
        """The first question that can be answered."""
        return next((one for one in self.questions if one.open), None)


@dataclass(frozen=True, slots=True)
class AnsweredView:
    """The answer to an answer. `counted` is False if nothing was recorded because the question had moved on; the same
    try delivered again counts as the one that was recorded."""

    counted: bool
    asked: AskedView
    questions: QuestionsView


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A dispute for who has to decide it, the owner of the course. `right` is None for an owner who has not settled the
    question as a learner yet: they are not told either. `own` if it was the owner who raised it, `by_owner` if it
    was they who decided; `others` is how many more people dispute the question."""

    id: int
    state: DisputeState
    course: str
    section: str
    prompt: str
    options: tuple[str, ...]
    right: Reason | None
    own: bool
    by_owner: bool
    others: int
