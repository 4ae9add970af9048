from __future__ import annotations

import json
from typing import Any

import pytest

from bot.localchat import picture
from bot.localchat.engine import Engine
from bot.localchat.params import UploadedFile
from bot.localchat.people import LEARNER
from bot.localchat.seats import Seat
from tests.bot.localchat.conftest import Api, buttons, png

ME = LEARNER.id
MB = 2**20
PICTURE = UploadedFile("a.png", png(640, 480), "image/png")
NOTES = UploadedFile("notes.md", b"# Notes", "text/markdown")


async def send(engine: Engine, kind: str, file: UploadedFile, **params: Any) -> Any:
    status, body = await engine.call(f"send{kind}", {"chat_id": ME} | params, {kind: file})
    assert status == 200, body
    return body["result"]


async def refusal(engine: Engine, method: str, files: dict[str, UploadedFile], **params: Any) -> tuple[int, str]:
    status, body = await engine.call(method, {"chat_id": ME} | params, files)
    return status, str(body.get("description"))


async def test_a_photo_has_its_size_and_can_be_fetched(engine: Engine, api: Api) -> None:
    sent = await send(engine, "photo", PICTURE, caption="<i>c</i>", parse_mode="HTML")
    (photo,) = sent["photo"]
    assert (photo["width"], photo["height"], photo["file_size"]) == (640, 480, len(PICTURE.body))
    assert (sent["caption"], sent["caption_entities"][0]["type"]) == ("c", "italic")
    about = await api.ok("getFile", file_id=photo["file_id"])
    assert await engine.file(about["file_path"]) == PICTURE.body


async def test_a_document_keeps_its_name_and_is_sent_again_by_its_id(engine: Engine, api: Api) -> None:
    document = (await send(engine, "document", NOTES))["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == ("notes.md", "text/markdown", 7)
    again = await api.ok("sendDocument", chat_id=ME, document=document["file_id"], caption="again")
    assert again["document"] == document


async def test_files_may_come_under_another_name(engine: Engine) -> None:
    status, body = await engine.call("sendDocument", {"chat_id": ME, "document": "attach://x1"}, {"x1": NOTES})
    assert (status, body["result"]["document"]["file_name"]) == (200, "notes.md")


@pytest.mark.parametrize(
    ("method", "files", "params", "status", "words"),
    [
        ("sendDocument", {}, {}, 400, "Bad Request: there is no document in the request"),
        ("sendDocument", {}, {"document": "attach://x"}, 400, "Bad Request: there is no document in the request"),
        ("sendDocument", {}, {"document": "abc"}, 400, "Bad Request: wrong file identifier/HTTP URL specified"),
        ("sendPhoto", {}, {"photo": "https://a.b/c.png"}, 400, "Bad Request: failed to get HTTP URL content"),
        ("sendDocument", {"document": UploadedFile("e", b"", "")}, {}, 400, "Bad Request: file must be non-empty"),
        ("sendPhoto", {"photo": NOTES}, {}, 400, "Bad Request: IMAGE_PROCESS_FAILED"),
        (
            "sendPhoto",
            {"photo": UploadedFile("p", png(9000, 1001), "")},
            {},
            400,
            "Bad Request: PHOTO_INVALID_DIMENSIONS",
        ),
        (
            "sendPhoto",
            {"photo": UploadedFile("p", png(2100, 100), "")},
            {},
            400,
            "Bad Request: PHOTO_INVALID_DIMENSIONS",
        ),
        ("sendPhoto", {"photo": PICTURE}, {"caption": "x" * 1025}, 400, "Bad Request: message caption is too long"),
        ("getFile", {}, {"file_id": "abc"}, 400, "Bad Request: wrong file_id or the file is temporarily unavailable"),
    ],
)
async def test_refusals(
    engine: Engine, method: str, files: dict[str, UploadedFile], params: dict[str, Any], status: int, words: str
) -> None:
    assert await refusal(engine, method, files, **params) == (status, words)


async def test_sizes(engine: Engine, api: Api, learner: Seat) -> None:
    big = UploadedFile("big", bytes(50 * MB + 1), "")
    assert await refusal(engine, "sendDocument", {"document": big}) == (413, "Request Entity Too Large")
    photo = UploadedFile("p.png", png(10, 10) + bytes(10 * MB), "image/png")
    assert await refusal(engine, "sendPhoto", {"photo": photo}) == (400, "Bad Request: file is too big")
    largest = await learner.send_document("fits.bin", bytes(20 * MB))
    over = await learner.send_document("over.bin", bytes(20 * MB + 1))
    assert (await api.ok("getFile", file_id=largest["document"]["file_id"]))["file_size"] == 20 * MB
    assert await api.error("getFile", file_id=over["document"]["file_id"]) == "Bad Request: file is too big"


async def test_a_photo_is_no_document(engine: Engine, api: Api) -> None:
    photo = (await send(engine, "photo", PICTURE))["photo"][0]["file_id"]
    assert (
        await api.error("sendDocument", chat_id=ME, document=photo)
        == "Bad Request: can't use file of type Photo as Document"
    )


async def test_text_becomes_a_photo_and_the_photo_another(engine: Engine, api: Api, learner: Seat) -> None:
    sent = await api.say("making…", reply_markup=buttons(["stop"]))
    where = {"chat_id": ME, "message_id": sent["message_id"]}
    media = {"type": "photo", "media": "attach://p", "caption": "<b>Ready</b>", "parse_mode": "HTML"}
    params = where | {"media": json.dumps(media), "reply_markup": buttons(["start"])}
    status, body = await engine.call("editMessageMedia", params, {"p": PICTURE})
    edited = body["result"]
    assert (status, edited["caption"], edited["photo"][0]["width"]) == (200, "Ready", 640)
    assert "text" not in edited
    assert edited["reply_markup"] == buttons(["start"])
    assert learner.messages() == [edited]
    same = {"type": "photo", "media": edited["photo"][0]["file_id"], "caption": "Ready"}
    changed = await api.ok("editMessageMedia", **where, media=same)
    assert "reply_markup" not in changed
    assert "caption_entities" not in changed
    assert "message is not modified" in await api.error("editMessageMedia", **where, media=same)


async def test_captions_and_texts_are_not_mixed_up(engine: Engine, api: Api) -> None:
    photo = await send(engine, "photo", PICTURE)
    text = await api.say()
    where = {"chat_id": ME, "message_id": photo["message_id"]}
    assert (
        await api.error("editMessageText", **where, text="x") == "Bad Request: there is no text in the message to edit"
    )
    assert (await api.ok("editMessageCaption", **where, caption="new"))["caption"] == "new"
    assert "caption" not in await api.ok("editMessageCaption", **where)
    other = {"chat_id": ME, "message_id": text["message_id"], "caption": "x"}
    assert await api.error("editMessageCaption", **other) == "Bad Request: there is no caption in the message to edit"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (png(3, 4), (3, 4)),
        (b"GIF89a" + (5).to_bytes(2, "little") + (6).to_bytes(2, "little"), (5, 6)),
        (b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x0b\x08\0\x07\0\x08\x01\x01\x11\0", (8, 7)),
        (b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x09\0\0\x0b\0\0", (10, 12)),
        (b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + (13 - 1 | (14 - 1) << 14).to_bytes(4, "little"), (13, 14)),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"\xff\xd8\xff\xe0", None),
        (b"\xff\xd8" + b"\xff" * 50, None),
        (b"", None),
        (b"%PDF-1.7", None),
    ],
)
def test_sizes_of_pictures(body: bytes, expected: tuple[int, int] | None) -> None:
    assert picture.size(body) == expected
