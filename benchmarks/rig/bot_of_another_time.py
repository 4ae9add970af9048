"""``python -m benchmarks.rig.bot_of_another_time``: the whole bot by a wall clock that is as many seconds ahead as the
file ``ahead`` in its data folder says, now and each time that it is asked."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime, timedelta
from pathlib import Path

import uvloop

from bot.lifecycle import run
from bot.logs import configure_logs
from bot.settings import load_settings
from services.clock import SystemClock


class JumpingClock(SystemClock):
    """The machine's, but for the wall."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        """As the file says."""
        try:
            ahead = float(self._file.read_text() or 0)
        except FileNotFoundError:
            ahead = 0.0
        return super().now() + timedelta(seconds=ahead)


def main() -> None:
    settings = load_settings(os.environ, None)
    configure_logs(settings.log_level, settings.log_format, settings.secrets)
    with asyncio.Runner(loop_factory=uvloop.Loop) as runner:
        runner.run(run(settings, JumpingClock(settings.data_dir / "ahead")))


if __name__ == "__main__":
    main()
