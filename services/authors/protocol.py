"""What every author can do, and the shapes of what it is given and gives back."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from services.authors.source import Citation as Citation
from services.authors.source import Passage as Passage
from services.authors.source import Source as Source
from services.authors.source import SourceNode as SourceNode
from services.authors.source import stands as stands
from services.quality.finding import Finding

Level = Literal["beginner", "intermediate", "advanced"]


@dataclass(frozen=True, slots=True)
class Payer:
    """On whose account calls to models go: the learner and, once there is one, the generation (their ids)."""

    learner_id: int
    generation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """Who wrote a piece: the author's name (``claude``, ``openai``, ``offline``), the model and the prompts' version
    (both empty for the offline author). Stored with every piece."""

    author: str
    model: str = ""
    prompt_version: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a learner asked for before anything is proposed. `source` where the course rests on a document.

    `detail` is the learner's answer to the one question that an author may have asked back; with `may_ask` False
    none is asked (any more)."""

    topic: str
    level: Level
    minutes: int
    language: str
    source: Source | None = None
    interests: tuple[str, ...] = ()
    payer: Payer | None = None
    detail: str = ""
    may_ask: bool = True


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the author offers to make; every part can be edited by the learner. `minutes` is reading time.

    `lessons` and `sections` are known beforehand only where the source dictates them (offline author), else 0.
    `enough_for` are the minutes that the source is enough for, if fewer than wished or of fewer lessons, else 0."""

    title: str
    description: str
    objectives: tuple[str, ...]
    level: Level
    minutes: int
    language: str
    making_seconds: int
    lessons: int = 0
    sections: int = 0
    enough_for: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """An approved request: what the course must be. This is what is stored with the generation (`source` as its
    document, `payer` not at all) and given to authors."""

    title: str
    description: str
    objectives: tuple[str, ...]
    level: Level
    minutes: int
    language: str
    source: Source | None = None
    interests: tuple[str, ...] = ()
    payer: Payer | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the course's glossary, and what it means."""

    term: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The first part of a plan: the titles of all lessons in order (3–12), the glossary, and the one example that runs
    through the course (empty if none does); `cover` is what the picture shows, in words for who does not see it."""

    titles: tuple[str, ...]
    glossary: tuple[Term, ...]
    language: str
    example: str = ""
    made: Made | None = None
    cover: str = ""


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """One section as planned: `focus` says what it covers, `outcome` what the learner can do after it; `passages` are
    ids of what it rests on, if anything; `objectives` are places (0-based) in the order's objectives that it serves."""

    title: str
    focus: str
    minutes: int
    passages: tuple[str, ...] = ()
    outcome: str = ""
    objectives: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LessonPlan:
    """One lesson's contract, with 2–4 sections; no sections yet where only the outline has arrived.

    `objectives` are the lesson's own, in words; `needs` what it builds on, `covered` what earlier lessons have said,
    `avoid` what is left to others, `example` what happens to the running example, `handoff` the sentence that leads on.
    """

    title: str
    objectives: tuple[str, ...]
    sections: tuple[SectionPlan, ...]
    needs: tuple[str, ...] = ()
    covered: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    example: str = ""
    handoff: str = ""
    made: Made | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """A later part of a plan: the contract of the lesson at `position` (0-based)."""

    position: int
    lesson: LessonPlan


PlanPart = Outline | Contract


@dataclass(frozen=True, slots=True)
class CoursePlan:
    """3–12 lessons as far as they are planned. `language` is what the course is written in."""

    lessons: tuple[LessonPlan, ...]
    language: str
    glossary: tuple[Term, ...] = ()
    example: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose, and the two lines on why it is right or not."""

    text: str
    explanation: str


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A single-choice question; `key` is the index of the right option. Shuffling is done when it is asked.

    `objective` is the place (0-based) of the order's objective that it tests, `bloom` the level that it asks for
    (``remember`` … ``create``), where they are known."""

    prompt: str
    options: tuple[Option, ...]
    key: int
    hint: str = ""
    objective: int | None = None
    bloom: str = ""


@dataclass(frozen=True, slots=True)
class SectionDraft:
    """The text of a finished section. `index` is its place in its lesson (0-based); `body` is Markdown without tables
    or HTML. `findings` are what checks had found on the way, each with what became of it."""

    index: int
    title: str
    body: str
    minutes: int
    citations: tuple[Citation, ...] = ()
    made: Made | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class QuizDraft:
    """The questions of the section at `index`, 1–3; none only where an author can make none of that text."""

    index: int
    questions: tuple[QuestionDraft, ...]
    made: Made | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenUp:
    """The piece (``body`` or ``quiz``) of section `index` that could not be made, after every bounded try; `why` is the
    code of the author's error. The author goes on with the others."""

    index: int
    piece: Literal["body", "quiz"]
    why: str
    findings: tuple[Finding, ...] = ()


Piece = SectionDraft | QuizDraft | GivenUp


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a lesson: the places of sections whose text is missing (each comes with its quiz); of those with
    a text and no quiz, the text by place; and what an earlier answer broke, by place, when it is asked for again."""

    bodies: tuple[int, ...]
    quizzes: Mapping[int, str] = field(default_factory=dict)
    findings: Mapping[int, tuple[Finding, ...]] = field(default_factory=dict)


Check = Callable[[SectionDraft | QuizDraft], Awaitable[Sequence[Finding]]]
"""What the course as a whole (the other lessons, moderation) has to say of a new piece, before it is accepted."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Who wrote a course: `ai` or not, the author's `name` (``claude``, ``offline``), models and prompt version used,
    and for the offline author what it was made from. `extra` says how much of a long text is in it (``percent``,
    ``until``, ``left_out``), and ``enough_for`` how many minutes a text made that is too thin for those asked for."""

    ai: bool
    name: str
    models: tuple[str, ...] = ()
    prompt_version: str = ""
    made_from: str = ""
    extra: dict[str, str] = field(default_factory=dict)


class Author(Protocol):
    """Whoever can write a course. Implementations keep no state between calls and hold no transaction.

    Every method raises `AuthorBusy` when its own bounded tries are used up on passing faults, `AuthorRefused` when the
    subject was declined, and `AuthorUnusable` when the answer could not be used or the author is not to be had.
    """

    @property
    def name(self) -> str:
        """``claude`` or ``offline``: stable, stored with the course."""
        ...

    @property
    def needs_source(self) -> bool:
        """True if this author only works from a document (then neither time nor objectives are asked for)."""
        ...

    async def propose(self, wish: Wish) -> Proposal:
        """One small call: title, description, objectives and an estimate. Raises `DocumentRefused` (``too_thin``) if
        the source cannot make 3 × 2 sections, `AuthorUnusable` (``needs_source``) without a source it needs, and
        `AuthorAsks` where the wish could mean too many things, unless it may not ask."""
        ...

    async def enough_for(self, order: Order) -> int:
        """The minutes that the order's source is enough for, if fewer than wished or of fewer lessons than usual,
        else 0. Asks no model. Raises `DocumentRefused` (``too_thin``) as `propose` does."""
        ...

    def plan(self, order: Order, known: CoursePlan | None = None) -> AsyncGenerator[PlanPart, None]:
        """The plan as it is being made: the outline, then a contract for each lesson in order, each as soon as it is
        complete and valid. What is in `known` (a stored outline, contracts that have sections) is not made again."""
        ...

    def write_lesson(
        self, order: Order, plan: CoursePlan, lesson: int, wanted: Wanted, check: Check
    ) -> AsyncGenerator[Piece, None]:
        """Write what is `wanted` of lesson `lesson` (0-based), and only that, yielding each piece as soon as it is
        complete and passes its own checks and `check`. What was yielded is stored at once and never asked for again.

        Bounded repairs and other providers are tried inside; what cannot be made is yielded as `GivenUp`. Raises
        `AuthorRefused` when the subject itself was declined, `AuthorUnusable` when nobody can be asked any more."""
        ...

    def credit(self, order: Order) -> Credit:
        """What the course's metadata says about who wrote it."""
        ...
