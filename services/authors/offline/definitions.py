"""Sentences in which a text says what something is: “A starter is a mixture of flour and water …”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.authors.offline.function_words import FUNCTION_WORDS, NO_SUBJECT

_MEANING_CHARACTERS = (20, 190)
_TERM_WORDS = 4
_ENGLISH = re.compile(
    r"(?:^|(?<=; )|(?<=, and )|(?<=, while ))(?:(?:[Aa]n?|[Tt]he) )?(?P<term>`[^`]+`|[\w’'-]+(?: [\w’'-]+){0,3}) "
    r"(?P<verb>is|are|means|is called|refers to) "
    r"(?P<meaning>(?:an?|the|any|one|what|when|how|whatever|anything|something|a kind of)\b[^;]+?)"
    r"(?=[.!]$|; |, and (?:an? |the )?[\w-]+(?: [\w-]+)? (?:is|are) )"
)
_OTHERS: dict[str, re.Pattern[str]] = {
    "de": re.compile(
        r"^(?:(?:Ein|Eine|Der|Die|Das) )?(?P<term>[A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]+)?) (?P<verb>ist|sind) "
        r"(?P<meaning>(?:ein|eine|einer|der|die|das) .+?)[.]$"
    ),
    "fr": re.compile(
        r"^(?:(?:Une?|Les?|La) |L[’'])(?P<term>[\w’'-]+(?: [\w’'-]+){0,2}) (?P<verb>est|sont) "
        r"(?P<meaning>(?:une?|les?|la|des|ce|l[’'])\b.+?)[.]$"
    ),
    "es": re.compile(
        r"^(?:Una?|El|La|Los|Las) (?P<term>[\w-]+(?: [\w-]+){0,2}) (?P<verb>es|son) "
        r"(?P<meaning>(?:una?|el|la|los|las) .+?)[.]$"
    ),
    "ru": re.compile(r"^(?P<term>[А-ЯЁ][\w-]+(?: [\w-]+){0,2}) (?P<verb>—|–|- это) (?:это )?(?P<meaning>.+?)[.]$"),
    "ar": re.compile(r"^(?P<term>ال\w+(?: \w+){0,2}) (?P<verb>هو|هي) (?P<meaning>.+?)[.]$"),
    "he": re.compile(r"^(?P<term>[\w\"״-]+(?: [\w\"״-]+){0,2}) (?P<verb>הוא|היא) (?P<meaning>.+?)[.]$"),
    "zh": re.compile(r"^(?P<term>[\u4e00-\u9fff]{2,8}?)(?P<verb>是指|指的是|是)(?P<meaning>.+?)。$"),
    "ja": re.compile(r"^(?P<term>[\u30a1-\u30fa\u30fc\u4e00-\u9fff]{2,12})(?P<verb>とは)、?(?P<meaning>.+?)。$"),
}
_CONTINUED = re.compile(r", (?:and|but|so) (?:it|they|he|she|this|you|we|when|where|how|most|that is)\b.*$")
_SHORT_MEANING = {"zh": 6, "ja": 6}


@dataclass(frozen=True, slots=True)
class Definition:
    """What the text says of a `term`: its `meaning`, verbatim, after a `verb`; with its `sentence` and `passage`."""

    term: str
    verb: str
    meaning: str
    sentence: str
    passage: str


def define(sentence: str, passage: str, language: str) -> Iterator[Definition]:
    """The definitions in one sentence; usually none."""
    pattern = _ENGLISH if language == "en" else _OTHERS.get(language)
    if not pattern:
        return
    least = _SHORT_MEANING.get(language, _MEANING_CHARACTERS[0])
    for match in pattern.finditer(sentence):
        term, meaning = match["term"].strip(), _CONTINUED.sub("", match["meaning"]).strip(" ,")
        if not least <= len(meaning) <= _MEANING_CHARACTERS[1] or not _is_subject(term, language):
            continue
        if (
            meaning.count("(") != meaning.count(")")
            or meaning.count('"') % 2
            or meaning.count("“") != meaning.count("”")
        ):
            continue
        yield Definition(_shown(term, sentence, language), match["verb"], meaning, sentence, passage)


def _is_subject(term: str, language: str) -> bool:
    if term.startswith("`"):
        return len(term) <= 32
    words = term.split()
    if not 2 <= len(term) <= 40 or len(words) > _TERM_WORDS:
        return False
    if language != "en":
        return True
    low = [word.lower() for word in words]
    return low[0] not in NO_SUBJECT and low[-1] not in NO_SUBJECT and not any(word in FUNCTION_WORDS for word in low)


def _shown(term: str, sentence: str, language: str) -> str:
    """The term with a small initial if it had its capital only from the sentence's beginning and no one-word name."""
    begins = sentence.startswith(term)
    if term[:1].isupper() and language in {"en", "fr", "es", "ru"} and begins and term[1:] == term[1:].lower():
        return term[0].lower() + term[1:]
    return term
