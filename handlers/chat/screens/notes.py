"""The screens of a note: the question for it with what was noted before, and the word that it is kept. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.chat.buttons import OpenSection
from handlers.chat.buttons_reading import CancelNote
from handlers.chat.screen import Key, Screen
from handlers.chat.screens.words import clip
from handlers.texts import plain, say
from services.errors import Fault
from services.validation import NOTE
from services.views import NoteView, SectionView

SHOWN = 5  # earlier notes, the latest ones
EACH = 400  # characters of each


def ask(language: str, section: SectionView, page: int, notes: Sequence[NoteView], fault: str = "") -> Screen:
    """The question, after `fault` (a sentence on what was wrong with the last answer) if there was any."""
    parts = [fault] if fault else []
    parts.append(say(language, "note.ask", title=section.title))
    if notes:
        had = (say(language, "lesson.goal", goal=clip(note.text, EACH)) for note in notes[-SHOWN:])
        parts.append("\n".join((say(language, "note.have"), *had)))
    rows = ((Key(plain(language, "note.cancel"), CancelNote(section.id, page)),),)
    return Screen("\n\n".join(parts), rows)


def fault_sentence(language: str, fault: Fault) -> str:
    """What is wrong with a note."""
    if fault.rule == "too_long":
        return say(language, "note.too_long", length=fault.found, limit=NOTE[1])
    return say(language, "note.unusable")


def said(language: str, key: str, section: SectionView, page: int) -> Screen:
    """A sentence about the note (`key`), and the way back to the section."""
    rows = ((Key(plain(language, "note.back"), OpenSection(section.id, page)),),)
    return Screen(say(language, key, title=section.title), rows)
