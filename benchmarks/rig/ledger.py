"""What was done, what was acknowledged, what the bot said to it, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.rig.deeds import Deed
from handlers.texts import DEFAULT, plain

_HELD_UP = plain(DEFAULT, "held_up")


@dataclass(slots=True)
class Call:
    """A call of the Bot API other than getUpdates: by which worker, when it came (monotonic seconds), and the status
    it was answered with (0: not yet, or never)."""

    worker: str
    method: str
    fields: dict[str, Any]
    at: float
    status: int = 0

    @property
    def chat(self) -> int:
        return int(self.fields.get("chat_id", 0))

    @property
    def query(self) -> str:
        """The tap that it answers."""
        return str(self.fields.get("callback_query_id", ""))


@dataclass(slots=True)
class Ledger:
    """`ids` says under which update ids a deed was delivered; `acknowledged` when each id was (monotonic seconds)."""

    deeds: list[Deed] = field(default_factory=list)
    ids: dict[int, set[int]] = field(default_factory=dict)
    sent: dict[int, float] = field(default_factory=dict)
    acknowledged: dict[int, float] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def note(self, deed: Deed, update_id: int, at: float) -> None:
        """A deed is on its way under that id."""
        if deed.number not in self.ids:
            self.deeds.append(deed)
            self.sent[deed.number] = at
        self.ids.setdefault(deed.number, set()).add(update_id)

    def of(self, *methods: str) -> Iterable[Call]:
        """The calls of these methods, in small letters, in the order they came."""
        return (call for call in self.calls if call.method in methods)

    def answers(self) -> dict[str, list[Call]]:
        """The answers to each tap that were delivered, in the order they came; that it could not be stored yet is
        none."""
        found: dict[str, list[Call]] = {}
        for call in self.of("answercallbackquery"):
            if call.status == 200 and call.fields.get("text") != _HELD_UP:
                found.setdefault(call.query, []).append(call)
        return found
