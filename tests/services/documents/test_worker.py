from __future__ import annotations

import json
import signal
import subprocess
import sys

from services.documents.limits import PARSE_MEMORY_BYTES, PARSE_SECONDS


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)


def test_the_worker_takes_its_own_limits() -> None:
    shown = run(
        "import json, resource as r\nfrom services.documents.worker import restrict\nrestrict()\n"
        "print(json.dumps([r.getrlimit(k) for k in (r.RLIMIT_CPU, r.RLIMIT_DATA, r.RLIMIT_FSIZE)]))"
    )
    assert json.loads(shown.stdout) == [[int(PARSE_SECONDS), int(PARSE_SECONDS) + 1], [PARSE_MEMORY_BYTES] * 2, [0, 0]]


def test_memory_beyond_the_limit_ends_it() -> None:
    greedy = run(
        "from services.documents.worker import restrict\nrestrict()\n"
        f"held = bytearray({PARSE_MEMORY_BYTES})\nprint('still here')"
    )
    assert greedy.returncode != 0
    assert "still here" not in greedy.stdout


def test_standing_still_ends_it_and_progress_does_not() -> None:
    code = "from services.documents import stalling, limits\nstalling.STALL_SECONDS = 0.5\nimport time\n{start}\n"
    loop = "end = time.process_time() + 2\nwhile time.process_time() < end: {inside}\nprint('done')"
    still = run(code.format(start="stalling.start()") + loop.format(inside="pass"))
    assert (still.returncode, still.stdout) == (-signal.SIGPROF, "")
    moving = run(code.format(start="stalling.start()") + loop.format(inside="stalling.progress()"))
    assert moving.stdout == "done\n"
    elsewhere = run(code.format(start="stalling.progress()") + loop.format(inside="pass"))
    assert elsewhere.stdout == "done\n", "where no clock runs, progress starts none"


def test_the_bot_itself_imports_no_parser() -> None:
    shown = run(
        "import sys, services.documents, services.authors.offline\n"
        "print([name for name in ('pypdf', 'mammoth', 'markdown_it', 'docx') if name in sys.modules])"
    )
    assert shown.stdout.strip() == "[]"


def test_the_worker_imports_no_database() -> None:
    shown = run("import sys, services.documents.worker\nprint('sqlalchemy' in sys.modules)")
    assert shown.stdout.strip() == "False"
