"""The clock of the parsing process: parsing that stands still is ended by the system, wherever it is.

A file that is long may take long; one page of it, or a file without pages, may not. So the clock (of CPU time) is set
back after every page, and what a file makes a parser do in between has a few seconds.
"""

from __future__ import annotations

import signal

from services.documents.limits import STALL_SECONDS


def start() -> None:
    """End this process by SIGPROF after `STALL_SECONDS` of its own CPU time without `progress`."""
    signal.setitimer(signal.ITIMER_PROF, STALL_SECONDS)


def progress() -> None:
    """Set the clock back, if it runs: in the process that parses, and nowhere else."""
    if signal.getitimer(signal.ITIMER_PROF)[0] > 0:
        start()
