"""What a full-text search looks for, whatever the language: the rarer words of a question, as they stand in a text.

Words are compared without case and accents by their first letters, which is what most endings leave alone; where words
are not set apart (Chinese, Japanese, Thai…) by every two characters that stand together. So both databases index
and find the same words, and neither needs to know the language. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

STEM = 6  # letters of a word that count; of what has digits in it, all
LONGEST = 40
MOST_TERMS = 24  # of one question
COMMON = 0.25  # of the texts: a word that stands in more of them tells nothing, as far as there are enough texts
FEW_TEXTS = 8

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")


def terms(text: str) -> list[str]:
    """The words of `text` as they are indexed, in order: letters and digits only."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = unicodedata.normalize("NFC", "".join(each for each in apart if unicodedata.category(each) != "Mn"))
    return [term for run in _RUN.finditer(plain) for term in _of_run(run[0])]


def telling(questions: Sequence[str], texts: Sequence[Sequence[str]]) -> list[list[str]]:
    """For each of `questions` those of its terms that stand in `texts` (terms each) and tell them apart, the rarest
    first, at most `MOST_TERMS`."""
    spread = Counter(term for text in texts for term in set(text))
    most = max(FEW_TEXTS, len(texts) * COMMON)
    found = []
    for question in questions:
        known = [term for term in dict.fromkeys(terms(question)) if 0 < spread[term] <= most]
        found.append(sorted(known, key=spread.__getitem__)[:MOST_TERMS])
    return found


def _of_run(run: str) -> Iterator[str]:
    if _IS_UNSPACED.match(run):
        yield from (run[at : at + 2] for at in range(max(1, len(run) - 1)))
    else:
        yield run[:STEM] if run.isalpha() else run[:LONGEST]
