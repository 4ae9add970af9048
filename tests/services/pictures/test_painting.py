from __future__ import annotations

import asyncio
import struct
import zlib
from base64 import b64encode
from dataclasses import dataclass, replace
from io import BytesIO

import pytest
from aiohttp import web
from PIL import Image

from services.authors.model.wire import Usage
from services.authors.openai_images import MODEL, OpenAIImages
from services.authors.openai_moderation import OpenAIModerator
from services.authors.protocol import Payer
from services.clock import SystemClock
from services.errors import AuthorUnusable
from services.pictures.painting import Drawn, Painter, Subject, drawn_by, prompts_for, words_for
from services.pictures.received import NoPicture, kept_picture
from tests.kit.hurried_clock import HurriedClock
from tests.kit.studio import Studio, painted, photograph, refused, studio
from tests.services.authors.wire_kit import RecordingPurse

SUBJECT = Subject("Tides", "Why the sea rises and falls twice a day.", "A harbour in Brittany", "60 min", 7)
PAYER = Payer(3, 5)
CARD = Drawn(b"card", "Tides. 60 min")


@dataclass
class Easel:
    """A painter on a stub, with its purse."""

    painter: Painter
    purse: RecordingPurse
    stub: Studio

    async def picture(self) -> Drawn:
        return await self.painter.picture(SUBJECT, PAYER)


def easel(stub: Studio, *, seconds: float = 20.0, purse: RecordingPurse | None = None) -> Easel:
    clock, purse = HurriedClock(), purse or RecordingPurse()
    painter = Painter(
        images=OpenAIImages(api_key="k", clock=SystemClock(), base_url=stub.url),
        moderator=OpenAIModerator(api_key="k", clock=clock, base_url=stub.url),
        purse=purse,
        clock=clock,
        otherwise=drawn_by(lambda title, line, seed: (b"card", f"{title}. {line}")),
        seconds=seconds,
    )
    return Easel(painter, purse, stub)


async def test_a_picture_is_painted_on_the_subject_paid_for_and_kept_small() -> None:
    async with studio() as stub:
        stub.answers.append(painted(photograph(1536, 1024, "JPEG")))
        made = easel(stub)
        drawn = await made.picture()
    with Image.open(BytesIO(drawn.png)) as image:
        assert (image.format, image.size) == ("PNG", (1280, 720))
    assert len(drawn.png) < 700_000
    said = "An illustration without words, calm shapes and few colours: Tides. Why the sea rises and falls twice a day."
    assert drawn.words == said
    assert made.purse.reserved == [(PAYER, "openai", "picture")]
    assert made.purse.usages == [Usage(fresh=90, output=400)]
    body = stub.bodies[0]
    assert (body["model"], body["n"]) == (MODEL, 1)
    assert all(int(side) % 16 == 0 for side in body["size"].split("x"))
    assert "Brittany" in body["prompt"]
    assert stub.read == stub.prompts, "every prompt is looked at before it is sent"


async def test_what_is_declined_is_reworded_once_and_never_asked_for_again() -> None:
    for refusal in (
        refused(400, "image_generation_user_error", "moderation_blocked"),
        refused(400, "", "content_filter"),
    ):
        async with studio() as stub:
            stub.answers.append(refusal)
            made = easel(stub)
            drawn = await made.picture()
        assert drawn != CARD
        assert len(stub.prompts) == 2 == len(set(stub.prompts))
        assert made.purse.usages == [None, Usage(fresh=90, output=400)]


async def test_what_is_seen_is_told_in_the_words_of_who_wished_to_see_it() -> None:
    subject = replace(SUBJECT, cover="Un puerto con la marea baja y barcas sobre la arena.", language="es")
    async with studio() as stub:
        stub.answers.append(painted(photograph(), revised="A harbour at low tide."))
        drawn = await easel(stub).painter.picture(subject, PAYER)
    assert drawn.words == subject.cover
    assert subject.cover in stub.prompts[0], "it is what was asked for"


async def test_a_reworded_picture_is_told_as_what_it_is_then() -> None:
    said = {
        "en": ("A desk with a shell on it.", "A desk with a shell on it."),
        "es": (
            "A desk.",
            "Un bodegón de objetos cotidianos, sin palabras, para una lección sobre: Tides",
        ),
        "ar": ("", "طبيعة صامتة من أشياء يومية، بلا كلمات، لدرس عن: Tides"),
        "fi": ("", "Tides. Why the sea rises and falls twice a day."),
    }
    for language, (revised, words) in said.items():
        subject = replace(SUBJECT, cover="A harbour at low tide.", language=language)
        async with studio() as stub:
            stub.answers += [refused(400, "", "moderation_blocked"), painted(photograph(), revised=revised)]
            drawn = await easel(stub).painter.picture(subject, PAYER)
        assert drawn.words == words
        assert "harbour" not in stub.prompts[1]


async def test_declined_twice_it_is_a_card() -> None:
    async with studio() as stub:
        stub.answers += [refused(400, "", "moderation_blocked") for _ in range(2)]
        assert await easel(stub).picture() == CARD
    assert len(stub.prompts) == 2


async def test_a_flagged_prompt_is_not_sent() -> None:
    async with studio() as stub:
        stub.says = lambda text: ("violence",) if "Brittany" in text else ()
        drawn = await easel(stub).picture()
        assert drawn != CARD
        assert len(stub.prompts) == 1
        assert "Brittany" not in stub.prompts[0]
        stub.says = lambda text: ("violence",)
        assert await easel(stub).picture() == CARD
    assert len(stub.prompts) == 1


@pytest.mark.parametrize(
    ("answer", "calls", "settled"),
    [
        (lambda: refused(429, "rate_limit_error", None), 2, None),
        (lambda: refused(500, "server_error"), 2, None),
        (lambda: refused(429, "", "rate_limit_exceeded", **{"retry-after": "3600"}), 1, None),
        (lambda: refused(429, "insufficient_quota", "insufficient_quota"), 1, None),
        (lambda: refused(401, "", "invalid_api_key"), 1, None),
        (lambda: refused(404, "", "model_not_found"), 1, None),
        (lambda: web.Response(body=b"\x00garbage\xff" * 50), 1, 4000),
        (lambda: web.Response(body=b"[]"), 1, 4000),
        (lambda: web.json_response({"data": []}), 1, 4000),
        (lambda: web.json_response({"data": [{"url": "http://127.0.0.1/x.png"}]}), 1, 4000),
        (lambda: web.json_response({"data": [{"b64_json": "%%%"}]}), 1, 4000),
        (lambda: web.Response(body=b'{"data": [{"b64_json": "' + b"A" * 25_000_000 + b'"}]}'), 1, 4000),
        (lambda: painted(b"no picture"), 1, 400),
        (lambda: painted(b"GIF89a" + bytes(500)), 1, 400),
        (lambda: painted(b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"), 1, 400),
        (lambda: painted(photograph()[:-900]), 1, 400),
        (lambda: painted(photograph(kind="GIF")), 1, 400),
        (lambda: painted(photograph(64, 64)), 1, 400),
        (lambda: painted(photograph(colour=0)), 1, 400),
        (lambda: painted(photograph(2600, 300)), 1, 400),
    ],
    ids=[
        *("429", "500", "429 for an hour", "quota", "key", "model", "garbage", "a list", "nothing", "an address"),
        *("not base64", "huge", "no picture", "a broken GIF", "SVG", "cut off", "GIF", "tiny", "black", "a strip"),
    ],
)
async def test_whatever_comes_instead_of_a_picture_it_is_a_card(
    answer: object, calls: int, settled: int | None
) -> None:
    assert callable(answer)
    async with studio() as stub:
        stub.answers += [answer() for _ in range(4)]
        made = easel(stub)
        assert await made.picture() == CARD
    assert len(stub.prompts) == calls
    outputs = [usage.output if usage else None for usage in made.purse.usages]
    assert outputs == [settled] * calls


async def test_a_picture_that_takes_too_long_is_a_card_in_time() -> None:
    async with studio() as stub:
        stub.answers += [None, None, None]
        made = easel(stub, seconds=0.4)
        async with asyncio.timeout(5):
            assert await made.picture() == CARD
    assert [usage.output if usage else None for usage in made.purse.usages] == [4000], "nobody knows what it cost"


async def test_over_a_cap_nothing_is_asked_for() -> None:
    async with studio() as stub:
        made = easel(stub, purse=RecordingPurse(refuses=AuthorUnusable("cap_course")))
        assert await made.picture() == CARD
    assert stub.prompts == []


async def test_a_service_without_moderation_still_paints() -> None:
    async with studio() as stub:
        stub.moderation += [refused(404, "", None) for _ in range(2)]
        assert await easel(stub).picture() != CARD


def test_a_flood_of_pixels_is_refused_before_it_is_unpacked() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    flood = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
    with pytest.raises(NoPicture):
        kept_picture(flood + chunk(b"IEND", b""))


def test_what_came_with_a_picture_is_not_kept() -> None:
    out = BytesIO()
    with Image.open(BytesIO(photograph())) as image:
        exif = Image.Exif()
        exif[0x010E] = "secret words"
        image.save(out, "JPEG", exif=exif)
    kept = kept_picture(out.getvalue())
    assert b"secret" in out.getvalue()
    assert b"secret" not in kept
    assert b"eXIf" not in kept


def test_the_second_prompt_leaves_out_what_the_course_tells() -> None:
    first, second = prompts_for(SUBJECT)
    assert SUBJECT.description in first
    assert SUBJECT.description not in second
    assert SUBJECT.title in second


@pytest.mark.parametrize(
    "subject",
    [
        Subject("", "", "", "", 1),
        Subject("T" * 5000, "слово " * 2000, "x", "", 1),
        Subject("مقدمة\nسطر", "وصف", "", "", 1),
        Subject("T", "t", "", "", 1, "c\n" * 900),
    ],
)
def test_words_are_one_line_and_not_too_many(subject: Subject) -> None:
    assert len(words_for(subject)) <= 300
    assert "\n" not in words_for(subject)
    assert all(len(prompt) < 2_000 for prompt in prompts_for(subject))


def test_base64_of_a_picture_fits_the_bound() -> None:
    assert len(b64encode(bytes(16_000_000))) < 24_000_000
