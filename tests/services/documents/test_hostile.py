"""Files that mean harm: each is refused with a code or read safely, within 5 s of work and 300 MB of memory.

Each is parsed below a small process of its own, because what a process's children took can only be told of all of them
together, and what they inherit from a large one is counted as theirs.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.authors.protocol import Source
from services.documents.codec import source_from_data
from services.documents.limits import FILE_BYTES
from tests.kit.hostile_files import FILES, MARK, ORDER

CPU_SECONDS = 5.0
MEMORY_KB = 300 * 1024
_CHILD = """
import asyncio, json, resource, sys
from services.documents.codec import source_to_data
from services.documents.reader import parse_document
from services.errors import DocumentRefused
with open(sys.argv[2], "rb") as file:
    data = file.read()
try:
    end, source = "read", source_to_data(asyncio.run(parse_document(sys.argv[1], data, seconds=120)))
except DocumentRefused as refused:
    end, source = refused.why, None
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([end, source, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""


@dataclass(frozen=True)
class Ended:
    """What became of a file: its end, what was read of it, what that took (seconds of CPU, kilobytes)."""

    end: str
    source: Source | None
    seconds: float
    kilobytes: int


def parsed(name: str, data: bytes, folder: Path) -> Ended:
    """What becomes of `data` where the bot's own way of parsing is used on it."""
    path = folder / "file"
    path.write_bytes(data)
    command = [sys.executable, "-c", _CHILD, name, str(path)]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=150, check=True)
    end, source, seconds, kilobytes = json.loads(shown.stdout)
    return Ended(end, source and source_from_data(source), seconds, kilobytes)


@pytest.mark.parametrize("case", FILES)
def test_a_hostile_file_does_no_harm(tmp_path: Path, case: str) -> None:
    file = FILES[case]
    data = file.make()
    assert len(data) <= FILE_BYTES, "else its size alone refuses it"
    found = parsed(file.name, data, tmp_path)
    assert found.end in file.ends
    assert found.seconds <= CPU_SECONDS
    assert found.kilobytes <= MEMORY_KB
    if found.source is not None:
        text = "".join(passage.text for node in found.source.nodes for passage in node.passages)
        assert MARK not in text, "a file of the machine was read"
        assert not set(text) & set("\0\x07\u202e\u2066\u200b\ufffe\ufeff"), "what misleads is gone"


@pytest.mark.parametrize("case", ["hidden orders", "hidden orders in a PDF"])
def test_hidden_orders_are_text_like_any_other(tmp_path: Path, case: str) -> None:
    file = FILES[case]
    found = parsed(file.name, file.make(), tmp_path)
    assert found.source is not None
    assert ORDER.split(",")[0] in "".join(passage.text for node in found.source.nodes for passage in node.passages)
