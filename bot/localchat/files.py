"""Files: taken up, found again by their `file_id`, fetched by their path."""

from __future__ import annotations

import re
from pathlib import PurePath

from bot.localchat import limits, picture
from bot.localchat.limits import bad_request
from bot.localchat.params import Params, UploadedFile
from bot.localchat.state import State
from bot.localchat.store import Json

_FOLDERS = {"photo": "photos", "document": "documents", "voice": "voice", "sticker": "stickers"}


async def keep(state: State, kind: str, file: UploadedFile, about: Json | None = None, *, person: bool = False) -> Json:
    """Keep a new file of `kind` (photo, document, voice, sticker); Telegram's object for it, joined with `about`.

    Raises a 400 or 413 for sizes and pictures that Telegram refuses; a `person` may send an empty document.
    """
    if not (person and kind == "document" and not file.body):
        limits.check_size(len(file.body), photo=kind == "photo")
    shape = picture.size(file.body) if kind in {"photo", "sticker"} else None
    if kind == "photo":
        if shape is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        limits.check_photo(*shape)
    token = state.new_id()
    number = int(state.store.setting("files", 0)) + 1
    state.store.set("files", number)
    suffix = PurePath(file.name).suffix
    path = f"{_FOLDERS[kind]}/file_{number}{suffix if re.fullmatch(r'[.][A-Za-z0-9]{1,10}', suffix) else ''}"
    body: Json = {"file_id": f"LocalFile-{token}", "file_unique_id": f"u{number:07d}", "file_size": len(file.body)}
    if shape is not None:
        body |= {"width": shape[0], "height": shape[1]}
    if kind == "document":
        body |= {"file_name": file.name or "file", "mime_type": file.mime or "application/octet-stream"}
    body |= about or {}
    await state.blobs.put(path, file.body)
    state.store.add_upload(body["file_id"], path, kind, body)
    return body


async def taken(state: State, params: Params, kind: str, value: str, field: str) -> Json:
    """The file that a call means by `value`: uploaded as `field`, ``attach://name``, or the id of a kept file."""
    name = value.removeprefix("attach://") if value.startswith("attach://") else field
    if name in params.files and (not value or value.startswith("attach://")):
        return await keep(state, kind, params.files[name])
    if not value or value.startswith("attach://"):
        raise bad_request(f"there is no {kind} in the request")
    if re.match(r"https?://", value):
        raise bad_request("failed to get HTTP URL content")
    known = state.store.upload(value)
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if known[1] != kind:
        raise bad_request(f"can't use file of type {known[1].title()} as {kind.title()}")
    return known[2]


def content(kind: str, body: Json) -> Json:
    """What a message with that file says: photos come as a list of sizes."""
    return {kind: [body] if kind == "photo" else body}


async def get_file(state: State, params: Params) -> Json:
    """`getFile`: where a file can be fetched, if it is not too big."""
    known = state.store.upload(params.text("file_id"))
    if known is None:
        raise bad_request(limits.UNKNOWN_FILE)
    path, _, body = known
    if body["file_size"] > limits.DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {key: body[key] for key in ("file_id", "file_unique_id", "file_size")} | {"file_path": path}
