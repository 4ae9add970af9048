"""Check 16: whether the quotes that a section rests on are in the passages that it names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from services.authors.protocol import Citation, Passage
from services.quality.finding import Finding

# Signs that copying and typesetting change without changing the words.
_ALIKE = str.maketrans(
    dict.fromkeys("‘’‚‛´", "'")
    | dict.fromkeys("“”„«»", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff*_`", None)
    | {"…": "..."}
)
_ACCENTS = re.compile("[\u0300-\u036f]")


def resolves(citation: Citation, passages: Mapping[str, Passage]) -> bool:
    """Whether the passage is there and holds the quote; width, case, accents, blanks and kinds of quotation marks and
    dashes do not count."""
    passage = passages.get(citation.passage)
    if passage is None or not citation.quote.strip():
        return False
    return citation.quote in passage.text or normal(citation.quote) in normal(passage.text)


@lru_cache(maxsize=256)
def normal(text: str) -> str:
    """`text` for comparing."""
    apart = unicodedata.normalize("NFKD", text.translate(_ALIKE)).casefold()
    return " ".join(_ACCENTS.sub("", apart).split())


def citations(held: tuple[Citation, ...], passages: Mapping[str, Passage] | None, path: str) -> Iterator[Finding]:
    """Quotes that are not in their passage, and a section of a grounded course without any. `passages` is None for a
    course without a source, where there is nothing to be cited."""
    if passages is None:
        if held:
            yield Finding(f"{path}.citations", "citations", f"{len(held)} citations", "none: there is no source")
        return
    if not held:
        yield Finding(f"{path}.citations", "citations", "no citation", "at least one in a section")
    for at, citation in enumerate(held):
        if not resolves(citation, passages):
            known = "the quote is not in the passage" if citation.passage in passages else "there is no such passage"
            yield Finding(f"{path}.citations.{at}", "citations", known, "words copied from a passage that is there")
