"""From a row of passages to lessons and sections: they follow the headings, thin neighbours join, fat ones split."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from services.authors.offline.atoms import Atom
from services.authors.offline.cutting import best_cuts
from services.errors import DocumentRefused

LESSONS = (3, 12)
SECTIONS = (2, 4)
SECTION_CHARACTERS = 100  # of the text itself, without what we say about it
_LESSON_WORDS = (350.0, 1500.0)
_SECTION_WORDS = (150.0, 550.0)
_MOST_PLACES = 160


@dataclass(frozen=True, slots=True)
class Part:
    """A lesson: its sections, each a run of atoms. `level` is the depth of heading that begins lessons in this text."""

    sections: tuple[tuple[Atom, ...], ...]
    level: int

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """All of its atoms."""
        return tuple(atom for section in self.sections for atom in section)


def divide(atoms: Sequence[Atom]) -> tuple[Part, ...]:
    """3–12 lessons of 2–4 sections. Raises `DocumentRefused` ``too_thin`` if there is too little text for 3 × 2."""
    row = _Row(atoms)
    level = row.level()
    cuts = best_cuts(row.places(level), *LESSONS, lambda start, end: row.lesson_cost(start, end, level))
    if cuts is None:
        raise DocumentRefused("too_thin", str(round(sum(atom.weight for atom in atoms))))
    return tuple(Part(row.sections(start, end), level) for start, end in pairwise(cuts))


class _Row:
    """Sums over a row of atoms, so that the cost of any part is known at once."""

    def __init__(self, atoms: Sequence[Atom]) -> None:
        self.atoms = atoms
        self.words = [0.0, *accumulate(atom.weight for atom in atoms)]
        self.characters = [0, *accumulate(len(atom.passage.text) for atom in atoms)]
        self.started: dict[int, list[int]] = {}

    def level(self) -> int:
        """The smallest depth whose headings (and higher ones) begin at least three parts; 1 where there are none."""
        for depth in sorted({atom.depth for atom in self.atoms if atom.depth}):
            if sum(0 < atom.depth <= depth for atom in self.atoms) >= LESSONS[0]:
                return depth
        return max([1, *(atom.depth for atom in self.atoms)])

    def places(self, level: int) -> list[int]:
        """Where a lesson may begin: anywhere in a short text; in a long one at headings and now and then between."""
        every = range(len(self.atoms) + 1)
        if len(every) <= _MOST_PLACES:
            return list(every)
        step = self.words[-1] / _MOST_PLACES * 2.5
        found = [0]
        for index in every[1:-1]:
            gap = self.words[index] - self.words[found[-1]]
            if gap >= step or (0 < self.atoms[index].depth <= level and gap >= step / 3):
                found.append(index)
        return [*found, len(self.atoms)]

    def lesson_cost(self, start: int, end: int, level: int) -> float:
        """Of making one lesson of ``atoms[start:end]``; infinite if it cannot hold two sections."""
        if not self._divisible(start, end):
            return math.inf
        size = _misfit(self.words[end] - self.words[start], *_LESSON_WORDS)
        return size + self._cut_cost(start, level) + 1.2 * self._missed(start, end, level)

    def sections(self, start: int, end: int) -> tuple[tuple[Atom, ...], ...]:
        """The lesson ``atoms[start:end]`` cut into 2–4 sections (`_divisible` has said that it can be)."""
        level = min((atom.depth for atom in self.atoms[start + 1 : end] if atom.depth), default=9)

        def cost(first: int, last: int) -> float:
            if self.characters[last] - self.characters[first] < SECTION_CHARACTERS:
                return math.inf
            size = _misfit(self.words[last] - self.words[first], *_SECTION_WORDS)
            cut = self._cut_cost(first, level) * 0.7 if first > start else 0.0
            return size + cut + 0.6 * self._missed(first, last, level)

        cuts = best_cuts(self._section_places(start, end), *SECTIONS, cost) or [start, self._divisible(start, end), end]
        return tuple(tuple(self.atoms[first:last]) for first, last in pairwise(cuts))

    def _section_places(self, start: int, end: int) -> list[int]:
        if end - start < _MOST_PLACES:
            return list(range(start, end + 1))
        step = (self.words[end] - self.words[start]) / _MOST_PLACES * 2
        found = [start]
        for index in range(start + 1, end):
            if self.words[index] - self.words[found[-1]] >= step:
                found.append(index)
        return [*found, end]

    def _divisible(self, start: int, end: int) -> int:
        """The first place between at which both sides are long enough for a section; 0 if there is none."""
        for index in range(start + 1, end):
            if self.characters[index] - self.characters[start] >= SECTION_CHARACTERS:
                return index if self.characters[end] - self.characters[index] >= SECTION_CHARACTERS else 0
        return 0

    def _cut_cost(self, index: int, level: int) -> float:
        """Of beginning a part at atom `index`: none at a heading that begins parts, more the weaker the place."""
        if index == 0:
            return 0.0
        atom, before = self.atoms[index], self.atoms[index - 1]
        if atom.depth:
            return 0.0 if atom.depth <= level else 0.8 + 0.3 * (atom.depth - level - 1)
        cost = 2.0
        if before.passage.text.rstrip().endswith((":", "：")) and not before.code:
            cost += 3.0
        if atom.item and before.item:
            cost += 1.0
        return cost + (1.0 if atom.code else 0.0)

    def _missed(self, start: int, end: int, level: int) -> int:
        """How many headings of `level` or higher lie inside, where one would have liked to cut."""
        if level not in self.started:
            self.started[level] = [0, *accumulate(int(0 < atom.depth <= level) for atom in self.atoms)]
        return self.started[level][end] - self.started[level][start + 1]


def _misfit(words: float, least: float, most: float) -> float:
    if words < least:
        return 4.0 * ((least - words) / least) ** 2
    return 4.0 * ((words - most) / most) ** 2 if words > most else 0.0
