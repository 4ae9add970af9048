"""How long a text takes to read: the one place that knows the rates (course-quality, check 10)."""

from __future__ import annotations

import math
import re

WORDS_PER_MINUTE = 200
CHARACTERS_PER_MINUTE = 500  # scripts that put no blanks between words
CODE_LINES_PER_MINUTE = 10
MINUTES_PER_QUESTION = 0.75

# Han, kana, Thai, Lao, Burmese, Khmer: scripts without blanks between words. Korean has blanks.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
UNSPACED_CHARACTER = re.compile(f"[{_UNSPACED}]")
# Signs above, below and beside letters, which \w leaves out: without them a Hindi word would count as three.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u0dff\u200c\u200d"
)
WORD = re.compile(f"[\\w{_MARKS}]+(?:['’\\-][\\w{_MARKS}]+)*")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")


def is_unspaced(text: str) -> bool:
    """Whether `text` is mostly in a script that puts no blanks between its words (Chinese, Japanese, Thai…)."""
    unspaced = len(UNSPACED_CHARACTER.findall(text))
    return unspaced > 0 and unspaced * 2 > sum(character.isalpha() for character in text)


def split_code(body: str) -> tuple[str, int]:
    """The prose of a Markdown `body` and the number of lines of code in its fenced blocks (blank lines not counted)."""
    prose: list[str] = []
    lines = 0
    fence = ""
    for line in body.splitlines():
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            elif line.strip():
                lines += 1
        elif mark:
            fence = mark[1]
        else:
            prose.append(line)
    return "\n".join(prose), lines


def count_words(text: str) -> float:
    """Words of `text`; in scripts without blanks 2.5 characters count as one, so that both rates read alike."""
    unspaced = len(UNSPACED_CHARACTER.findall(text))
    spaced = len(WORD.findall(UNSPACED_CHARACTER.sub(" ", text))) if unspaced else len(WORD.findall(text))
    return spaced + unspaced * WORDS_PER_MINUTE / CHARACTERS_PER_MINUTE


def exact_minutes(body: str, questions: int = 0) -> float:
    """Minutes to read a Markdown `body` and answer its `questions`, not rounded."""
    prose, code_lines = split_code(body)
    reading = count_words(prose) / WORDS_PER_MINUTE + code_lines / CODE_LINES_PER_MINUTE
    return reading + questions * MINUTES_PER_QUESTION


def reading_minutes(body: str, questions: int = 0) -> int:
    """Whole minutes for a Markdown `body` and its `questions`: rounded up, at least 1."""
    return max(1, math.ceil(round(exact_minutes(body, questions), 6)))
