"""`make run` as a newcomer does it: a fresh clone, an environment from the run lock alone, a page that answers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
INSTALLING = 300.0  # seconds for the first start, packages included
STOPPING = 8.0


def answers(url: str, process: subprocess.Popen[bytes], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as page:
                return bool(page.status == 200)
        except OSError:
            time.sleep(0.1)
    return False


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="NOT TESTED: the first start needs a git checkout to clone")
def test_make_run_in_a_fresh_clone_serves_the_chat_twice(tmp_path: Path, free_port: int) -> None:
    clone = tmp_path / "lectern"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    ours = {"VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    environment = {name: value for name, value in os.environ.items() if name not in ours and "PYTEST" not in name}
    environment |= {"HTTP_PORT": str(free_port), "DATA_DIR": str(tmp_path / "data")}
    make = shutil.which("make")
    assert make is not None
    for seconds in (INSTALLING, 15.0):
        with (tmp_path / "log").open("wb") as log:
            process = subprocess.Popen([make, "run"], cwd=clone, env=environment, stdout=log, stderr=log)
        try:
            assert answers(f"http://127.0.0.1:{free_port}/", process, seconds), (tmp_path / "log").read_text()
            stop = time.monotonic()
            subprocess.run(["pkill", "-TERM", "-P", str(process.pid)], check=True)
            process.wait(STOPPING)
            assert time.monotonic() - stop < STOPPING
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
    assert not (clone / ".venv" / "bin" / "pytest").exists()
