"""A stub of the model providers over real HTTP: the far side of the wire, with pace, faults, accounts and a log.

It speaks as Anthropic's Messages API under ``stub.url`` and as chat completions under ``stub.openai_url``. In a test:
``async with model_server() as stub: claude_provider(base_url=stub.url, …)``. In a process of its own, for tests that
kill the bot and for benchmarks: ``python -m tests.kit.model_server --port 0 --log calls.jsonl``, which prints its
address.
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
from typing import Any, Protocol

from aiohttp import web

from tests.kit import model_answers, model_wire
from tests.kit.model_cache import Account, PromptCache
from tests.kit.model_dialect import Dialect, Reply
from tests.kit.model_faults import IN_STREAM, ODD_ANSWERS, REFUSALS, SILENT, WRONG_CONTENT, Fault, Kind, Script
from tests.kit.model_wire import Claude
from tests.kit.model_wire_openai import OpenAI
from tests.kit.studio import Studio

__all__ = ["Call", "Fault", "ModelServer", "Pace", "model_server"]
_OF_LESSONS = frozenset({"body", "quiz", "repair", "lesson"})
_BODIES = 0.75  # of a lesson's tokens; the rest are its questions


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

    def writing(self, asked: model_answers.Asked, text: str) -> float:
        """Real seconds from the first token to the last of `text`."""
        return self.tokens(asked, text) / self.tokens_per_second * self.scale if self.tokens_per_second else 0.0

    def tokens(self, asked: model_answers.Asked, text: str) -> float:
        """How many tokens `text` is taken for; a lesson of which fewer sections are asked for takes fewer."""
        sections = max(1, len(asked.data.get("section", [])), len(asked.sections))
        of_lesson = self.lesson_tokens * len(asked.sections) / sections
        shares: dict[str, float] = {
            "proposal": self.proposal_tokens,
            "plan": self.plan_tokens,
            "lesson": of_lesson,
            "body": of_lesson * _BODIES,
            "quiz": self.lesson_tokens * (1 - _BODIES) / max(asked.size[1], 1),
        }
        return shares.get(asked.kind, len(text) / 4)


@dataclass
class Call:
    """One request as it was answered. `lesson` and `sections` are 0-based; `at` is `time.time()`; `ended` is
    ``complete``, the name of a fault, ``gone`` (the client left first), or empty while it is being answered. `account`
    is what its input cost, once the answer began, `client` who asked (empty if its address does not say)."""

    step: int
    kind: Kind
    course: str
    lesson: int | None
    sections: tuple[int, ...]
    model: str
    at: float
    body: dict[str, Any]
    provider: str = "claude"
    ended: str = ""
    account: Account | None = None
    client: str = ""


class Witness(Protocol):
    """Sees every call."""

    async def before(self, call: Call) -> None:
        """A request has come and counts for nothing yet; it is answered once this returns."""
        ...

    def after(self, call: Call) -> None:
        """Its last word has just been sent, or whoever asked has gone."""
        ...


class ModelServer:
    """The stub: set `pace` and `characters` (of a section's text) at will, `fail` to script faults, read `calls`. Where
    it `says` something, that is its answer to everything; `solves` is how a second reader solves questions (prompt and
    options; the number of one, from 1). `studio` is where it paints and moderates.

    `offered` are the models on its lists (some `retired`), `aliases` those that it knows besides, `unknown_models`
    those that it refuses, and `openai.lacks` is what it cannot do. ``<url>/<client>`` is its address for whoever is to
    be told apart; a `witness` sees their calls, and may hold them."""

    def __init__(self, *, pace: Pace | None = None, characters: int = 700, log: Path | None = None) -> None:
        self.pace = pace or Pace()
        self.characters = characters
        self.says = ""
        self.solves: Callable[[str, list[str]], int] = lambda prompt, options: 1
        self.studio = Studio()
        self.url = ""
        self.calls: list[Call] = []
        self.offered = {
            "claude": ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5"],
            "openai": ["gpt-6.2-sol", "gpt-6-luna"],
        }
        self.retired: set[str] = set()
        self.aliases: set[str] = set()
        self.unknown_models: set[str] = set()
        self.pings = 0
        self.most_at_once = 0
        self.claude = Claude(PromptCache(self.pace.scale))
        self.openai = OpenAI(PromptCache(self.pace.scale))
        self.witness: Witness | None = None
        self._log = log
        self._changed = asyncio.Event()
        self._script = Script()
        self._now = 0
        self.app = web.Application(client_max_size=64 * 1024 * 1024)
        for at in ("", "/{client}"):
            self.app.router.add_post(f"{at}/v1/messages", self._messages)
            self.app.router.add_get(f"{at}/v1/models", self._models)
            self.app.router.add_get(f"{at}/v1/models/{{model}}", self._models)
        self.app.router.add_post("/v1/chat/completions", self._completions)
        self.studio.add_to(self.app)

    @property
    def openai_url(self) -> str:
        """The base address of the service that speaks chat completions."""
        return f"{self.url}/v1"

    def fail(self, *faults: Fault) -> None:
        """Add to the script of faults; the first that fits a call happens to it."""
        for fault in faults:
            self._script.add(fault)

    def forgive(self) -> None:
        """Drop the faults that are still to come."""
        self._script.waiting.clear()

    def asked(self, kind: Kind, lesson: int | None = None) -> list[tuple[int, ...]]:
        """The sections asked for in each call of `kind` (about `lesson`), in order: one entry a call."""
        kinds = _OF_LESSONS if kind == "lesson" else {kind}
        return [call.sections for call in self.calls if call.kind in kinds and lesson in {None, call.lesson}]

    def cached_share(self, kinds: frozenset[Kind] = frozenset({"body", "quiz", "repair"}), after: int = 0) -> float:
        """Which part of the input of calls of `kinds`, about lessons from number `after` (0-based) on, was cached."""
        counted = [
            call.account
            for call in self.calls
            if call.account and call.kind in kinds and call.lesson is not None and call.lesson >= after
        ]
        return sum(each.cached for each in counted) / max(1, sum(each.all for each in counted))

    async def until(self, holds: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait until `holds`, looked at whenever a call begins or ends; `TimeoutError` after `seconds`."""
        async with asyncio.timeout(seconds):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    async def _models(self, request: web.Request) -> web.StreamResponse:
        self.pings += 1
        dialect: Dialect = self.claude if "anthropic-version" in request.headers else self.openai
        if fault := self._script.take("models", None, self.pings, dialect.name):
            if fault.name in {"hang", "hang_before"}:
                await asyncio.sleep(60)
            return dialect.refused(fault)
        known = [each for each in self.offered[dialect.name] if each not in self.unknown_models]
        model = request.match_info.get("model")
        if model and model not in {*known, *self.aliases}:
            return dialect.refused(Fault("retired"))
        if dialect is self.openai:
            return web.json_response({"object": "list", "data": [{"id": each, "object": "model"} for each in known]})
        listed = [model_wire.model_info(each, retired=each in self.retired) for each in ([model] if model else known)]
        if model:
            return web.json_response(listed[0])
        return web.json_response({"data": listed, "has_more": False, "first_id": None, "last_id": None})

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        return await self._called(request, self.claude)

    async def _completions(self, request: web.Request) -> web.StreamResponse:
        return await self._called(request, self.openai)

    async def _called(self, request: web.Request, dialect: Dialect) -> web.StreamResponse:
        body = await request.json()
        asked = model_answers.understand(dialect.understood(body))
        call = Call(
            step=len(self.calls) + 1,
            kind=asked.kind,
            course=asked.course,
            lesson=asked.lesson,
            sections=asked.sections,
            model=body.get("model", ""),
            at=time.time(),
            body=body,
            provider=dialect.name,
            client=request.match_info.get("client", ""),
        )
        if self.witness is not None:
            await self.witness.before(call)
            call.step, call.at = len(self.calls) + 1, time.time()
        self.calls.append(call)
        self._write(call)
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            response, call.ended = await self._answered(request, asked, call, dialect)
        finally:
            call.ended = call.ended or "gone"
            self._now -= 1
            self._write(call)
            if self.witness is not None:
                self.witness.after(call)
        return response

    async def _answered(
        self, request: web.Request, asked: model_answers.Asked, call: Call, dialect: Dialect
    ) -> tuple[web.StreamResponse, str]:
        if complaint := dialect.complaint(call.body):
            return dialect.refused(Fault("bad_request"), complaint), "bad_request"
        if call.model in self.unknown_models:
            return dialect.refused(Fault("retired")), "retired"
        fault = self._script.take(asked.kind, asked.lesson, call.step, dialect.name)
        name = fault.name if fault else ""
        if fault and name in REFUSALS:
            return dialect.refused(fault), name
        wrong = name if name in WRONG_CONTENT else None
        text = self.says or await asyncio.to_thread(self._text, asked, wrong)
        await asyncio.sleep(self.pace.wait())
        call.account = dialect.account(call.body)
        reply = Reply(
            model=call.model,
            text=f"```json\n{text}\n```" if name == "fenced" else text,
            seconds=self.pace.writing(asked, text),
            account=call.account,
            tells_usage=name != "no_usage",
        )
        if not call.body.get("stream"):
            return web.json_response(dialect.whole(reply)), "complete"
        if fault and name in ODD_ANSWERS | SILENT:
            return await dialect.odd(request, reply, fault), name
        return await dialect.streamed(request, reply, fault if name in IN_STREAM else None), name or "complete"

    def _text(self, asked: model_answers.Asked, wrong: str | None) -> str:
        if asked.kind in {"solve", "judge", "guess"}:
            return model_answers.opinion(asked, self.solves)
        return model_answers.answer(asked, characters=self.characters, wrong=wrong)

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
