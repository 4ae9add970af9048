"""Titles from headings, or from the first words of a part: clean, short, and no two alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from services.authors.offline.atoms import Atom
from services.authors.offline.outline import Part
from services.documents.cleaning import sentences

TITLE_CHARACTERS = 100
_WORDS_CHARACTERS = 60
_JOINED_CHARACTERS = 80
_NUMBERING = re.compile(
    r"^(?:(?:chapter|part|section|lesson|kapitel|chapitre|capítulo|глава|урок)\s+)?\d{1,3}(?:\.\d{1,3})*(?:[.):]\s+|\s+[-–—:]\s*|\s+(?=[^\W\d_]))"
    r"|^(?:[IVX]{1,5}|[a-zA-Z])[.)]\s+",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z!][^>]*>")
_ENDS = re.compile(r"^[^\w\"'“‘«„(\[¿¡.@$/-]+|(?:[\s:;,.\-–—|/\\]|(?<=\s)#)+$")


def clean_title(text: str, limit: int = TITLE_CHARACTERS) -> str:
    """A heading as a title: no markup, no numbering, no leading signs, at most `limit` characters. May be empty."""
    plain = " ".join(_TAG.sub("", text.replace("`", "").replace("**", "")).replace("<", "‹").replace(">", "›").split())
    plain = _ENDS.sub("", plain)
    unnumbered = _NUMBERING.sub("", plain)
    plain = unnumbered if sum(map(str.isalpha, unnumbered)) >= 2 else plain
    return shorten(_ENDS.sub("", plain), limit)


def shorten(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, cut between words where there are blanks, with an ellipsis."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    blank = kept.rfind(" ")
    return (kept[:blank] if blank > limit // 2 else kept).rstrip(" ,;:.–—-") + "…"


def first_words(atoms: Sequence[Atom]) -> str:
    """A title from the first sentence of prose, whole if it is short, else up to a clause or word end."""
    prose = [atom.passage.text for atom in atoms if not atom.code]
    for text in prose:
        first = clean_title(re.sub(r"^(?:-|\d+\.) ", "", (sentences(text) or [text])[0]).rstrip(".!。"), 1000)
        if sum(map(str.isalpha, first)) < 4:
            continue
        if len(first) <= _WORDS_CHARACTERS:
            return first
        clauses = [match.start() for match in re.finditer(r"[,;:–—，；：、،؛]", first[:_WORDS_CHARACTERS])]
        return first[: clauses[-1]].rstrip() if clauses and clauses[-1] >= 20 else shorten(first, _WORDS_CHARACTERS - 5)
    code = next((line for atom in atoms for line in atom.passage.text.splitlines()[1:] if line.strip("` ")), "")
    return clean_title(code, _WORDS_CHARACTERS)


class Titles:
    """Gives titles to the parts of one course, in order, each only once."""

    def __init__(self, course: str) -> None:
        self._course = course
        self._used: set[str] = set()

    def lesson(self, part: Part) -> str:
        """The headings that begin lessons and fill this one; for the rest of a split one also what it begins with."""
        heading = self._shares(part.atoms, part.level)
        deeper = self._shares(part.sections[0], 9)
        within = f"{heading}: {deeper}" if heading and deeper and deeper != heading else ""
        opening = first_words(part.atoms)
        return self._new([heading, within if len(within) <= TITLE_CHARACTERS else "", opening, f"{heading}: {opening}"])

    def section(self, atoms: Sequence[Atom], lesson: str) -> str:
        """The headings within it; where that is only the lesson's own, its first words."""
        heading = self._shares(atoms, 9)
        opening = first_words(atoms)
        return self._new([heading if heading.casefold() != lesson.casefold() else "", opening, heading])

    def _shares(self, atoms: Sequence[Atom], level: int) -> str:
        """The title of the heading that fills most, or of those that fill much, in their order."""
        weights: dict[str, float] = {}
        for atom in atoms:
            name = clean_title((atom.path[:level] or (self._course,))[-1])
            weights[name] = weights.get(name, 0.0) + atom.weight
        total = sum(weights.values())
        large = [name for name, weight in weights.items() if name and weight >= total * 0.25]
        largest = max(weights, key=lambda name: weights[name])
        if weights[largest] >= total * 0.6 or len(large) < 2:
            return largest
        joined = " · ".join(large[:3])
        return joined if len(joined) <= _JOINED_CHARACTERS else largest

    def _new(self, wishes: Iterable[str]) -> str:
        """The first of `wishes` that is not taken; a number behind it only if all are."""
        names = [shorten(wish, TITLE_CHARACTERS - 6) for wish in wishes if wish.strip(" :")]
        names = names or [self._course]
        numbered = (f"{names[0]} ({number})" for number in range(2, 1000))
        for name in (*names, *numbered):
            if name.casefold() not in self._used:
                self._used.add(name.casefold())
                return name
        return names[0]
