"""Brings the peer's packages into ``benchmarks/peer/node_modules``, from its lock, with npm and the system's Node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from benchmarks.table import NotMeasured

FOLDER = Path(__file__).parent / "peer"
_BINARY = FOLDER / "node_modules" / "better-sqlite3" / "build" / "Release" / "better_sqlite3.node"
_KEPT = FOLDER / "node_modules" / ".package-lock.json"
_PATIENCE = 600.0  # seconds; SQLite is compiled, which takes one or two minutes


class NoPeer(NotMeasured):
    """Why there is nothing to measure beside."""


def missing() -> str | None:
    """What of Node is not on this machine; None if everything is."""
    for name in ("node", "npm"):
        if shutil.which(name) is None:
            return f"{name} is not on the PATH: install Node.js 20 or newer"
    return None


def installed() -> bool:
    """Whether everything that the lock names is there, SQLite compiled."""
    if not (_KEPT.is_file() and _BINARY.is_file()):
        return False
    wanted = json.loads((FOLDER / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    found = json.loads(_KEPT.read_text(encoding="utf-8"))["packages"]
    return all(found.get(name, {}).get("version") == about["version"] for name, about in wanted.items() if name)


def install(say: Callable[[str], None]) -> None:
    """Install what is not there. Raises NoPeer."""
    if (lack := missing()) is not None:
        raise NoPeer(lack)
    if installed():
        return
    say("installing the peer's packages; SQLite is compiled, which takes a minute or two")
    command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(
            command, cwd=FOLDER, env=_environment(), capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise NoPeer(f"npm ci took more than {_PATIENCE:.0f} s") from None
    if done.returncode or not installed():
        raise NoPeer(f"npm ci failed in benchmarks/peer: {(done.stderr or done.stdout).strip()[-600:]}")


def versions() -> str:
    """What the peer consists of, for whoever reads the figures."""
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    packages = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return f"Node {node}, " + ", ".join(f"{name} {packages[name]}" for name in ("express", "better-sqlite3"))


def _environment() -> dict[str, str]:
    """Compile from source with the headers that came with Node: ready binaries are kept where a machine without the
    wide internet cannot get them."""
    given = {**os.environ, "npm_config_build_from_source": "true"}
    node = shutil.which("node")
    home = Path(node).resolve().parent.parent if node else None
    if home is not None and (home / "include" / "node" / "node.h").is_file():
        given["npm_config_nodedir"] = str(home)
    return given
