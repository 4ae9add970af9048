"""A whole course from a document, written by a model: what is asked for, read and quoted, kept as a transcript."""

from __future__ import annotations

import re
from pathlib import Path

from services.samples import sample_text
from tests.chat.scene import made, model_room
from tests.chat.transcript import Transcript, tapped
from tests.handlers.chat.room import Room
from tests.kit.chat import Shown
from tests.services.documents.files import pdf

ABOUT = (
    "The real bot, the real pipeline and a real PDF (the bundled text on tides, set in pages). The model is the stub\n"
    "of the tests: its prose says nothing, but every quote was looked for in the document by code before it was\n"
    "shown. Of each page the beginning is kept. `tests/chat/test_grounded.py` compares this at every run."
)
STANDS = re.compile(r"^“(.+?)(?: …)?” — page (\d+)$", re.MULTILINE)
WIDTH = 14  # words in a line of the PDF
LINES = 34
Line = tuple[str, int]  # a line of the PDF and the size of its letters; nothing is a gap


def lines() -> list[list[Line]]:
    """The sample on tides as pages of lines; headings are larger."""
    _, data = sample_text("tides")
    found: list[Line] = []
    for paragraph in data.decode().split("\n\n"):
        marks, _, rest = paragraph.partition(" ")
        size = {"#": 20, "##": 16, "###": 13}.get(marks, 10)
        words = (paragraph if size == 10 else rest).encode("latin-1", "replace").decode("latin-1").split()
        found += [(" ".join(words[at : at + WIDTH]), size) for at in range(0, len(words), WIDTH)] + [("", 10)]
    return [found[at : at + LINES] for at in range(0, len(found), LINES)]


async def read_through(transcript: Transcript, room: Room) -> list[Shown]:
    """Read the course from its first page to its last, as a learner does: the pages seen, of which the first and the
    last of each section are written down."""
    seen = [await tapped(transcript, room, "▶ Start", shortened=True)]
    for _ in range(200):
        buttons = room.screen.buttons
        onward = next((each for each in buttons if each.startswith(("▶ Next", "▶ Lesson", "▶ Begin"))), None)
        if "✅ Done" in buttons:
            await _done(transcript, room)
        elif "▶" in buttons:
            await room.tap("▶")
            seen.append(room.screen)
            if "✅ Done" in room.screen.buttons:
                transcript.did("turns the pages")
                transcript.saw(room.screen, shortened=True)
        elif onward is not None:
            seen.append(await tapped(transcript, room, onward, shortened=True))
        else:
            return seen
    raise AssertionError("the course has no end")


async def _done(transcript: Transcript, room: Room) -> None:
    before = room.screen.raw["message_id"]
    transcript.did("taps *✅ Done*")
    transcript.told(await room.tap("✅ Done"))
    if room.screen.raw["message_id"] != before:
        transcript.saw(room.screen)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip()


async def test_a_whole_grounded_course(tmp_path: Path) -> None:
    texts, transcript = lines(), Transcript("A course from a document", ABOUT)
    async with model_room(tmp_path) as (room, model):
        transcript.did(f"sends *tides.pdf*, {len(texts)} pages")
        await room.someone.seat.send_document("tides.pdf", pdf(texts, title="Tides"))
        transcript.saw(await room.someone.sees("How much do you know already?", timeout=30))
        await tapped(transcript, room, "Nothing yet")
        transcript.did("taps *4 h*")
        await room.tap("4 h")
        card = await room.someone.sees("You will be able to", button="Make this course")
        assert "The text is enough for about" in card.text
        transcript.saw(card)
        transcript.did("taps *Make this course*")
        await room.tap("Make this course")
        transcript.saw(await room.someone.sees("Your course is ready", timeout=60))
        await made(room.live)
        seen = await read_through(transcript, room)
        calls = [call for call in model.calls if call.kind in {"plan", "body", "quiz", "repair"}]
    quotes = [match for shown in seen for match in STANDS.finditer(shown.text)]
    assert len({quote for quote, _ in (match.groups() for match in quotes)}) >= 6
    for quote, page in (match.groups() for match in quotes):
        near = [line for each in texts[int(page) - 1 : int(page) + 1] for line, _ in each]
        assert _plain(quote) in _plain(" ".join(near)), "a quote stands where it says"
    told = [call.body["system"] for call in calls]
    assert all(any('{"passage": {"id": "p1"' in block["text"] for block in blocks) for blocks in told)
    transcript.told(f"{len(quotes)} quotes were shown; each stands on the page that it names.")
    transcript.compared("grounded.md")
