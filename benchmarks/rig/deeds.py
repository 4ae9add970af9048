"""What learners do: taps, notes and commands by lot, as the updates that Telegram sends, each person's in order."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from benchmarks.school import FIRST_PERSON, School
from handlers.chat.buttons import MarkDone, OpenSection, WriteNote, encode

What = Literal["done", "open", "ask", "note", "list"]
_FIRST_QUERY = 4_000_000_000_000_000_000


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody does. `number` is unique in a run, and grows in the order in which it is done; `words`
    are a note's."""

    number: int
    person: int
    what: What
    section: int = 0
    words: str = ""

    @property
    def query(self) -> str:
        """The id of the tap; empty for what is typed."""
        return str(_FIRST_QUERY + self.number) if self.what in {"done", "open", "ask"} else ""

    def update(self, update_id: int) -> dict[str, Any]:
        """The update of it, under that id."""
        chat = {"id": self.person, "type": "private", "first_name": "Ada"}
        who = {"id": self.person, "is_bot": False, "first_name": "Ada", "language_code": "en"}
        if not self.query:
            typed = {"message_id": 10**6 + self.number, "date": 1_790_000_000, "chat": chat, "from": who}
            return {"update_id": update_id, "message": {**typed, **self._text()}}
        under = {"message_id": self.person % 10**6, "date": 1_790_000_000, "chat": chat, "text": "a page"}
        tap = {"id": self.query, "from": who, "message": under, "chat_instance": "-31", "data": self._data()}
        return {"update_id": update_id, "callback_query": tap}

    def _text(self) -> dict[str, Any]:
        if self.what == "note":
            return {"text": self.words}
        return {"text": "/courses", "entities": [{"type": "bot_command", "offset": 0, "length": 8}]}

    def _data(self) -> str:
        if self.what == "done":
            return encode(MarkDone(self.section))
        return encode(OpenSection(self.section, 0) if self.what == "open" else WriteNote(self.section, 0))


def mixed(school: School, rng: random.Random, count: int) -> list[Deed]:
    """At least `count` deeds of all people of a school, mixed up, as long as there are sections that they have not
    completed."""
    left = [list(sections) for sections in school.sections]
    for sections in left:
        rng.shuffle(sections)
    found: list[Deed] = []
    while len(found) < count:
        found += _next(found, left, rng)
    return found


def only(school: School, what: What, count: int) -> list[Deed]:
    """`count` deeds of one kind, people taking turns, each in another section."""
    people = len(school.sections)
    return [
        Deed(number, FIRST_PERSON + number % people, what, school.sections[number % people][number // people])
        for number in range(count)
    ]


def _next(found: Sequence[Deed], left: list[list[int]], rng: random.Random) -> Iterator[Deed]:
    place, number = rng.randrange(len(left)), len(found)
    person = FIRST_PERSON + place
    match rng.choices(("done", "open", "note", "list"), (6, 2, 1, 1))[0]:
        case "done" if left[place]:
            yield Deed(number, person, "done", left[place].pop())
        case "note" if left[place]:
            section = rng.choice(left[place])
            yield Deed(number, person, "ask", section)
            yield Deed(number + 1, person, "note", section, f"note {number + 1}")
        case "open" if left[place]:
            yield Deed(number, person, "open", rng.choice(left[place]))
        case _:
            yield Deed(number, person, "list")
