"""Making text fit to be shown: nothing invisible that misleads, single blanks, pieces of a bearable size."""

from __future__ import annotations

import re
import unicodedata

# Controls but tab and line feed, soft hyphen, bidirectional marks and overrides, zero-width blanks, lone surrogates,
# private use, non-characters. ZWJ and ZWNJ stay: Persian and emoji need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\uffff\U000e0000-\U000e0fff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_SENTENCE_END = re.compile(r"(?<=[.!?…؟।])[\"'”’»)\]]*\s+|(?<=[。！？])[」』”）]*")
_CLAUSE_END = re.compile(r"(?<=[,;:،؛])\s+|(?<=[，、；：])|\s+")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[A-Za-z]|Mr|Ms|Dr|Mt|Co|Inc|Ltd|e\.g|i\.e|etc|vs|cf|approx|resp|Mrs|Prof|Fig|fig|No|St|Jr|Sr|al)\.$"
)


def clean_lines(text: str) -> str:
    """`text` without misleading or invisible characters, line feeds only, NFC; lines and indentation kept."""
    return _UNWANTED.sub("", unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text)))


def one_line(text: str) -> str:
    """`text` cleaned, with every run of blanks one space."""
    return " ".join(clean_lines(text).split())


def has_letters(text: str, least: int = 1) -> bool:
    """Whether at least `least` characters of `text` are letters or digits."""
    seen = 0
    for character in text:
        seen += character.isalnum()
        if seen >= least:
            return True
    return False


def sentences(text: str) -> list[str]:
    """`text` (one paragraph) cut after sentence ends; an abbreviation, an initial or a following small letter is none.

    Every sentence is a verbatim, stripped part of `text`.
    """
    found: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        before, after = text[start : end.end()].rstrip(), text[end.end() : end.end() + 1]
        if not after or after.islower() or (before.endswith(".") and _ABBREVIATION.search(before)):
            continue
        found.append(before.lstrip())
        start = end.end()
    rest = text[start:].strip()
    return [*found, rest] if rest else found


def cut(text: str, limit: int) -> list[str]:
    """`text` in pieces of at most `limit` characters: between sentences, else between clauses or words, else hard."""
    if len(text) <= limit:
        return [text]
    pieces: list[str] = []
    for sentence in sentences(text):
        for part in [sentence] if len(sentence) <= limit else _cut_sentence(sentence, limit):
            glued = _glue(pieces[-1], part) if pieces else part
            if pieces and len(glued) <= limit and glued in text:
                pieces[-1] = glued
            else:
                pieces.append(part)
    return pieces


def _glue(left: str, right: str) -> str:
    return left + right if left[-1] in "。！？，、；：」』”）" else f"{left} {right}"


def _cut_sentence(sentence: str, limit: int) -> list[str]:
    parts: list[str] = []
    rest = sentence
    while len(rest) > limit:
        places = [match.end() for match in _CLAUSE_END.finditer(rest, 1, limit + 1)]
        # the last blank may leave a long tail; prefer a clause end in the second half if there is one
        clauses = [place for place in places if place > limit // 2 and rest[:place].rstrip()[-1:] in ",;:،؛，、；："]
        place = min(clauses[-1] if clauses else places[-1] if places else limit, limit)
        parts.append(rest[:place].rstrip())
        rest = rest[place:].lstrip()
    return [*parts, rest] if rest else parts
