"""Check 13: whether a text is in the language of its course. By script first, then by the detector (Latin and Cyrillic
share many languages).

The detector is loaded at the first text that needs it, so call the checks in a thread. It sees a sample of at most 600
characters, in three pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.documents.detector import KNOWN, identifier
from services.documents.language import language_of
from services.quality.finding import Finding
from services.rules.reading import WORD

ENOUGH = 80  # characters: of less no detector can tell
PIECE = 200  # characters, of which three are looked at: a classifier is sure long before
SURE = 0.9
_OTHER_SCRIPTS = (
    "am ar be bg bn el fa gu he hi hy ja ka kk km kn ko ky lo mk ml mn mr ne pa ps ru si sr ta te th uk ur zh"
)
_LATIN_CODES = KNOWN - frozenset(_OTHER_SCRIPTS.split())
# Languages that are written so much alike that a detector's word is no proof against an author's.
_KIN = (
    {"no", "nb", "nn", "da"},
    {"sr", "hr", "bs", "sl"},
    {"id", "ms"},
    {"cs", "sk"},
    {"pt", "gl"},
    {"es", "gl", "ca"},
    {"hi", "mr", "ne"},
    {"bg", "mk"},
    {"fa", "ps"},
    {"tr", "az"},
    {"af", "nl"},
    {"kk", "ky"},
)
_UNDECIDED = "und"
# Languages that share a script with the one that a script is taken for, and those with two scripts.
_OF_ONE_SCRIPT = tuple(
    frozenset(group.split())
    for group in (
        "ru uk bg sr be mk kk ky mn tg tt",
        "ar fa ur ps ku ug sd",
        "hi mr ne sa",
        "he yi",
        "bn as",
        "am ti",
    )
)
_ALSO_LATIN = frozenset({"sr", "kk", "ku", "tt"})
_FIGURE = re.compile(r"[\d_]")
_LATIN = re.compile(r"[^\W\d_\u0370-\U0010ffff]")
_OTHER_LETTERS = re.compile(r"[^\W\d_\u0000-\u036f]")


def language(plain: str, expected: str, path: str) -> Iterator[Finding]:
    """A text of at least 80 characters without code that is surely in another language than `expected`."""
    own = expected.partition("-")[0].lower()
    found = detected(plain, own)
    if found not in {own, _UNDECIDED} and not any({own, found} <= kin for kin in _KIN):
        yield Finding(path, "language", f"written in “{found}”", f"“{own}”, the language of the course")


def prepare() -> None:
    """Load the detector now, in a thread, rather than at the first text that needs it."""
    identifier()


def script(plain: str, expected: str, path: str) -> Iterator[Finding]:
    """The same by script alone, for words that are no sentences: titles, terms. Never loads anything."""
    own = expected.partition("-")[0].lower()
    text = _own_script(" ".join(plain.split()))
    if len(text) >= ENOUGH and (found := _by_script(text, own)) != own:
        yield Finding(path, "language", f"written in “{found}”", f"“{own}”, the language of the course")


def checkable(expected: str) -> bool:
    """Whether texts in `expected` can be told from others by more than their script."""
    return expected.partition("-")[0].lower() in KNOWN


def detected(plain: str, expected: str = "") -> str:
    """The language (ISO 639-1) of prose without code; ``und`` if it is too short or not sure. Terms in Latin letters
    within a text of another script do not count."""
    text = _own_script(_sample(" ".join(plain.split())))
    if len(text) < ENOUGH or 2 * _spoken(text) < len(text):
        return _UNDECIDED  # too short, or a list of figures and signs
    by_script = _by_script(text, expected)
    if by_script != (expected or "en"):
        return by_script
    if expected and expected not in KNOWN:
        return expected  # its script is right, and nobody here can tell more
    return _classified(text)


def _by_script(text: str, expected: str) -> str:
    """`expected` if a text in it can be written so, else the best-known language of the script."""
    if expected in _LATIN_CODES and not _OTHER_LETTERS.search(text):
        return expected
    found = language_of(text, expected or None)
    alike = any({found, expected} <= group for group in _OF_ONE_SCRIPT)
    return expected if alike or (found == "en" and expected in _ALSO_LATIN) else found


def _spoken(text: str) -> int:
    """How many characters are letters, or signs that belong to a letter, as most vowels of Hindi are."""
    return sum(map(len, WORD.findall(text))) - len(_FIGURE.findall(text))


def _own_script(text: str) -> str:
    """`text` without Latin letters if at least a quarter of its letters are of other scripts."""
    others = len(_OTHER_LETTERS.findall(text))
    latin = len(_LATIN.findall(text))
    if not latin or others * 3 < latin:
        return text
    return " ".join(_LATIN.sub(" ", text).split())


def _sample(text: str) -> str:
    if len(text) <= 3 * PIECE:
        return text
    middle = len(text) // 2
    return " ".join((text[:PIECE], text[middle : middle + PIECE], text[-PIECE:]))


def _classified(text: str) -> str:
    """As the identifier's own `classify`, but over the few hundred features that are in the text instead of all: a
    product of whole matrices waits for every core, ten milliseconds a text on a busy machine."""
    told = identifier()
    counts = told.instance2fv(text, "float32")
    seen = counts.nonzero()[0]
    scores = (told.nb_ptc[seen] * counts[seen, None]).sum(axis=0) + told.nb_pc
    probabilities = told.norm_probs(scores)
    best = int(probabilities.argmax())
    found = str(told.nb_classes[best])
    of_its_script = found in _LATIN_CODES or _OTHER_LETTERS.search(text) is not None
    return found if of_its_script and float(probabilities[best]) >= SURE else _UNDECIDED
