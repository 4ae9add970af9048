"""A conversation written down as it was read and tapped, to be kept beside the documents and compared."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.handlers.chat.room import Room
from tests.kit.chat import Shown

KEPT = Path(__file__).parents[2] / "docs" / "transcripts"
ANEW = "LECTERN_KEEP_TRANSCRIPTS"  # set it to write the files anew, then read what has changed


@dataclass
class Transcript:
    """Writes down what `people` (by name) tap, and every message of the bot's that is new or has changed after it."""

    people: Mapping[str, Room]
    lines: list[str] = field(default_factory=list)
    _seen: dict[tuple[str, int], Shown] = field(default_factory=dict)

    def head(self, *lines: str) -> None:
        """A heading, or a sentence on what this is."""
        for line in lines:
            self.lines += [line, ""]

    async def tap(self, who: str, label: str) -> None:
        """Tap, and write down what follows for everybody."""
        room = self.people[who]
        found = next(one for one in room.screen.buttons if label in one)
        toast = await room.tap(label)
        said = f": *{toast}*" if toast else ""
        self.lines += [f"**{who}** taps [ {found} ]{said}", ""]
        await self.look()

    async def look(self, *, quietly: bool = False) -> None:
        """Write down what is new on everybody's screen (`quietly`: only remember it)."""
        for name, room in self.people.items():
            await room.quiet()
            for shown in room.someone.messages():
                place = (name, int(shown.raw["message_id"]))
                known = self._seen.get(place)
                if known is None or (known.text, known.labels) != (shown.text, shown.labels):
                    self._seen[place] = shown
                    if not quietly:
                        self._write(name, shown, edited=known is not None)

    def _write(self, name: str, shown: Shown, *, edited: bool) -> None:
        self.lines.append(f"{name} {'now sees, in the same message' if edited else 'reads'}:")
        self.lines.append("")
        self.lines += [f"> {line}".rstrip() + ("  " if line else "") for line in shown.text.split("\n")]
        self.lines += ["", *("".join(f"[ {label} ] " for label in row).rstrip() for row in shown.labels)]
        if shown.labels:
            self.lines.append("")

    def compare(self, name: str) -> None:
        """Fails unless this is what is kept under that name."""
        compare("\n".join(self.lines).rstrip() + "\n", name)


def compare(text: str, name: str) -> None:
    """Fails unless `text` is what is kept under that name, or writes it there if that is asked for."""
    path = KEPT / name
    if os.environ.get(ANEW):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, f"{name} says something else; {ANEW}=1 writes it anew"
