"""Logs: everybody writes through the standard library, structlog lays it out, and no secret gets past."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import IO, Literal

import structlog
from structlog.typing import Processor

from bot.redaction import Redactor

# They log every request, with its address, headers or body; what is worth knowing of it our own code says.
CHATTY = ("aiosqlite", "httpx", "httpx2", "httpcore", "telegram", "aiohttp.access", "anthropic", "openai", "alembic")

_FAULTY = "A line of the log could not be written"


def configure_logs(
    level: str, fmt: Literal["console", "json"], secrets: Sequence[str] = (), stream: IO[str] | None = None
) -> None:
    """Send all logging to `stream` (standard error) in lines for people (``console``) or programs (``json``).

    `level` is a level's name. `secrets`, and whatever looks like a bot token or a key, are replaced in every message,
    argument and traceback, in uncaught exceptions too. May be called again; the last call counts."""
    target = sys.stderr if stream is None else stream
    redactor = Redactor(secrets)
    handler = _RedactingHandler(target, redactor)
    handler.setFormatter(_formatter(fmt, colours=target.isatty(), redactor=redactor))
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, _RedactingHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    sys.unraisablehook = _log_unraisable
    threading.excepthook = _log_thread


def _formatter(fmt: Literal["console", "json"], *, colours: bool, redactor: Redactor) -> logging.Formatter:
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,  # the name of the request that is being served
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    last: list[Processor]
    if fmt == "json":
        dumped = structlog.processors.JSONRenderer(ensure_ascii=False)
        last = [structlog.processors.format_exc_info, dumped]
    else:
        # The plain traceback, because the pretty one shows local variables.
        plain = structlog.dev.plain_traceback
        last = [structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=plain, pad_event_to=0)]
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    inner = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[remove_meta, *last])
    return _RedactingFormatter(inner, redactor)


class _RedactingFormatter(logging.Formatter):
    """Redacts the finished line: whatever way a secret came into it, it does not come out."""

    def __init__(self, inner: logging.Formatter, redactor: Redactor) -> None:
        super().__init__()
        self._inner = inner
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor(self._inner.format(record))


class _RedactingHandler(logging.StreamHandler[IO[str]]):
    """Also silent about secrets when a line fails: the standard library would print the arguments as they are."""

    def __init__(self, stream: IO[str], redactor: Redactor) -> None:
        super().__init__(stream)
        self._redactor = redactor

    def handleError(self, record: logging.LogRecord) -> None:
        fault = sys.exc_info()[1]
        place = f"{record.pathname}:{record.lineno}"
        line = self._redactor(f"{_FAULTY}: {place}: {record.msg!r}: {type(fault).__name__}: {fault}")
        try:
            self.stream.write(line.encode("ascii", "backslashreplace").decode("ascii") + self.terminator)
        except (OSError, ValueError):  # the stream itself is gone: there is nowhere left to say it
            return


def _log_uncaught(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, fault, trace)
        return
    logging.getLogger(__name__).critical("Stopped by a fault", exc_info=(kind, fault, trace))


def _log_unraisable(fault: sys.UnraisableHookArgs) -> None:
    trace = (fault.exc_type, fault.exc_value, fault.exc_traceback) if fault.exc_value else None
    logging.getLogger(__name__).error("Ignored a fault in %r", fault.object, exc_info=trace)


def _log_thread(fault: threading.ExceptHookArgs) -> None:
    trace = (fault.exc_type, fault.exc_value, fault.exc_traceback) if fault.exc_value else None
    logging.getLogger(__name__).error("A thread was stopped by a fault", exc_info=trace)
