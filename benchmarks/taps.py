"""One bot against the stub of Telegram: CPU a tap, and the time from a tap to its edited message."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.processes import cpu_seconds, environment, line, python, say

TOKEN = "1234567:benchmark-benchmark-benchmark-benchm"
Tap = tuple[int, str]


@dataclass(frozen=True)
class Run:
    """What one round found. `cpu` and times in milliseconds; `polls` and `calls` for each tap."""

    cpu: float
    p50: float
    p99: float
    polls: float
    calls: float


async def measure(
    bot: Sequence[str], taps: Sequence[Tap], *, rate: float, warm: Sequence[Tap], env: Mapping[str, str] | None = None
) -> Run:
    """Run ``python -m bot`` (in which {url} stands for the stub's address) and give it taps at `rate` a second.

    CPU is counted from the first tap until everything that follows from the last one is done."""
    async with python("benchmarks.telegram_stub") as stub:
        await say(stub, json.dumps({"warm": list(warm), "taps": list(taps), "rate": rate}))
        url = await line(stub)
        module, *arguments = (part.format(url=url) for part in bot)
        given = environment(**{name: value.format(url=url) for name, value in (env or {}).items()})
        async with python(module, *arguments, env=given) as process:
            assert await line(stub) == "ready"
            before = cpu_seconds(process.pid)
            await say(stub)
            found = json.loads(await line(stub, timeout=150))
            used = cpu_seconds(process.pid) - before
    took: list[float] = found["took"]
    count = len(took)
    return Run(
        cpu=used / count * 1000,
        p50=took[count // 2] * 1000,
        p99=took[min(count - 1, int(count * 0.99))] * 1000,
        polls=found["polls"] / count,
        calls=found["calls"] / count,
    )


async def noop(kind: str, taps: Sequence[Tap], *, rate: float) -> Run:
    """A round of the bot that keeps nothing: ``stock`` or ``backend``."""
    return await measure(["benchmarks.noop_bot", kind, "{url}"], taps, rate=rate, warm=taps[:30])


async def lectern(folder: str, taps: Sequence[Tap], *, rate: float, warm: Sequence[Tap], **settings: str) -> Run:
    """A round of Lectern itself, on the data in `folder`, with further `settings`."""
    env = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": "{url}",
        "TELEGRAM_MESSAGES_PER_SECOND": "0",  # what we can do is measured, not what Telegram takes
        "DATA_DIR": folder,
        "HTTP_PORT": "0",
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "WARNING",
        "PROGRESS_ITEMS_PER_WINDOW": "100000",  # a reader of the bench taps more than a person may
        **settings,
    }
    return await measure(["bot"], taps, rate=rate, warm=warm, env=env)
