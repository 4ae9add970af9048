"""The process that parses one document: a JSON line and the bytes come in, one JSON object goes out.

What the file makes a parser do (run away, eat memory, crash) ends with this process. It is started with an environment
that holds no secrets.
"""

from __future__ import annotations

import json
import os
import sys
import warnings

from services.documents import stalling
from services.documents.limits import PARSE_MEMORY_BYTES, PARSE_SECONDS


def restrict() -> None:
    """Lower this process's own limits, for good: CPU seconds (in all, and without progress), memory of its own, no
    files written, no core."""
    import resource

    seconds = int(PARSE_SECONDS)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (PARSE_MEMORY_BYTES, PARSE_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)
    stalling.start()


def main() -> None:
    """Answer ``{"source": …}`` or ``{"refused": [why, detail]}``; any other fault ends the process with a traceback."""
    if os.name == "posix":
        restrict()
    warnings.simplefilter("ignore")
    header = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()

    from services.documents.codec import source_to_data
    from services.documents.parse import parse
    from services.errors import DocumentRefused

    try:
        answer: dict[str, object] = {"source": source_to_data(parse(header["name"], data, header["hint"]))}
    except DocumentRefused as refusal:
        answer = {"refused": [refusal.why, refusal.detail]}
    except MemoryError:
        answer = {"refused": ["swells", ""]}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
