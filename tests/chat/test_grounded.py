"""A whole course from a document, written by a model: what is asked for, read and quoted, kept as a transcript."""

from __future__ import annotations

import re
from pathlib import Path

from services.authors.model.material import LESSON_BUDGET
from services.samples import sample_text
from tests.chat.scene import made, model_room
from tests.chat.told import Transcript, tapped
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


def hundred_pages() -> list[list[Line]]:
    """A report of a hundred pages, each on its own year."""
    told = "The keeper wrote on day {day} of {year} that the water stood at {feet} feet."
    found: list[list[Line]] = []
    for page in range(100):
        year = 1900 + page
        lines = [told.format(day=day, year=year, feet=page + day) for day in range(1, 32)]
        found.append([(f"The year {year}", 18), *((line, 10) for line in lines)])
    return found


async def test_a_document_of_a_hundred_pages(tmp_path: Path) -> None:
    """It is too long to go with each call: the plan sees its headings and a digest, a lesson its own passages."""
    pages = hundred_pages()
    async with model_room(tmp_path) as (room, model):
        await room.someone.seat.send_document("harbour.pdf", pdf(pages, title="Harbour"))
        await room.someone.sees("How much do you know already?", timeout=60)
        await room.tap("Nothing yet")
        await room.tap("1 h")
        await room.someone.sees("You will be able to", button="Make this course", timeout=30)
        await room.tap("Make this course")
        await room.someone.sees("Your course is ready", timeout=60)
        await made(room.live)
        await room.tap("▶ Start")
        while "✅ Done" not in room.screen.buttons:
            await room.tap("▶")
        quotes = STANDS.findall(room.text)
    assert quotes
    for quote, page in quotes:
        near = [line for each in pages[int(page) - 1 : int(page) + 1] for line, _ in each]
        assert _plain(quote) in _plain(" ".join(near))
    [plan] = [call for call in model.calls if call.kind == "plan"]
    digest, days = str(plan.body["messages"][0]["content"]), [f"day 5 of {year}" for year in (1900, 1950, 1999)]
    assert all(day in digest for day in days), "beginning, middle and end are planned"
    for call in (call for call in model.calls if call.kind in {"body", "quiz"}):
        size = sum(len(block["text"]) for block in call.body["system"])
        assert size < LESSON_BUDGET * 2


async def test_a_course_is_not_made_longer_than_its_text_is_enough_for(tmp_path: Path) -> None:
    async with model_room(tmp_path) as (room, _):
        await room.someone.seat.send_document("tides.pdf", pdf(lines(), title="Tides"))
        await room.someone.sees("How much do you know already?", timeout=30)
        await room.tap("Nothing yet")
        await room.tap("4 h")
        await room.someone.sees(
            "about 1 h 10 min", "The text is enough for about 1 h 10 min", button="Change something"
        )
        for label, hours in (("2 h", "about 1 h 10 min"), ("30 min", "about 30 min")):
            await room.tap("Change something")
            await room.tap("Time")
            await room.tap(label)
            assert hours in room.text.splitlines()[2]
