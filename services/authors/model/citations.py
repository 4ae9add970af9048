"""Whether a quote is really in the passage that it names, and what exactly it says there."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from services.authors.model.material import LINK
from services.authors.model.schemas import CitationShape
from services.authors.protocol import Citation, Passage

SHORTEST_QUOTE = 8  # characters after folding; less is found anywhere by chance
LONGEST_QUOTE = 400  # characters; what is shown under a section stays a quotation
# Signs that copying and typesetting change without changing the words.
_ALIKE = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_DROPPED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff*_`")


def fold(text: str) -> tuple[str, list[int]]:
    """`text` for comparing (width, case, blanks, accents, quotation marks, dashes, emphasis and links do not count),
    and for each of its characters the index in `text` that it came from."""
    folded: list[str] = []
    origin: list[int] = []
    links = {index for link in LINK.finditer(text) for index in range(*link.span())}
    for index, character in enumerate(text):
        if character in _DROPPED or index in links:
            continue
        if character.isspace():
            if folded and folded[-1] != " ":
                folded.append(" ")
                origin.append(index)
            continue
        # Decomposed and without marks, because documents write é as one character or as two.
        apart = unicodedata.normalize("NFKD", character.translate(_ALIKE).translate(_DASHES)).casefold()
        plain = [part for part in apart if not unicodedata.combining(part)]
        folded.extend(plain)
        origin.extend([index] * len(plain))
    return "".join(folded), origin


def verbatim(quote: str, text: str) -> str | None:
    """The words of `text` that `quote` stands for, exactly as they stand there; None if they do not."""
    wanted = fold(quote)[0].strip(" \"'.…")
    if len(wanted) < SHORTEST_QUOTE:
        return None
    folded, origin = fold(text)
    at = folded.find(wanted)
    if at < 0:
        return None
    return text[origin[at] : origin[at + len(wanted) - 1] + 1]


def verified(claims: Iterable[CitationShape], passages: Mapping[str, Passage]) -> tuple[Citation, ...]:
    """Those `claims` whose passage is among `passages` and whose quote is in it, each once, quoted exactly."""
    found: dict[tuple[str, str], Citation] = {}
    for claim in claims:
        passage = passages.get(claim.passage)
        quote = verbatim(claim.quote[:LONGEST_QUOTE], passage.text) if passage else None
        if passage and quote:
            found.setdefault((passage.id, quote), Citation(passage.id, quote, passage.place, passage.page))
    return tuple(found.values())
