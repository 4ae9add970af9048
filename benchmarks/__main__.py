"""``python -m benchmarks [part …]`` measures what is promised about speed; exit 1 if any promise is missed or not
measured."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks import checks, day, grown, making, meanwhile, rigged, sidecar, starting, tapping
from benchmarks.table import Line, NotMeasured, render

Part = Callable[[Path, Callable[[str], None]], Awaitable[list[Line]]]
PARTS: dict[str, Part] = {
    "starting": starting.lines,
    "making": making.lines,
    "checks": checks.lines,
    "tapping": tapping.lines,
    "meanwhile": meanwhile.lines,
    "sidecar": sidecar.lines,
    "rig": rigged.lines,
    "grown": grown.lines,
    "day": day.lines,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in PARTS]
    if unknown or platform.system() != "Linux":
        print(f"usage, on Linux: python -m benchmarks [{'|'.join(PARTS)}]", file=sys.stderr)
        return 2
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lectern-bench-") as scratch:
        found, left_out = asyncio.run(_measure(names or list(PARTS), Path(scratch)))
    load = os.getloadavg()[1]
    print(
        f"\n{os.cpu_count()} CPUs, load {load:.1f}, {time.monotonic() - begun:.0f} s; medians of interleaved rounds\n"
    )
    print(render(found))
    for words in left_out:
        print(f"\nNOT MEASURED: {words}")
    return 0 if all(one.kept for one in found) and not left_out else 1


async def _measure(names: list[str], scratch: Path) -> tuple[list[Line], list[str]]:
    """What was found, and why parts are left out."""
    found: list[Line] = []
    left_out: list[str] = []
    for name in names:
        try:
            found += await PARTS[name](scratch, lambda words: print(f"… {words}", file=sys.stderr, flush=True))
        except NotMeasured as error:
            left_out.append(f"{name}: {error}")
    return found, left_out


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
