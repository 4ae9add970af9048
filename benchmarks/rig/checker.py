"""The ledger beside the database: nothing lost, nothing doubled, nobody's deeds in another order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.rig.deeds import Deed
from benchmarks.rig.ledger import Ledger
from benchmarks.rig.stores import Store

_COMPLETIONS = """SELECT l.telegram_id, k.section_id FROM completion AS k JOIN learner AS l ON l.id = k.learner_id
    ORDER BY k.id"""
_NOTES = """SELECT l.telegram_id, n.section_id, n.text FROM note AS n JOIN learner AS l ON l.id = n.learner_id
    ORDER BY n.id"""
_WORK = "SELECT key, state, error FROM work WHERE kind = 'update'"


@dataclass
class Verdict:
    """What is wrong, in words, by kind; nothing should be. `refused` are calls that were more than Telegram takes: what
    they were to say is said later, so they are no loss."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    inverted: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return ", ".join(f"{len(found)} {kind} {found[:3]}" for kind, found in vars(self).items())

    @property
    def clean(self) -> bool:
        """Whether all had its effect, once and in order."""
        return not (self.lost or self.doubled or self.inverted or self.aside)


async def check(ledger: Ledger, store: Store) -> Verdict:
    """Judge a run that has come to rest."""
    verdict = Verdict()
    await _work(ledger, store, verdict)
    done = [(int(person), int(section)) for person, section in await store.rows(_COMPLETIONS)]
    notes = [(int(person), int(section), words) for person, section, words in await store.rows(_NOTES)]
    first = _first(ledger.deeds)
    wanted = {(deed.person, deed.section): deed for deed in first if deed.what == "done"}
    written = {(deed.person, deed.section, deed.words): deed for deed in first if deed.what == "note"}
    verdict.lost += [f"completion {key}" for key in wanted if key not in set(done)]
    verdict.lost += [f"note {key}" for key in written if key not in set(notes)]
    verdict.doubled += [f"completion {key}" for key, times in Counter(done).items() if times > 1]
    verdict.doubled += [f"note {key}" for key, times in Counter(notes).items() if times > 1]
    _order("completion", [wanted[one] for one in done if one in wanted], verdict)
    _order("note", [written[one] for one in notes if one in written], verdict)
    _taps(ledger, verdict)
    verdict.refused += [f"{call.method} in {call.chat} by {call.worker}" for call in ledger.calls if call.status == 429]
    return verdict


def _first(deeds: Sequence[Deed]) -> list[Deed]:
    """Of several taps on the same ✅ the first."""
    seen: dict[tuple[object, ...], Deed] = {}
    for deed in deeds:
        seen.setdefault((deed.person, deed.what, deed.section, deed.words), deed)
    return list(seen.values())


async def _work(ledger: Ledger, store: Store, verdict: Verdict) -> None:
    """Every update is in the table of work, and done."""
    known = {key: (state, error) for key, state, error in await store.rows(_WORK)}
    for deed in ledger.deeds:
        states = [known.get(f"tg:{number}", ("unknown", None)) for number in ledger.ids[deed.number]]
        if any(state == "aside" for state, _ in states):
            verdict.aside.append(f"{deed}: {states}")
        elif not any(state == "done" for state, _ in states):
            verdict.lost.append(f"{deed}: {states}")


def _order(what: str, effects: list[Deed], verdict: Verdict) -> None:
    latest: dict[int, int] = {}
    for deed in effects:
        if deed.number < latest.get(deed.person, -1):
            verdict.inverted.append(f"{what} {deed}")
        latest[deed.person] = deed.number


def _taps(ledger: Ledger, verdict: Verdict) -> None:
    """Every tap was answered, in order, and no two taps on one ✅ were told that they were the first."""
    answers = ledger.answers()
    taps = {deed.query: deed for deed in ledger.deeds if deed.query}
    verdict.lost += [f"answer to {deed}" for query, deed in taps.items() if query not in answers]
    _order("answer to", [taps[query] for query in answers if query in taps], verdict)
    firsts = Counter(
        (taps[query].person, taps[query].section)
        for query, calls in answers.items()
        if query in taps and any(str(call.fields.get("text", "")).startswith("Done · ") for call in calls)
    )
    verdict.doubled += [f"first completion {key}" for key, times in firsts.items() if times > 1]
