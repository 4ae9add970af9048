"""The prompts: text files with a version, filled with a task and with material that is marked as such."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from string import Template

from services.authors.protocol import Order

_NAMES = (
    *("rules", "teaching", "proposal", "course", "sourced", "outline", "passages", "plan", "body", "quiz", "repair"),
    *("reader", "solve", "judge", "guess"),
)
_SHAPING = ("rules", "teaching", "plan", "body", "quiz", "repair")  # those that a course's text comes from

_ENDS_OF_LINES = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}


class Prompts:
    """The prompt files of ``services/prompts``, read once, when this is made.

    The first line of each file is ``version N``; `version` joins those that shape a course's text.
    """

    def __init__(self) -> None:
        folder = files("services") / "prompts"
        texts: dict[str, str] = {}
        versions: dict[str, str] = {}
        for name in _NAMES:
            first, _, text = (folder / f"{name}.txt").read_text(encoding="utf-8").partition("\n")
            versions[name] = first.removeprefix("version ").strip()
            texts[name] = text.strip()
        self._texts = texts
        self.version = " ".join(f"{name}-{versions[name]}" for name in _SHAPING)

    def text(self, name: str) -> str:
        """A prompt without places to fill, as it is in its file."""
        return self._texts[name]

    def fill(
        self, name: str, *, key: str, material: Mapping[str, object], complaints: Sequence[str] = (), **fields: object
    ) -> str:
        """Prompt `name` filled with `fields`.

        `material` (what learners and documents say) goes in as JSON, one key a line, between lines that carry `key`,
        so that nothing in it can end it or pass for a task. `complaints` are what an earlier answer broke.
        """
        again = "\n".join(["An earlier answer could not be used:", *(f"- {each}" for each in complaints)])
        filled = Template(self._texts[name]).substitute(
            fields, key=key, material=as_lines(material), findings=again if complaints else ""
        )
        return filled.strip()


def data_key(order: Order) -> str:
    """The word between whose lines a course's material stands: the same in every call of a course, so that what goes
    before the task stays the same byte for byte. It follows from the approved proposal, which a model or the learner
    wrote after every document had been handed in, so that no document can know it."""
    payer = order.payer
    known = [order.title, order.description, *order.objectives]
    ids = [payer.learner_id, payer.generation_id] if payer else []
    return hashlib.blake2b(json.dumps([known, ids]).encode(), digest_size=8).hexdigest()


def as_lines(material: Mapping[str, object]) -> str:
    """`material` as JSON, key by key; a list of things goes in as a line for each, what is empty not at all."""
    lines: list[str] = []
    for key, value in material.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines.extend(json.dumps({key: each}, ensure_ascii=False) for each in value)
        elif value not in ((), [], "", None):
            lines.append(json.dumps({key: value}, ensure_ascii=False))
    # Half of a surrogate pair cannot be sent; whoever let it in has cleaned less than we need. What some take for the
    # end of a line, and JSON does not, must not look like one.
    return "\n".join(line.translate(_ENDS_OF_LINES) for line in lines).encode("utf-8", "replace").decode("utf-8")
