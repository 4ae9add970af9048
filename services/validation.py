"""The one definition of valid values (product.md §2), for chat and REST alike; every fault is found at once.

Lengths count characters (code points) after trimming and collapsing blanks, in composed form (NFC).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import cast, get_args

from services.authors.protocol import Level
from services.errors import Fault, Invalid

TITLE = (10, 100)
DESCRIPTION = (50, 500)
OBJECTIVE = (10, 200)
OBJECTIVES = (3, 10)
MINUTES = (30, 480)
TOPIC = (2, 300)
NOTE = (1, 4000)
LEVELS: tuple[Level, ...] = get_args(Level)

# Overrides, embeddings and isolates turn what is read away from what is written; the plain marks that Arabic and
# Hebrew need (U+200E, U+200F, U+061C) and the joiners of Persian and of emoji stay allowed.
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BLANK = {"Zs", "Zl", "Zp"}
_UNSTORABLE = {"Cc", "Cs"}
_SHOWN = 40
_PARSED = 10_000  # every field is far shorter; whatever is longer is refused for its length anyway


@dataclass(frozen=True, slots=True)
class OrderFields:
    """What `check_order` gives back: every field cleaned and within its limits."""

    title: str
    description: str
    objectives: tuple[str, ...]
    level: Level
    minutes: int


def clean_text(text: str) -> str:
    """One line of text as it counts: NFC, every run of blanks (line breaks too) one blank, none at the ends."""
    spaced = "".join(" " if char in "\t\n\r" or unicodedata.category(char) in _BLANK else char for char in text)
    return unicodedata.normalize("NFC", " ".join(part for part in spaced.split(" ") if part))


def clean_lines(text: str) -> str:
    """Text of several lines: each cleaned like `clean_text`, at most one empty line in a row, none at the ends."""
    lines = [clean_text(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept = [line for at, line in enumerate(lines) if line or (at > 0 and lines[at - 1])]
    return "\n".join(kept).strip("\n")


def storable(text: str) -> str:
    """Text from a program that we do not want to refuse: without controls, lone surrogates and direction overrides,
    which one database or another, or a reader, could not take. Line breaks and tabs stay."""
    return "".join(
        char for char in text if char in "\n\t" or not (char in _DIRECTION or unicodedata.category(char) in _UNSTORABLE)
    )


def character_faults(field: str, text: str) -> list[Fault]:
    """Characters and tags that are refused in every field of text (line breaks are not among them)."""
    faults = []
    controls = [char for char in text if unicodedata.category(char) in _UNSTORABLE and char != "\n"]
    if controls:
        faults.append(Fault(field, "control_character", f"U+{ord(controls[0]):04X}", ""))
    turned = [char for char in text if char in _DIRECTION]
    if turned:
        faults.append(Fault(field, "direction_override", f"U+{ord(turned[0]):04X}", ""))
    tag = _first_tag(text)
    if tag is not None:
        faults.append(Fault(field, "html_tag", _clip(tag), ""))
    if text and all(unicodedata.category(char)[0] in "CZM" for char in text):
        faults.append(Fault(field, "nothing_visible", "", ""))
    return faults


def title_faults(text: str, field: str = "title") -> list[Fault]:
    """Faults of a course title, given as `clean_text` left it."""
    return _length_faults(field, text, TITLE) + character_faults(field, text)


def description_faults(text: str, field: str = "description") -> list[Fault]:
    """Faults of a course description, given as `clean_text` left it."""
    return _length_faults(field, text, DESCRIPTION) + character_faults(field, text)


def objective_faults(text: str, field: str = "objective") -> list[Fault]:
    """Faults of one learning objective, given as `clean_text` left it."""
    return _length_faults(field, text, OBJECTIVE) + character_faults(field, text)


def topic_faults(text: str, field: str = "topic") -> list[Fault]:
    """Faults of what somebody says they want to learn: 2–300 characters, at least one letter or digit of any script
    (of emoji alone nothing can be taught)."""
    faults = _length_faults(field, text, TOPIC) + character_faults(field, text)
    if text and not any(char.isalnum() for char in text):
        faults.append(Fault(field, "no_letters", _clip(text), ""))
    return faults


def note_faults(text: str, field: str = "note") -> list[Fault]:
    """Faults of a note, given as `clean_lines` left it. A note may contain tags: it is only ever shown as text."""
    return _length_faults(field, text, NOTE) + [
        fault for fault in character_faults(field, text) if fault.rule != "html_tag"
    ]


def minutes_faults(minutes: int, field: str = "minutes") -> list[Fault]:
    """Faults of a duration in minutes of reading."""
    low, high = MINUTES
    return [] if low <= minutes <= high else [Fault(field, "out_of_range", str(minutes), f"{low}–{high}")]


def check_order(
    title: str,
    description: str,
    objectives: Sequence[str],
    level: str,
    minutes: int,
    *,
    minutes_asked: bool = True,
) -> OrderFields:
    """Clean and check an order; raises `Invalid` with every fault (fields ``title``, ``description``, ``level``,
    ``objectives``, ``objectives[2]``, ``minutes``). `minutes_asked` is False where the source dictates the time."""
    title, description = clean_text(title), clean_text(description)
    cleaned = tuple(clean_text(objective) for objective in objectives)
    faults = title_faults(title) + description_faults(description)
    if level not in LEVELS:
        faults.append(Fault("level", "unknown", _clip(level), ", ".join(LEVELS)))
    low, high = OBJECTIVES
    if not low <= len(cleaned) <= high:
        rule = "too_few" if len(cleaned) < low else "too_many"
        faults.append(Fault("objectives", rule, str(len(cleaned)), f"{low}–{high}"))
    for index, objective in enumerate(cleaned):
        faults += objective_faults(objective, f"objectives[{index}]")
    if minutes_asked:
        faults += minutes_faults(minutes)
    elif minutes < 1:
        faults.append(Fault("minutes", "out_of_range", str(minutes), "1–"))
    if faults:
        raise Invalid(*faults)
    return OrderFields(title, description, cleaned, cast(Level, level), minutes)


def _length_faults(field: str, text: str, limits: tuple[int, int]) -> list[Fault]:
    low, high = limits
    if low <= len(text) <= high:
        return []
    return [Fault(field, "too_short" if len(text) < low else "too_long", str(len(text)), f"{low}–{high}")]


def _clip(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


class _TagFinder(HTMLParser):
    """Remembers the first thing that a browser would take for markup."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: str | None = None

    def _note(self, what: str) -> None:
        self.found = self.found or what

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(self.get_starttag_text() or f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        self._note(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self._note(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._note(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self._note(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self._note(f"<![{data}]>")


def _first_tag(text: str) -> str | None:
    if "<" not in text:
        return None
    finder = _TagFinder()
    try:
        finder.feed(text[:_PARSED])
        finder.close()
    except AssertionError:  # how html.parser says that a marked section is malformed
        return finder.found or "<!["
    return finder.found
