"""``python -m benchmarks [part …]`` measures what is promised about speed; exit 1 if any promise is missed."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks import checks, making, meanwhile, starting, tapping
from benchmarks.table import Line, render

Part = Callable[[Path, Callable[[str], None]], Awaitable[list[Line]]]
PARTS: dict[str, Part] = {
    "starting": starting.lines,
    "making": making.lines,
    "checks": checks.lines,
    "tapping": tapping.lines,
    "meanwhile": meanwhile.lines,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in PARTS]
    if unknown or platform.system() != "Linux":
        print(f"usage, on Linux: python -m benchmarks [{'|'.join(PARTS)}]", file=sys.stderr)
        return 2
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lectern-bench-") as scratch:
        found = asyncio.run(_measure(names or list(PARTS), Path(scratch)))
    load = os.getloadavg()[1]
    print(
        f"\n{os.cpu_count()} CPUs, load {load:.1f}, {time.monotonic() - begun:.0f} s; medians of interleaved rounds\n"
    )
    print(render(found))
    return 0 if all(one.kept for one in found) else 1


async def _measure(names: list[str], scratch: Path) -> list[Line]:
    found: list[Line] = []
    for name in names:
        found += await PARTS[name](scratch, lambda words: print(f"… {words}", file=sys.stderr, flush=True))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
