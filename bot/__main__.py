"""The command line: ``python -m bot`` runs Lectern, ``health`` asks a running one how it is, ``backup`` copies its
database into a file, and ``restore`` puts such a file back."""

from __future__ import annotations

import asyncio
import os
import sys
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

from bot.logs import configure_logs
from bot.settings import Settings, SettingsError, load_settings

USAGE = "usage: python -m bot [run | health | backup FILE | restore FILE]"
ARGUMENTS = {"run": 0, "health": 0, "backup": 1, "restore": 1}


def main(arguments: list[str]) -> int:
    """Returns the exit status: 0 for a clean stop, 1 for what one sentence explains, 2 for a wrong command."""
    command = arguments[0] if arguments else "run"
    if ARGUMENTS.get(command) != len(arguments[1:]):
        print(USAGE, file=sys.stderr)
        return 2
    try:
        settings = load_settings(os.environ, Path(".env"))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    match command:
        case "health":
            return _health(settings)
        case "backup" | "restore":
            return _copied(command, settings, Path(arguments[1]))
        case _:
            return _run(settings)


def _run(settings: Settings) -> int:
    from bot.lifecycle import CannotStart, run

    configure_logs(settings.log_level, settings.log_format, settings.secrets)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(run(settings))
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _copied(command: str, settings: Settings, file: Path) -> int:
    from bot.backup import BackupFailed, run_backup, run_restore

    url = settings.database_url.get_secret_value()
    try:
        print(run_backup(url, file) if command == "backup" else run_restore(url, file, datetime.now(UTC)))
    except BackupFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # Windows has none
        return None
    return uvloop.Loop


def _health(settings: Settings) -> int:
    """For a container's health check: 0 if a Lectern with these settings can serve people."""
    host = "127.0.0.1" if settings.http_host in {"0.0.0.0", "::"} else settings.http_host  # noqa: S104 - compared
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.http_port}/health/ready"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            print(answer.read().decode())
    except OSError as error:
        print(f"Not ready: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
