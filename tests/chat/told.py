"""Conversations written down as they were, to be read by people and compared by tests."""

from __future__ import annotations

import re

from tests.chat.transcript import compare
from tests.handlers.chat.room import Room
from tests.kit.chat import Shown

SHOWN = 260  # characters of a page before what it rests on

_TIME = re.compile(r"\b\d{1,2}:\d{2}\b")


class Transcript:
    """What somebody did and what the bot said, in Markdown."""

    def __init__(self, title: str, about: str) -> None:
        self._lines = [f"# {title}", "", about, ""]

    def did(self, what: str) -> None:
        """The learner typed, sent or tapped something."""
        self._lines += [f"**Lena** {what}", ""]

    def told(self, what: str) -> None:
        """A remark of the one who writes down."""
        self._lines += [f"*{what}*", ""]

    def saw(self, shown: Shown, *, shortened: bool = False) -> None:
        """A message of the bot's with its buttons; of a page, when `shortened`, the beginning and what it rests on."""
        text = _shortened(shown.text) if shortened else shown.text
        quoted = [f"> {line}".rstrip() for line in text.splitlines()]
        keys = [" ".join(f"[ {_TIME.sub('14:05', label)} ]" for label in row) for row in shown.labels]
        self._lines += ["**Lectern**", "", *quoted, "", *(f"`{row}`  " for row in keys), ""]

    def compared(self, name: str) -> None:
        """Compare with the file `name` of the transcripts, or write it if that is asked for."""
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip() + "\n"
        compare(text, name)


async def tapped(transcript: Transcript, room: Room, label: str, *, shortened: bool = False) -> Shown:
    """Tap a button, and write down the tap and the screen that it led to."""
    transcript.did(f"taps *{label}*")
    await room.tap(label)
    transcript.saw(room.screen, shortened=shortened)
    return room.screen


def _shortened(text: str) -> str:
    body, mark, stands = text.partition("\n\nWhere this stands\n")
    if len(body) <= SHOWN:
        return text
    return f"{body[:SHOWN].rpartition(' ')[0]} […]{mark}{stands}"
