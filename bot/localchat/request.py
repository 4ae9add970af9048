"""python-telegram-bot's way to the Bot API, answered inside this process by the engine."""

from __future__ import annotations

import asyncio
import json
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from bot.localchat.engine import Engine
from bot.localchat.params import UploadedFile


class LocalRequest(BaseRequest):
    """Give one to `ApplicationBuilder.request` and `.get_updates_request`; everything else stays as it is."""

    __slots__ = ("_engine",)

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def read_timeout(self) -> float | None:
        """None: nothing is on a wire here."""
        return None

    async def initialize(self) -> None:
        """Nothing to open: whoever made the engine owns it."""

    async def shutdown(self) -> None:
        """Nothing to close: whoever made the engine owns it."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body for `…/bot<token>/<method>` (POST) or `…/file/bot<token>/<path>` (GET)."""
        path = urlsplit(url).path
        if method == "GET":
            body = await self._engine.file(unquote(path.split("/file/", 1)[-1].split("/", 1)[-1]))
            return (404, b'{"ok":false,"error_code":404,"description":"Not Found"}') if body is None else (200, body)
        params = request_data.json_parameters if request_data else {}
        files = await _files(request_data) if request_data and request_data.contains_files else {}
        status, answer = await self._engine.call(path.rsplit("/", 1)[-1], dict(params), files)
        return status, json.dumps(answer).encode()


async def _files(data: RequestData) -> dict[str, UploadedFile]:
    found: dict[str, UploadedFile] = {}
    for name, part in (data.multipart_data or {}).items():
        file_name, content, mime = part
        body = content if isinstance(content, bytes) else await asyncio.to_thread(_read, content)
        found[name] = UploadedFile(str(file_name), body, str(mime))
    return found


def _read(source: IO[bytes] | Any) -> bytes:
    body = source.read()
    if not isinstance(body, bytes):
        raise NetworkError("a file to send must be opened in binary mode")
    return body
