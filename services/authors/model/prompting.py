"""The prompts: text files with a version, filled with a task and with material that is marked as such."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template

_NAMES = ("rules", "proposal", "plan", "lesson", "plan_sourced", "lesson_sourced")


@dataclass(frozen=True, slots=True)
class Filled:
    """A prompt ready to be sent: the rules and the task."""

    system: str
    user: str


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
            texts[name] = text
        self._texts = texts
        self.version = " ".join(f"{name}-{versions[name]}" for name in ("rules", "plan", "lesson"))

    def text(self, name: str) -> str:
        """A prompt without places to fill, as it is in its file."""
        return self._texts[name]

    def fill(
        self,
        name: str,
        rng: random.Random,
        *,
        language: str,
        material: Mapping[str, object],
        findings: Sequence[str] = (),
        **fields: object,
    ) -> Filled:
        """Prompt `name` and the rules, filled with `fields`.

        `material` (what learners and documents say) goes in as JSON, one key a line, between lines that carry a random
        key, so that nothing in it can end it or pass for a task. `findings` are what the last answer broke.
        """
        lines = [json.dumps({key: value}, ensure_ascii=False) for key, value in _lines(material)]
        # Half of a surrogate pair cannot be sent; whoever let it in has cleaned less than we need.
        text = "\n".join(lines).encode("utf-8", "replace").decode("utf-8")
        key = f"{rng.getrandbits(64):016x}"
        again = "\n".join(["Your last answer could not be used:", *(f"- {finding}" for finding in findings)])
        user = Template(self._texts[name]).substitute(
            fields, key=key, material=text, findings=again if findings else ""
        )
        system = Template(self._texts["rules"]).substitute(key=key, language=language)
        return Filled(system=system.strip(), user=user.strip())


def _lines(material: Mapping[str, object]) -> list[tuple[str, object]]:
    """`material` key by key; a list of things goes in as a line for each."""
    lines: list[tuple[str, object]] = []
    for key, value in material.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines.extend((key, each) for each in value)
        elif value not in ((), [], "", None):
            lines.append((key, value))
    return lines
