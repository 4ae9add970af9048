"""Reading a stranger's document without trusting it: another process parses it, with little time and memory."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from contextlib import suppress
from pathlib import Path
from weakref import WeakKeyDictionary

import services
from services.authors.protocol import Source
from services.documents.codec import source_from_data
from services.documents.limits import ANSWER_BYTES, PARSE_SECONDS, PARSERS_AT_ONCE
from services.documents.parse import check_size
from services.errors import DocumentRefused

_OUT_OF_TIME = frozenset({-signal.SIGPROF, -signal.SIGXCPU})

# One gate per event loop, so that many uploads at once cannot fill the machine.
_gates: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def parse_document(
    name: str, data: bytes, language_hint: str | None = None, *, seconds: float = PARSE_SECONDS
) -> Source:
    """Parse the file called `name` in a process of its own, which is ended after `seconds` of wall clock.

    Its kind is decided by its bytes. `language_hint` (ISO 639-1) decides where the script does not. Raises
    `DocumentRefused`: ``empty``, ``too_large``, ``swells``, ``wrong_kind``, ``encrypted``, ``broken``, ``no_text``,
    ``too_long`` (or took too long).
    """
    check_size(data)
    async with _gates.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(PARSERS_AT_ONCE)):
        answer = await _run(json.dumps({"name": name, "hint": language_hint}).encode() + b"\n" + data, seconds)
    return await asyncio.to_thread(_understood, answer)


async def _run(request: bytes, seconds: float) -> bytes:
    root = str(Path(services.__file__).parent.parent)
    # An environment of its own: the bot's holds the token and the keys.
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.documents.worker",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        cwd=root, env={"PYTHONPATH": root, "PYTHONUTF8": "1"},
    )  # fmt: skip
    try:
        async with asyncio.timeout(seconds):
            answer = await _answer(process, request)
    except TimeoutError as error:
        raise DocumentRefused("too_long") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise DocumentRefused("too_long" if process.returncode in _OUT_OF_TIME else "broken")
    return answer


async def _answer(process: asyncio.subprocess.Process, request: bytes) -> bytes:
    """What the process says, as long as it says no more than it may. It reads all before it says anything."""
    taking, giving = process.stdin, process.stdout
    if taking is None or giving is None:
        raise DocumentRefused("broken")
    with suppress(ConnectionError):  # it may have been ended while it was still reading
        taking.write(request)
        await taking.drain()
    taking.close()
    answer = bytearray()
    while part := await giving.read(1 << 16):
        answer += part
        if len(answer) > ANSWER_BYTES:
            raise DocumentRefused("too_long")
    await process.wait()
    return bytes(answer)


def _understood(answer: bytes) -> Source:
    try:
        data = json.loads(answer)
    except ValueError as error:
        raise DocumentRefused("broken") from error
    if "refused" in data:
        raise DocumentRefused(*data["refused"])
    return source_from_data(data["source"])
