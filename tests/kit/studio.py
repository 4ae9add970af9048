"""The far side of pictures and moderation, over real HTTP: what OpenAI's endpoints answer, with faults on demand."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from aiohttp import web

Answer = Callable[[dict[str, Any]], web.StreamResponse]


def photograph(width: int = 1280, height: int = 720, kind: str = "PNG", colour: int | None = None) -> bytes:
    """A picture of many colours (or of one) in the given format."""
    from PIL import Image

    if colour is not None:
        image = Image.new("RGB", (width, height), (colour, colour, colour))
    else:
        image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
        image.paste((200, 80, 40), (width // 4, height // 4, width // 2, height // 2))
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


def painted(data: bytes, *, tells_usage: bool = True, revised: str | None = None) -> web.Response:
    """A picture as the service gives it, some with the prompt that it made of ours."""
    one = {"b64_json": b64encode(data).decode(), **({} if revised is None else {"revised_prompt": revised})}
    body: dict[str, Any] = {"created": 1, "data": [one]}
    if tells_usage:
        details = {"image_tokens": 0, "text_tokens": 90}
        body["usage"] = {"input_tokens": 90, "input_tokens_details": details, "output_tokens": 400, "total_tokens": 490}
    return web.json_response(body)


def refused(status: int, kind: str = "", code: str | None = None, **headers: str) -> web.Response:
    """An error in the service's own form."""
    body = {"error": {"message": "no", "type": kind, "param": None, "code": code}}
    return web.json_response(body, status=status, headers=headers)


@dataclass
class Studio:
    """`answers` to the next requests for pictures, one after another (None: hang), and a good one to all others.

    `says` decides on a text: the categories flagged in it; with `moderation` that is the answer to every request for
    moderation. `prompts` and `read` are what was asked."""

    url: str = ""
    answers: list[web.StreamResponse | None] = field(default_factory=list)
    says: Callable[[str], tuple[str, ...]] = lambda text: ()
    moderation: list[web.StreamResponse | None] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    looked: int = 0

    def add_to(self, app: web.Application) -> None:
        """Answer under ``/v1`` of `app`."""
        app.router.add_post("/v1/images/generations", self._image)
        app.router.add_post("/v1/moderations", self._moderation)

    async def _image(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.bodies.append(body)
        self.prompts.append(body["prompt"])
        if set(body) - {"model", "prompt", "n", "size", "quality"}:
            return refused(400, "invalid_request_error")
        if self.answers:
            return await _given(self.answers.pop(0))
        return painted(photograph())

    async def _moderation(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.looked += 1
        self.read += body["input"]
        if self.moderation:
            return await _given(self.moderation.pop(0))
        results = [self._result(self.says(text)) for text in body["input"]]
        return web.json_response({"id": "modr-1", "model": body["model"], "results": results})

    def _result(self, flagged: tuple[str, ...]) -> dict[str, Any]:
        names = ("harassment", "hate", "illicit", "self-harm", "sexual", "violence")
        categories = {name: name in flagged for name in {*names, *flagged}}
        return {"flagged": bool(flagged), "categories": categories, "category_scores": {}}


async def _given(answer: web.StreamResponse | None) -> web.StreamResponse:
    if answer is None:
        await asyncio.sleep(60)
        return refused(500)
    return answer


@asynccontextmanager
async def studio() -> AsyncIterator[Studio]:
    """A running studio on 127.0.0.1; its address ends in ``/v1``."""
    made, app = Studio(), web.Application(client_max_size=64 * 1024 * 1024)
    made.add_to(app)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield made
    finally:
        await runner.cleanup()
