"""What code can put right in a model's text, so that nobody is asked twice for it."""

from __future__ import annotations

import re
import unicodedata

from services.authors.model.material import LINK

LONGEST_PARAGRAPH = 600
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_LINE_ITEM = re.compile(r"^\s*(?:[-*+•]|\d+[.)]|>|#)\s*")
# Only what is surely a tag: "a < b" and "List<T>" are text.
_TAG = re.compile(
    r"</?(?:p|br|div|span|b|i|u|em|strong|h[1-6]|ul|ol|li|table|thead|tbody|tr|td|th|a|img|hr|sub|sup|details|summary)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*$")
_WITHOUT_STOPS = frozenset({"th", "lo"})
_INVISIBLE = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_MARKED_LINK = re.compile(r"!?\[([^\]\n]*)\]\(\s*(?:https?://|www\.|/|#)[^)\n]*\)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])")


def clean(text: str) -> str:
    """`text` without what storage or a chat would choke on: lone surrogates, control characters other than line
    breaks, bidirectional overrides, byte-order marks. Line ends become ``\\n``."""
    kept = [
        character
        for character in text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
        if character == "\n" or (unicodedata.category(character) not in {"Cc", "Cs"} and character not in _INVISIBLE)
    ]
    return "".join(kept).strip()


def prose(text: str) -> str:
    """`text` cleaned, without tags and links; of a marked link its words stay."""
    return LINK.sub("", _MARKED_LINK.sub(r"\1", _TAG.sub("", clean(text)))).strip()


def line(text: str) -> str:
    """`text` as one line: as `prose`, blanks collapsed."""
    return " ".join(prose(text).split())


def body(text: str) -> str:
    """A section's Markdown: cleaned; outside code tags and links gone, tables turned into lists, paragraphs of at most
    600 characters."""
    found: list[str] = []
    for block, is_code in _blocks(clean(text)):
        if is_code:
            found.append(block)
        elif plain := prose(block):
            found.extend(_paragraphs(_listed(plain)))
    return "\n\n".join(found)


def blocks(text: str) -> list[str]:
    """`text` cut at blank lines outside code."""
    return [block for block, _ in _blocks(text)]


def breaks_off(text: str, language: str) -> bool:
    """Whether the last paragraph of `text` ends in the middle of a sentence. Lists and code may end as they like, and
    so may languages that close no sentence with a sign."""
    found = _blocks(text)
    if not found:
        return False
    last, is_code = found[-1]
    if is_code or language in _WITHOUT_STOPS or _LINE_ITEM.match(last.split("\n")[-1]):
        return False
    return unicodedata.category(last.rstrip()[-1])[0] not in {"P", "S"}


def _blocks(text: str) -> list[tuple[str, bool]]:
    """`text` cut at blank lines outside code, each part with whether it is fenced code."""
    found: list[tuple[str, bool]] = []
    lines: list[str] = []
    fence = ""

    def close(is_code: bool) -> None:
        if lines:
            found.append(("\n".join(lines), is_code))
            lines.clear()

    for each in text.split("\n"):
        mark = _FENCE.match(each)
        if fence:
            lines.append(each)
            if mark and mark[1].startswith(fence) and not each.strip().strip(fence[0]):
                close(True)
                fence = ""
        elif mark:
            close(False)
            lines.append(each)
            fence = mark[1]
        elif each.strip():
            lines.append(each)
        else:
            close(False)
    if fence:
        lines.append(fence)  # a block that was left open would swallow the rest of the page
    close(bool(fence))
    return found


def _listed(block: str) -> str:
    """`block` with the rows of a table, if it has one, as list items: a chat cannot show columns."""
    rows = block.split("\n")
    if not any(_TABLE_RULE.match(row) for row in rows):
        return block
    listed: list[str] = []
    for row in rows:
        if not _TABLE_RULE.match(row):
            cells = [cell.strip() for cell in row.strip().strip("|").split("|") if cell.strip()]
            listed.append("- " + " · ".join(cells) if "|" in row else row)
    return "\n".join(listed)


def _paragraphs(block: str) -> list[str]:
    """`block` itself, or, if it is prose that is too long, parts of it that end with sentences."""
    if len(block) <= LONGEST_PARAGRAPH or _LINE_ITEM.match(block):
        return [block]
    parts: list[str] = []
    current = ""
    for sentence in _SENTENCE_END.split(block):
        joined = f"{current} {sentence}" if current else sentence
        if current and len(joined) > LONGEST_PARAGRAPH:
            parts.append(current)
            joined = sentence
        current = joined
    return [*parts, current] if current else parts
