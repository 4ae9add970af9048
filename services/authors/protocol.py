"""What every author can do, and the shapes of what it is given and gives back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Level = Literal["beginner", "intermediate", "advanced"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a source document: a stable `id` (``p12``), its `text`, the `heading` it stands under, and its
    `place` for people (``page 3``, or the heading path)."""

    id: str
    text: str
    heading: str
    place: str


@dataclass(frozen=True, slots=True)
class SourceNode:
    """One heading of a source and what stands under it, in order. `depth` 1 is the highest heading; the text before
    the first heading has depth 1 and the source's title. `passages` do not include those of nodes below it."""

    title: str
    depth: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed document: its title, its language (ISO 639-1), and its headings in order."""

    title: str
    language: str
    nodes: tuple[SourceNode, ...]
    words: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What a learner asked for before anything is proposed. `source` where the course rests on a document."""

    topic: str
    level: Level
    minutes: int
    language: str
    source: Source | None = None
    interests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the author offers to make; every part can be edited by the learner. `minutes` is reading time.

    `lessons` and `sections` are known beforehand only where the source dictates them (offline author), else 0."""

    title: str
    description: str
    objectives: tuple[str, ...]
    level: Level
    minutes: int
    language: str
    making_seconds: int
    lessons: int = 0
    sections: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """An approved request: what the course must be. This is what is stored with the generation and given to authors."""

    title: str
    description: str
    objectives: tuple[str, ...]
    level: Level
    minutes: int
    language: str
    source: Source | None = None
    interests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """One section as planned: `focus` says what it covers; `passages` are ids of what it rests on, if anything."""

    title: str
    focus: str
    minutes: int
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LessonPlan:
    """One lesson as planned, with 2–4 sections."""

    title: str
    objectives: tuple[str, ...]
    sections: tuple[SectionPlan, ...]


@dataclass(frozen=True, slots=True)
class CoursePlan:
    """3–12 lessons. `language` is what the course is written in."""

    lessons: tuple[LessonPlan, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote that a section rests on: verbatim from `passage`, with its `place` for people."""

    passage: str
    quote: str
    place: str


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose, and the two lines on why it is right or not."""

    text: str
    explanation: str


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A single-choice question; `key` is the index of the right option. Shuffling is done when it is asked."""

    prompt: str
    options: tuple[Option, ...]
    key: int
    hint: str = ""
    objective: int | None = None


@dataclass(frozen=True, slots=True)
class SectionDraft:
    """A finished section. `index` is its place in its lesson (0-based); `body` is Markdown without tables or HTML."""

    index: int
    title: str
    body: str
    minutes: int
    questions: tuple[QuestionDraft, ...] = ()
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Credit:
    """Who wrote a course: `ai` or not, the author's `name` (``claude``, ``offline``), models and prompt version used,
    and for the offline author what it was made from."""

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
        the source cannot make 3 × 2 sections, `AuthorUnusable` (``needs_source``) without a source it needs."""
        ...

    async def plan(self, order: Order) -> CoursePlan:
        """The whole outline: 3–12 lessons of 2–4 sections."""
        ...

    def write_lesson(
        self, order: Order, plan: CoursePlan, lesson: int, missing: Sequence[int]
    ) -> AsyncIterator[SectionDraft]:
        """Write the sections of lesson `lesson` (0-based) whose indexes are in `missing`, and only those, yielding each
        as soon as it is complete and valid. What was yielded is saved at once and never asked for again."""
        ...

    def credit(self, order: Order) -> Credit:
        """What the course's metadata says about who wrote it."""
        ...
