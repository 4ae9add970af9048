"""Plain text → blocks: paragraphs between blank lines, headings by underline, number or bearing. Knows enough of
reStructuredText not to quote its machinery."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.documents.blocks import Block

_UNDERLINE = re.compile(r"([=\-~^\"'`#*+:.<>_])\1{2,}\s*$")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})[.)]?\s+(?=\S)")
_CHAPTER = re.compile(
    r"(?:chapter|part|lesson|глава|часть|kapitel|teil|chapitre|capítulo|kapitola|الفصل|פרק)\s+\w+|第.{1,4}[章部]", re.I
)
_ITEM = re.compile(r"(?:([-*•‣–·])|(\d{1,3})[.)])\s+(?=\S)")
_RST = re.compile(r"^\.\. |::\s*$|``\S", re.MULTILINE)
_ROLE = re.compile(r":[\w:+.\-]+:`([^`<]+?)(?:\s*<[^>`]*>)?`")
_REFERENCE = re.compile(r"`([^`<]+?)(?:\s*<[^>`]*>)?`__?")
_SUBSTITUTION = re.compile(r"\|[\w .\-]+\|_{0,2}")
_NAMED_REFERENCE = re.compile(r"(?<=[^\W_])__?(?=[\s.,;:)]|$)")
_LITERAL = re.compile(r"``(.+?)``", re.DOTALL)
_STRONG = re.compile(r"(?<![\w*])\*{1,2}(\S(?:[^*\n]*\S)?)\*{1,2}(?![\w*])")
_DIVIDED = re.compile(r"[^\W\d_]{2}-$")
_TERMINAL = ".!?;:,…。！？；：，、؟"


def plain_blocks(text: str) -> Iterator[Block]:
    """The blocks of a plain `text` in order."""
    rst = bool(_RST.search(text))
    paragraphs = _paragraphs(text.expandtabs(4))
    styles: list[str] = []
    literal = False
    skipping = False
    for index, lines in enumerate(paragraphs):
        indented = lines[0].startswith((" ", "\t"))
        if skipping and indented:
            continue
        skipping = False
        if literal and indented:
            yield Block("code", _dedented(lines))
            continue
        literal = False
        if rst and lines[0].startswith(".. "):
            skipping = True
            continue
        following = paragraphs[index + 1] if index + 1 < len(paragraphs) else []
        yield from _paragraph(lines, following, styles, rst)
        literal = rst and lines[-1].rstrip().endswith("::")


def _paragraphs(text: str) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [lines for lines in found if lines]


def _dedented(lines: list[str]) -> str:
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    return "\n".join(line[margin:] for line in lines)


def _paragraph(lines: list[str], following: list[str], styles: list[str], rst: bool) -> Iterator[Block]:
    if (
        len(lines) > 1
        and _UNDERLINE.match(lines[0].strip())
        and _UNDERLINE.match(lines[-1].strip())
        and len(lines) == 3
    ):
        yield _underlined(lines[1], "over" + lines[0].strip()[0], styles)
        return
    while len(lines) >= 2 and _UNDERLINE.match(lines[1].strip()) and not _UNDERLINE.match(lines[0].strip()):
        yield _underlined(lines[0], lines[1].strip()[0], styles)
        lines = lines[2:]
    if not lines or all(_UNDERLINE.match(line.strip()) for line in lines):
        return
    if len(lines) == 1 and following and (depth := heading_depth(lines[0], following[0])):
        yield Block("heading", _NUMBERED.sub("", lines[0].strip(), count=1) or lines[0], depth=depth)
        return
    yield from _items(lines, rst)


def _underlined(line: str, style: str, styles: list[str]) -> Block:
    if style not in styles:
        styles.append(style)
    return Block("heading", _inline(line), depth=styles.index(style) + 1)


def heading_depth(line: str, following: str) -> int:
    """1–5 if a line that stands alone reads like a heading of what is `following`, else 0."""
    text = line.strip()
    if (
        len(text) > 80
        or len(text.split()) > 12
        or text[-1] in _TERMINAL
        or (_ITEM.match(text) and not _NUMBERED.match(text))
    ):
        return 0
    if _CHAPTER.match(text):
        return 1
    if (number := _NUMBERED.match(text)) and text[number.end()].isalpha() and not text[number.end()].islower():
        return number[1].count(".") + 1
    if line.startswith(" ") or text[0].islower() or not text[0].isalpha():
        return 0
    if len(following.strip()) < 40 or (len(text) > 30 and " " not in text):
        return 0
    return 1 if text.isupper() and len(text) > 3 else 2


def _items(lines: list[str], rst: bool) -> Iterator[Block]:
    kind, mark, held = "text", "", list[str]()
    for line in lines:
        match = _ITEM.match(line.strip())
        if match and (match[1] or not held or kind == "item"):
            if held:
                yield _made(kind, mark, held, rst)
            kind, mark, held = "item", "-" if match[1] else f"{match[2]}.", [line.strip()[match.end() :]]
        else:
            held.append(line.strip())
    if held:
        yield _made(kind, mark, held, rst)


def _made(kind: str, mark: str, lines: list[str], rst: bool) -> Block:
    text = join_lines(lines)
    if rst:
        text = re.sub(r"\s*::$", ":", _inline(text))
    return Block("item", text, mark=mark) if kind == "item" else Block("text", text)


def _inline(text: str) -> str:
    text = _REFERENCE.sub(r"\1", _ROLE.sub(r"`\1`", _SUBSTITUTION.sub("", text)))
    text = _STRONG.sub(r"\1", _LITERAL.sub(r"`\1`", text))
    return _NAMED_REFERENCE.sub("", re.sub(r"\\([:*_`|])", r"\1", text)).strip()


def join_lines(lines: list[str]) -> str:
    """One paragraph from its lines: a word divided at a line's end is put together again."""
    parts: list[str] = []
    for line in lines:
        if parts and _DIVIDED.search(parts[-1][-3:]) and line[:1].islower():
            parts[-1] = parts[-1][:-1]
            parts.append(line)
        elif line:
            parts += [" ", line] if parts else [line]
    return "".join(parts)
