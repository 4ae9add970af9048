"""What a section rests on, below its text: its quotes with where they stand, folded until somebody wants them."""

from __future__ import annotations

import re

from handlers.chat.markup import Mark, Marked, clean, convert
from handlers.phrases import standing
from handlers.texts import LANGUAGES, plain
from services.authors.protocol import Citation
from services.views import SectionView

BEGINNING = 60  # characters of a quote that the text has said already

_BLANK = re.compile(r"\s+")


def where_it_stands(section: SectionView, body: Marked, language: str) -> Marked | None:
    """The quotes of a section whose shown text is `body`, in one expandable quotation under a line that says what it
    is. A quote that the text holds is not said again: only how it begins and its place, if the text does not say that.
    None if there is nothing to add."""
    read = _BLANK.sub(" ", f"{body.text} {clean(section.body)}")
    lines = [line for citation in section.citations if (line := _line(citation, read, language))]
    if not lines:
        return None
    heading, quotes = plain(language, "section.stands"), "\n".join(lines)
    said = Marked(heading, (Mark("bold", 0, len(heading)),)) + Marked("\n")
    return said + Marked(quotes, (Mark("expandable_blockquote", 0, len(quotes)),))


def _line(citation: Citation, read: str, language: str) -> str:
    quote = _one_line(convert(citation.quote).text)
    place = _one_line(clean(standing(language, citation.place, citation.page)))
    if not quote:
        return ""
    if any(each in read for each in (quote, _one_line(clean(citation.quote)))):
        if not place or _is_said(citation, read):
            return ""
        quote = quote if len(quote) <= BEGINNING else quote[:BEGINNING].rpartition(" ")[0] + " …"
    return f"“{quote}”" + (f" — {place}" if place else "")


def _is_said(citation: Citation, read: str) -> bool:
    """Whether the text says where the quote stands: in its own language, which may not be the reader's."""
    if not citation.page:
        return _one_line(clean(citation.place)) in read
    said = (re.escape(standing(language, "", citation.page)) for language in LANGUAGES)
    return re.search(rf"(?i:{'|'.join(said)})(?![0-9])", read) is not None


def _one_line(text: str) -> str:
    return _BLANK.sub(" ", text).strip()
