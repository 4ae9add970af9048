"""The peer that the sidecar is measured beside: pinned, without anybody's addresses, and doing what ours does."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from benchmarks import peer_install
from benchmarks.peer_install import FOLDER

COURSE: dict[str, Any] = {
    "id": 7,
    "title": "Sourdough",
    "lessons": [
        {"id": 1, "title": "One", "sections": [{"id": n, "title": f"S{n}", "minutes": 5, "body": ""} for n in (1, 2)]},
        {"id": 2, "title": "Two", "sections": [{"id": n, "title": f"S{n}", "minutes": 5, "body": ""} for n in (3, 4)]},
    ],
}
_STEPS = """
const progress = require(process.argv[1]);
const { course, sections } = JSON.parse(process.argv[2]);
const outline = progress.outline(course);
const document = progress.begin(1, course.id);
const at = new Date('2026-01-05T08:00:00Z');
const told = sections.map(([lesson_id, section_id]) =>
  progress.complete(document, outline, { lesson_id, section_id, time_spent: 60 }, at));
console.log(JSON.stringify({ told, document }));
"""


def _locked() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return found


def test_every_package_is_pinned_with_its_checksum_and_no_address() -> None:
    wanted = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = _locked()
    assert locked[""]["dependencies"] == wanted
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    for name, about in locked.items():
        assert "resolved" not in about
        assert not name or about["integrity"].startswith("sha512-")


def test_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert peer_install.missing() == "node is not on the PATH: install Node.js 20 or newer"
    with pytest.raises(peer_install.NoPeer, match="node is not on the PATH"):
        peer_install.install(lambda _words: None)


def _done(*sections: tuple[int, int]) -> dict[str, Any]:
    given = json.dumps({"course": COURSE, "sections": sections})
    command = ["node", "-e", _STEPS, str(FOLDER / "progress.js"), given]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    found: dict[str, Any] = json.loads(told)
    return found


@pytest.fixture
def node() -> None:
    """Node is no part of what CI brings: without it the peer is not tested, and we say so."""
    if shutil.which("node") is None:
        pytest.skip("THE BENCHMARK'S PEER IS NOT TESTED: there is no Node.js on this machine")


@pytest.mark.usefixtures("node")
def test_its_document_keeps_a_completion_once() -> None:
    found = _done((1, 1), (1, 2), (1, 1), (2, 2), (2, 3))
    assert [one["status"] for one in found["told"]] == [200, 200, 409, 404, 200]
    assert [one["section_id"] for one in found["document"]["completed"]] == [1, 2, 3]
    first, second, earlier, _, third = (one["body"] for one in found["told"])
    assert [one["progress"]["percent"] for one in (first, second, third)] == [25, 50, 75]
    assert second["achievements"] == [{"kind": "lesson", "lesson_id": 1}, {"kind": "half", "lesson_id": None}]
    assert earlier["seconds"] == 60
    assert third["next"]["section_id"] == 4
    assert third["progress"]["velocity"] == 60.0
