"""The body of a section: the text's own paragraphs as Markdown, with where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.authors.offline.atoms import Atom, is_item
from services.authors.offline.phrases import Phrases
from services.authors.offline.titles import clean_title
from services.authors.protocol import Citation, SectionDraft
from services.documents.cleaning import cut, sentences

PARAGRAPH_CHARACTERS = 600
_QUOTE_CHARACTERS = 240
_CODE_SPAN = re.compile(r"(`[^`\n]+`)")
# "[" stays bare: escaped, it would open a formula; and without "](" it makes no link.
_SIGNS = re.compile(r"([\\*~|]|\](?=[(\[:])|(?<![^\W_])_|_(?![^\W_])|<(?=[\w/!?])|&(?=#?\w+;)|`|\$(?=\S))")
_LINE_START = re.compile(r"^(#{1,6}(?=\s)|>|[-+](?=\s)|\d{1,9}(?=[.)]\s)|=+$|:::)")


def write_body(title: str, section: str, atoms: Sequence[Atom], said: Phrases) -> str:
    """Markdown of the section called `section` that quotes `atoms` from the text called `title`: where it stands, then
    paragraphs of at most 600 characters, lists and code; a heading in bold where a new one begins."""
    parts = [_lead(title, section, atoms, said)]
    shown = atoms[0].path
    tail: list[str] = []
    for atom in atoms:
        if atom.path != shown:
            shown = atom.path
            parts.append(f"**{escaped(clean_title(shown[-1]))}**")
        text = atom.passage.text
        if atom.code:
            parts.append(text)
        elif is_item(text):
            mark, _, rest = text.partition(" ")
            tail = cut(rest, PARAGRAPH_CHARACTERS - 10)
            item = f"{mark} {_line(tail[0])}"
            follows = parts[-1].startswith(("- ", "1. ")) or re.match(r"\d+\. ", parts[-1])
            if follows and len(parts[-1]) + len(item) < PARAGRAPH_CHARACTERS:
                parts[-1] += "\n" + item
            else:
                parts.append(item)
            parts.extend(map(_line, tail[1:]))
        else:
            parts.extend(map(_line, cut(text, PARAGRAPH_CHARACTERS - 10)))
    return "\n\n".join(parts)


def _lead(title: str, section: str, atoms: Sequence[Atom], said: Phrases) -> str:
    pages = [atom.passage.page for atom in atoms if atom.passage.page]
    where = ""
    if pages:
        where = said.pages[min(pages) != max(pages)].format(first=min(pages), last=max(pages))
    elif atoms[0].path:
        names = [name for part in atoms[0].path if (name := clean_title(part))]
        if names and names[-1] == section:  # it stands right above
            names.pop()
        where = escaped(" › ".join(names))
    source = said.source.format(title=escaped(clean_title(title)))
    return f"{source}, {where}:" if where else f"{source}:"


def _line(text: str) -> str:
    """One paragraph of plain text with code spans, escaped where Markdown would read a sign."""
    return _LINE_START.sub(r"\\\1" if not text[:1].isdigit() else r"\1", escaped(text))


def escaped(text: str) -> str:
    """`text` so that Markdown shows exactly it; code spans (`` `x` ``) stay code."""
    return "".join(
        part if index % 2 else _SIGNS.sub(r"\\\1", part) for index, part in enumerate(_CODE_SPAN.split(text))
    )


def cite(atoms: Sequence[Atom]) -> tuple[Citation, ...]:
    """One verbatim quote for each place that the section rests on, at least one."""
    found: dict[tuple[str, int], Citation] = {}
    for atom in sorted(atoms, key=lambda atom: atom.code):
        place, page = atom.passage.place, atom.passage.page
        if (place, page) not in found:
            found[place, page] = Citation(atom.passage.id, _quote(atom), place, page)
    return tuple(found.values())


def first_sentence(draft: SectionDraft) -> str:
    """What a section begins with, after the line that says where it stands."""
    return next((citation.quote for citation in draft.citations), draft.title)


def _quote(atom: Atom) -> str:
    text = atom.passage.text
    if atom.code:
        text = next((line.strip() for line in text.splitlines()[1:-1] if line.strip()), text)
    elif is_item(text):
        text = text.partition(" ")[2]
    else:
        text = next(iter(sentences(text)), text)
    if len(text) <= _QUOTE_CHARACTERS:
        return text
    kept = text[:_QUOTE_CHARACTERS]
    return kept[: kept.rfind(" ")] if " " in kept[_QUOTE_CHARACTERS // 2 :] else kept
