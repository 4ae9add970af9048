"""The rig's checker sees what it is there to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.rig.checker import Verdict, check
from benchmarks.rig.deeds import Deed
from benchmarks.rig.ledger import Call, Ledger
from benchmarks.rig.stores import Row

ADA = 7_000_000_001
DEEDS = [
    Deed(0, ADA, "done", 5),
    Deed(1, ADA, "done", 6),
    Deed(2, ADA, "ask", 7),
    Deed(3, ADA, "note", 7, "a note"),
]


@dataclass
class Told:
    """A database that says what it is told to say."""

    completions: list[Row]
    notes: list[Row]
    work: list[Row]
    url: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)

    async def rows(self, query: str) -> list[Row]:
        return self.completions if "completion" in query else self.notes if "note" in query else self.work


def good() -> tuple[Ledger, Told]:
    ledger = Ledger()
    for deed in DEEDS:
        ledger.note(deed, 100 + deed.number, 0.0)
        if deed.query:
            words = f"Done · {deed.number} %" if deed.what == "done" else ""
            fields = {"callback_query_id": deed.query, "text": words}
            ledger.calls.append(Call("w1", "answercallbackquery", fields, 1.0 + deed.number, 200))
    work: list[Row] = [(f"tg:{100 + deed.number}", "done", None) for deed in DEEDS]
    return ledger, Told([(ADA, 5), (ADA, 6)], [(ADA, 7, "a note")], work)


async def judged(ledger: Ledger, store: Told) -> Verdict:
    return await check(ledger, store)


async def test_what_is_right_is_found_right() -> None:
    verdict = await judged(*good())
    assert verdict.clean, str(verdict)


async def test_what_is_lost_is_found() -> None:
    for spoil in ("completion", "note", "answer", "row"):
        ledger, store = good()
        if spoil == "completion":
            store.completions.pop()
        elif spoil == "note":
            store.notes.pop()
        elif spoil == "answer":
            ledger.calls[0].status = 0
        else:
            store.work[1] = ("tg:101", "open", None)
        verdict = await judged(ledger, store)
        assert len(verdict.lost) == 1, spoil
        assert not verdict.doubled, spoil


async def test_what_is_doubled_aside_or_in_another_order_is_found() -> None:
    ledger, store = good()
    store.notes *= 2
    assert len((await judged(ledger, store)).doubled) == 1
    ledger, store = good()
    store.work[0] = ("tg:100", "aside", "ValueError")
    assert len((await judged(ledger, store)).aside) == 1
    ledger, store = good()
    store.completions.reverse()
    assert len((await judged(ledger, store)).inverted) == 1
    ledger, store = good()
    ledger.calls.reverse()
    assert len((await judged(ledger, store)).inverted) == 2
    ledger, store = good()
    again = Deed(4, ADA, "done", 5)
    ledger.note(again, 104, 9.0)
    store.work.append(("tg:104", "done", None))
    said = {"callback_query_id": again.query, "text": "Done · 9 %"}
    ledger.calls.append(Call("w2", "answercallbackquery", said, 9.0, 200))
    assert len((await judged(ledger, store)).doubled) == 1


async def test_what_telegram_refused_is_counted_and_is_no_loss() -> None:
    ledger, store = good()
    ledger.calls.append(Call("w1", "editmessagetext", {"chat_id": ADA}, 5.0, 429))
    verdict = await judged(ledger, store)
    assert verdict.clean
    assert len(verdict.refused) == 1
