"""Check 13: whether a text is in the language of its course. By script first, then by py3langid (Latin and Cyrillic
share many languages).

py3langid is loaded at the first text that needs it: 0.1 s and 31 MB with numpy, so call the checks in a thread. It is
held below 0.4, whose model takes 98 MB. It sees a sample of at most 600 characters, in three pieces."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from services.documents.language import language_of
from services.quality.finding import Finding
from services.rules.reading import WORD

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENOUGH = 80  # characters: of less no detector can tell
PIECE = 200  # characters, of which three are looked at: a classifier is sure long before
SURE = 0.9
_CODES = """
    af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko
    ky lo lt lv mk ml mn mr ms nb ne nl nn no pa pl ps pt ro ru si sk sl sq sr sv sw ta te th tr uk ur vi zh
"""
_KNOWN = frozenset(_CODES.split())
_OTHER_SCRIPTS = (
    "am ar be bg bn el fa gu he hi hy ja ka kk km kn ko ky lo mk ml mn mr ne pa ps ru si sr ta te th uk ur zh"
)
_LATIN_CODES = _KNOWN - frozenset(_OTHER_SCRIPTS.split())
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
_loading = threading.Lock()


def language(plain: str, expected: str, path: str) -> Iterator[Finding]:
    """A text of at least 80 characters without code that is surely in another language than `expected`."""
    own = expected.partition("-")[0].lower()
    found = detected(plain, own)
    if found not in {own, _UNDECIDED} and not any({own, found} <= kin for kin in _KIN):
        yield Finding(path, "language", f"written in “{found}”", f"“{own}”, the language of the course")


def prepare() -> None:
    """Load the detector now, in a thread, rather than at the first text that needs it."""
    _identifier()


def script(plain: str, expected: str, path: str) -> Iterator[Finding]:
    """The same by script alone, for words that are no sentences: titles, terms. Never loads anything."""
    own = expected.partition("-")[0].lower()
    text = _own_script(" ".join(plain.split()))
    if len(text) >= ENOUGH and (found := _by_script(text, own)) != own:
        yield Finding(path, "language", f"written in “{found}”", f"“{own}”, the language of the course")


def checkable(expected: str) -> bool:
    """Whether texts in `expected` can be told from others by more than their script."""
    return expected.partition("-")[0].lower() in _KNOWN


def detected(plain: str, expected: str = "") -> str:
    """The language (ISO 639-1) of prose without code; ``und`` if it is too short or not sure. Terms in Latin letters
    within a text of another script do not count."""
    text = _own_script(_sample(" ".join(plain.split())))
    if len(text) < ENOUGH or 2 * _spoken(text) < len(text):
        return _UNDECIDED  # too short, or a list of figures and signs
    by_script = _by_script(text, expected)
    if by_script != (expected or "en"):
        return by_script
    if expected and expected not in _KNOWN:
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
    identifier = _identifier()
    counts = identifier.instance2fv(text, "float32")
    seen = counts.nonzero()[0]
    scores = (identifier.nb_ptc[seen] * counts[seen, None]).sum(axis=0) + identifier.nb_pc
    probabilities = identifier.norm_probs(scores)
    best = int(probabilities.argmax())
    found = str(identifier.nb_classes[best])
    of_its_script = found in _LATIN_CODES or _OTHER_LETTERS.search(text) is not None
    return found if of_its_script and float(probabilities[best]) >= SURE else _UNDECIDED


def _identifier() -> LanguageIdentifier:
    with _loading:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(_KNOWN))
    identifier.nb_ptc = identifier.nb_ptc.astype("float32")  # half precision is slow where it is computed with
    return identifier
