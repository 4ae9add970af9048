"""Check 12: whether lessons say the same again. Containment of shingles of five words, code removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from services.quality.finding import Finding
from services.quality.text import read
from services.rules.reading import UNSPACED_CHARACTER, WORD, is_unspaced

SHINGLE_WORDS = 5
SHINGLE_CHARACTERS = 12  # in scripts without blanks: five words of 2.5 characters each
ENOUGH_SHINGLES = 20  # fewer repeat by chance, or because a short lead does
ERROR = 0.20
WARNING = 0.10


def shingles(body: str) -> frozenset[int]:
    """The text of a Markdown `body` as hashes of its runs of five words (12 characters where words are not apart)."""
    plain = read(body).plain.casefold()
    if is_unspaced(plain):
        signs = "".join(UNSPACED_CHARACTER.findall(plain))
        return frozenset(hash(signs[at : at + SHINGLE_CHARACTERS]) for at in range(len(signs) - SHINGLE_CHARACTERS + 1))
    words = WORD.findall(plain)
    return frozenset(map(hash, zip(*(words[at:] for at in range(SHINGLE_WORDS)), strict=False)))


class Repetition:
    """The lessons of a course as they arrive: each new section is compared with all that other lessons hold so far.

    Not for use by several threads at once."""

    def __init__(self) -> None:
        self._lessons: dict[int, dict[int, frozenset[int]]] = {}
        self._whole: dict[int, frozenset[int]] = {}  # of each lesson, all its sections together

    def add(self, lesson: int, section: int, body: str) -> None:
        """Remember the text of a section, in place of what it was before."""
        self._remember(lesson, section, shingles(body))

    def findings(self, lesson: int, section: int, body: str) -> tuple[Finding, ...]:
        """What a text for that place repeats of other lessons; the worst of it only."""
        return self._compared(lesson, section, shingles(body))

    def meet(self, lesson: int, section: int, body: str) -> tuple[Finding, ...]:
        """Both at once: what a text repeats of what is known by now, and from now on it is known."""
        made = shingles(body)
        self._remember(lesson, section, made)
        return self._compared(lesson, section, made)

    def _remember(self, lesson: int, section: int, made: frozenset[int]) -> None:
        held = self._lessons.setdefault(lesson, {})
        held[section] = made
        self._whole[lesson] = frozenset().union(*held.values())

    def _compared(self, lesson: int, section: int, made: frozenset[int]) -> tuple[Finding, ...]:
        others = ((place, known) for place, known in self._whole.items() if place != lesson)
        return tuple(_worst(made, others, f"lessons.{lesson}.sections.{section}.body"))


def repetition_between(new: str, others: Mapping[int, str], *, path: str) -> tuple[Finding, ...]:
    """What the text `new` at `path` repeats of `others`: the texts of other lessons, by their places (0-based)."""
    known = ((place, shingles(body)) for place, body in others.items())
    return tuple(_worst(shingles(new), known, path))


def _worst(new: frozenset[int], others: Iterable[tuple[int, frozenset[int]]], path: str) -> Iterator[Finding]:
    if len(new) < ENOUGH_SHINGLES:
        return
    share, place = max(((len(new & known) / len(new), -place) for place, known in others), default=(0.0, 0))
    if share > WARNING:
        found = f"{round(100 * share)} % of it stands in lesson {1 - place} as well"
        yield Finding(path, "repetition", found, "at most 10 %", "error" if share > ERROR else "warning")
