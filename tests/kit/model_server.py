"""A stub of Anthropic's Messages API over real HTTP: the far side of the wire, with pace, faults and a log.

In a test: ``async with model_server() as stub: ClaudeAuthor(base_url=stub.url, …)``. In a process of its own, for
tests that kill the bot and for benchmarks: ``python -m tests.kit.model_server --port 0 --log calls.jsonl``, which
prints its address.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.kit import model_answers, model_wire
from tests.kit.model_faults import IN_STREAM, REFUSALS, WRONG_CONTENT, Fault, Kind, Script

__all__ = ["Call", "Fault", "ModelServer", "Pace", "model_server"]


@dataclass(frozen=True)
class Pace:
    """How fast the model is. All seconds are multiplied by `scale`; without `tokens_per_second` it answers at once."""

    first_token_seconds: float = 0.0
    tokens_per_second: float = 0.0
    proposal_tokens: int = 300
    plan_tokens: int = 1500
    lesson_tokens: int = 3000
    scale: float = 1.0

    def wait(self) -> float:
        """Real seconds to the first token."""
        return self.first_token_seconds * self.scale

    def writing(self, asked: model_answers.Asked) -> float:
        """Real seconds from the first token to the last; a lesson of which fewer sections are asked for takes less."""
        if not self.tokens_per_second:
            return 0.0
        of_lesson = len(asked.sections) / max(1, len(asked.data.get("section", [])))
        tokens = {"proposal": self.proposal_tokens, "plan": self.plan_tokens}.get(
            asked.kind, self.lesson_tokens * of_lesson
        )
        return tokens / self.tokens_per_second * self.scale


@dataclass
class Call:
    """One request as it was answered. `lesson` and `sections` are 0-based; `at` is `time.time()`; `ended` is
    ``complete``, the name of a fault, ``gone`` (the client left first), or empty while it is being answered."""

    step: int
    kind: Kind
    course: str
    lesson: int | None
    sections: tuple[int, ...]
    model: str
    at: float
    body: dict[str, Any]
    ended: str = ""


class ModelServer:
    """The stub: set `pace` and `characters` (of a section's text) at will, `fail` to script faults, read `calls`."""

    def __init__(self, *, pace: Pace | None = None, characters: int = 700, log: Path | None = None) -> None:
        self.pace = pace or Pace()
        self.characters = characters
        self.url = ""
        self.calls: list[Call] = []
        self.unknown_models: set[str] = set()
        self.pings = 0
        self.most_at_once = 0
        self._log = log
        self._changed = asyncio.Event()
        self._script = Script()
        self._now = 0
        self.app = web.Application(client_max_size=64 * 1024 * 1024)
        self.app.router.add_post("/v1/messages", self._messages)
        self.app.router.add_get("/v1/models", self._models)
        self.app.router.add_get("/v1/models/{model}", self._models)

    def fail(self, *faults: Fault) -> None:
        """Add to the script of faults; the first that fits a call happens to it."""
        for fault in faults:
            self._script.add(fault)

    def forgive(self) -> None:
        """Drop the faults that are still to come."""
        self._script.waiting.clear()

    def asked(self, kind: Kind, lesson: int | None = None) -> list[tuple[int, ...]]:
        """The sections asked for in each call of `kind` (about `lesson`), in order: one entry a call."""
        return [call.sections for call in self.calls if call.kind == kind and lesson in {None, call.lesson}]

    async def until(self, holds: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait until `holds`, looked at whenever a call begins or ends; `TimeoutError` after `seconds`."""
        async with asyncio.timeout(seconds):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    async def _models(self, request: web.Request) -> web.StreamResponse:
        self.pings += 1
        if fault := self._script.take("models", None, self.pings):
            if fault.name == "hang":
                await asyncio.sleep(60)
            return model_wire.refused(fault)
        model = request.match_info.get("model")
        if model in self.unknown_models:
            return model_wire.refused(Fault("retired"))
        known = [model_wire.model_info(model or each) for each in ("claude-opus-5-5", "claude-sonnet-5-5")]
        if model:
            return web.json_response(known[0])
        return web.json_response({"data": known, "has_more": False, "first_id": None, "last_id": None})

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        asked = model_answers.understand(body)
        call = Call(
            step=len(self.calls) + 1,
            kind=asked.kind,
            course=asked.course,
            lesson=asked.lesson,
            sections=asked.sections,
            model=body.get("model", ""),
            at=time.time(),
            body=body,
        )
        self.calls.append(call)
        self._write(call)
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            response, call.ended = await self._answered(request, asked, call)
        finally:
            call.ended = call.ended or "gone"
            self._now -= 1
            self._write(call)
        return response

    async def _answered(
        self, request: web.Request, asked: model_answers.Asked, call: Call
    ) -> tuple[web.StreamResponse, str]:
        if complaint := model_wire.complaint(call.body):
            return model_wire.error(400, "invalid_request_error", None, complaint), "bad_request"
        if call.model in self.unknown_models:
            return model_wire.refused(Fault("retired")), "retired"
        fault = self._script.take(asked.kind, asked.lesson, call.step)
        if fault and fault.name in REFUSALS:
            return model_wire.refused(fault), fault.name
        wrong = fault.name if fault and fault.name in WRONG_CONTENT else None
        text = await asyncio.to_thread(model_answers.answer, asked, characters=self.characters, wrong=wrong)
        await asyncio.sleep(self.pace.wait())
        if not call.body.get("stream"):
            return web.json_response(model_wire.message(call.model, text)), "complete"
        ended = fault.name if fault else "complete"
        if fault and fault.name not in IN_STREAM and not wrong:
            return await model_wire.odd_answer(request, call.model, fault), ended
        stop = fault if fault and not wrong else None
        return await model_wire.streamed(request, call.model, text, self.pace.writing(asked), stop), ended

    def _write(self, call: Call) -> None:
        self._changed.set()
        if self._log:
            with self._log.open("a", encoding="utf-8") as log:
                log.write(json.dumps(asdict(call), ensure_ascii=False) + "\n")


@asynccontextmanager
async def model_server(
    *faults: Fault, pace: Pace | None = None, characters: int = 700, log: Path | None = None, port: int = 0
) -> AsyncIterator[ModelServer]:
    """A running stub on 127.0.0.1; `port` 0 takes a free one."""
    stub = ModelServer(pace=pace, characters=characters, log=log)
    stub.fail(*faults)
    runner = web.AppRunner(stub.app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        stub.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield stub
    finally:
        await runner.cleanup()


async def _serve(options: argparse.Namespace) -> None:
    pace = Pace(
        first_token_seconds=options.first_token,
        tokens_per_second=options.tokens_per_second,
        plan_tokens=options.plan_tokens,
        lesson_tokens=options.lesson_tokens,
        scale=options.scale,
    )
    faults = [Fault(**json.loads(each)) for each in options.fault]
    async with model_server(
        *faults, pace=pace, characters=options.characters, log=options.log, port=options.port
    ) as stub:
        print(stub.url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="A stub of a model provider, on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument(
        "--log", type=Path, help="a file that gets a JSON line when a call arrives and one when it ends"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="factor on all seconds")
    parser.add_argument("--first-token", type=float, default=0.0, help="seconds")
    parser.add_argument("--tokens-per-second", type=float, default=0.0, help="0: at once")
    parser.add_argument("--plan-tokens", type=int, default=1500)
    parser.add_argument("--lesson-tokens", type=int, default=3000)
    parser.add_argument("--characters", type=int, default=700, help="the least length of a section's text")
    parser.add_argument("--fault", action="append", default=[], help='JSON, as {"name": "overloaded", "kind": "plan"}')
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
