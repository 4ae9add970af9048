"""A whole course from a source, worked out at once: pure, and the same for the same source each time."""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass, replace
from functools import lru_cache

from services.authors.offline.atoms import Atom, Material, material
from services.authors.offline.body import cite, write_body
from services.authors.offline.lexicon import Lexicon
from services.authors.offline.outline import Part, divide
from services.authors.offline.phrases import phrases
from services.authors.offline.questions import ask, place_keys
from services.authors.offline.titles import Titles
from services.authors.protocol import Made as MadeBy
from services.authors.protocol import QuizDraft, SectionDraft, Source
from services.rules.reading import reading_minutes

BY = MadeBy("offline")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A finished lesson: its sections with their questions, and the ids of the passages that each of them quotes."""

    title: str
    sections: tuple[SectionDraft, ...]
    quizzes: tuple[QuizDraft, ...]
    passages: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Made:
    """All lessons, and the `material` they are made of."""

    lessons: tuple[Lesson, ...]
    material: Material

    @property
    def minutes(self) -> int:
        """Reading time of the whole."""
        return sum(section.minutes for lesson in self.lessons for section in lesson.sections)


@lru_cache(maxsize=2)
def make_course(source: Source) -> Made:
    """Divide `source`, write every section, ask about each. Raises `DocumentRefused` ``too_thin``.

    The last two are remembered: proposal, plan and every lesson of one course ask for the same."""
    found = material(source)
    parts = divide(found.atoms)
    writer = _Writer(source, found)
    lessons = tuple(writer.lesson(part) for part in parts)
    return Made(lessons, found)


class _Writer:
    """What goes through a course from section to section: titles given, keys asked for, questions counted."""

    def __init__(self, source: Source, found: Material) -> None:
        self._source = source
        self._said = phrases(source.language)
        self._lexicon = Lexicon(found.atoms, source.language)
        self._titles = Titles(source.title)
        self._keys: set[str] = set()
        self._asked = 0
        self._seed = zlib.crc32(source.title.encode() + found.atoms[0].passage.text.encode())

    def lesson(self, part: Part) -> Lesson:
        title = self._titles.lesson(part)
        nearby = [atom.passage.id for atom in part.atoms]
        pairs = [self._section(index, atoms, title, nearby) for index, atoms in enumerate(part.sections)]
        ids = tuple(tuple(atom.passage.id for atom in atoms) for atoms in part.sections)
        return Lesson(title, tuple(section for section, _ in pairs), tuple(quiz for _, quiz in pairs), ids)

    def _section(
        self, index: int, atoms: tuple[Atom, ...], lesson: str, nearby: list[str]
    ) -> tuple[SectionDraft, QuizDraft]:
        title = self._titles.section(atoms, lesson)
        body = write_body(self._source.title, title, atoms, self._said)
        ids = [atom.passage.id for atom in atoms]
        rng = random.Random(f"{self._seed}/{ids[0]}")
        asked = ask(ids, nearby, self._lexicon, self._said, place=title, used=self._keys, rng=rng)
        placed = place_keys(asked, self._asked, self._seed)
        self._asked += len(placed)
        section = SectionDraft(index, title, body, reading_minutes(body, len(placed)), cite(atoms), BY)
        return section, QuizDraft(index, placed, BY)


def with_objective(quiz: QuizDraft, objective: int | None) -> QuizDraft:
    """The same questions tied to an objective of the course."""
    return replace(quiz, questions=tuple(replace(one, objective=objective) for one in quiz.questions))
