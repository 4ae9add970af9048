from __future__ import annotations

import asyncio
import time

import pytest

from services.documents import parse_document
from services.documents.limits import FILE_BYTES
from services.errors import DocumentRefused
from tests.services.documents.files import archive, pdf, word

LINE = "Bread is made of flour, water and salt, and it rises by yeast."


async def test_the_process_answers_as_the_parser_does() -> None:
    source = await parse_document("bread.docx", word(("Heading 1", "Flour"), ("Normal", LINE)))
    assert [(node.title, [one.text for one in node.passages]) for node in source.nodes] == [("Flour", [LINE])]


async def test_refusals_cross_the_border() -> None:
    for name, data, why in [
        ("a.pdf", b"MZ\x90\x00" * 400, "wrong_kind"),
        ("a.pdf", pdf([[]]), "no_text"),
        ("a.docx", archive(word__document=b"0" * 30_000_000), "swells"),
    ]:
        with pytest.raises(DocumentRefused) as caught:
            await parse_document(name, data)
        assert caught.value.why == why


async def test_size_is_refused_without_a_process() -> None:
    started = time.monotonic()
    for data, why in [(b"", "empty"), (b"x" * (FILE_BYTES + 1), "too_large")]:
        with pytest.raises(DocumentRefused) as caught:
            await parse_document("a.txt", data)
        assert caught.value.why == why
    assert time.monotonic() - started < 0.5


async def test_a_file_that_takes_too_long_is_given_up_and_the_loop_stays_free() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    text = ("word *word* [a](b) `c` " * 20 + "\n\n").encode() * 6000
    started = time.monotonic()
    with pytest.raises(DocumentRefused) as caught:
        await parse_document("a.md", text, seconds=0.6)
    ticking.cancel()
    assert caught.value.why == "too_long"
    assert time.monotonic() - started < 5
    assert ticks > 10


async def test_many_at_once() -> None:
    found = await asyncio.gather(*(parse_document(f"n{number}.txt", (LINE * 3).encode()) for number in range(5)))
    assert [source.title for source in found] == [f"N{number}" for number in range(5)]


async def test_a_cancelled_reading_leaves_no_process() -> None:
    reading = asyncio.create_task(parse_document("a.md", b"# A\n\n" + b"word *word* " * 100_000))
    await asyncio.sleep(0.2)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_a_hint_is_passed_on() -> None:
    assert (await parse_document("a.txt", b"Le pain est bon et la farine est blanche.", "fr")).language == "fr"
