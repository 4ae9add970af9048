"""Without a model: a topic leads to the texts at hand, a document of each kind becomes a course, others are refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.documents.limits import FILE_BYTES, UNPACKED_BYTES
from tests.chat.scene import DOCUMENT, open_room, sample_card
from tests.handlers.chat.room import Room
from tests.services.documents.files import archive, locked, pdf, word

LINES = DOCUMENT.splitlines()
PLAIN = "\n\n".join(line.lstrip("# ") for line in LINES if line and not line.startswith("#"))


def as_word() -> bytes:
    """The document about bees as a DOCX with headings."""
    styles = {1: "Title", 2: "Heading 1", 3: "Heading 2"}
    parts = [line.partition(" ") for line in LINES if line]
    return word(*((styles[len(mark)], text) if set(mark) == {"#"} else ("Normal", f"{mark} {text}")
                  for mark, _, text in parts))  # fmt: skip


def as_pdf() -> bytes:
    """The same as a PDF, with headings in larger letters."""
    pages: list[list[tuple[str, int]]] = []
    for line in LINES:
        if line.startswith("## "):
            pages.append([(line.lstrip("# "), 22)])
        elif line.startswith("### "):
            pages[-1] += [("", 11), (line.lstrip("# "), 16)]
        elif line and pages:
            words = line.split()
            pages[-1] += [(" ".join(words[at : at + 14]), 9) for at in range(0, len(words), 14)][:30]
    return pdf(pages, title="Bees")


KINDS = {"bees.md": DOCUMENT.encode(), "bees.txt": PLAIN.encode(), "bees.docx": as_word(), "bees.pdf": as_pdf()}


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


async def send(room: Room, name: str, body: bytes) -> None:
    """Send a document and wait until it is dealt with."""
    await room.someone.seat.send_document(name, body)
    await room.quiet()


async def test_a_bare_topic_gets_a_plain_word_and_the_samples(room: Room) -> None:
    await room.say("teach me how volcanoes work")
    assert room.text.startswith("How volcanoes work\nI need a text for that, because I invent nothing")
    assert [row[0] for row in room.keys] == [
        "🍞 Sourdough: From Flour to a Risen Loaf",
        "🌊 Tides: Why the Sea Rises and Falls",
        "🐍 Python Iterators: One Value at a Time",
        "✖ Cancel",
    ]
    await room.tap("Tides")
    card = await room.someone.sees("Made without AI from Tides: Why the Sea Rises and Falls", button="Make this course")
    assert room.count == 1
    await room.tap("Make this course")
    ready = await room.someone.sees("Your course is ready")
    assert ready.raw["message_id"] == card.raw["message_id"]


@pytest.mark.parametrize("name", KINDS)
async def test_a_document_of_each_kind_becomes_a_course(room: Room, name: str) -> None:
    await room.someone.seat.send_document(name, KINDS[name])
    card = await room.someone.sees("Made without AI from", button="Make this course")
    assert "lessons · " in card.text
    await room.tap("Make this course")
    await room.someone.sees("Your course is ready", button="Start")
    await room.tap("Start")
    assert " · 1 of " in room.text.splitlines()[0]
    assert "dance to say where food is" in room.text


async def test_a_document_answers_the_question_for_a_topic(room: Room) -> None:
    await room.say("/learn")
    await room.someone.seat.send_document("bees.md", DOCUMENT.encode())
    await room.someone.sees("Bees", "Made without AI from Bees", button="Make this course")
    assert room.someone.messages()[0].buttons == []


async def test_a_document_with_a_title_changed(room: Room) -> None:
    await sample_card(room)
    assert room.keys == [["✅ Make this course"], ["✏️ Title"], ["⬅ Back", "✖ Cancel"]]
    await room.tap("Title")
    await room.say("Bread <i>now</i>")
    assert room.text.startswith("The title contains <i>, which reads as an HTML tag.")
    await room.say("Bread, from the beginning")
    assert room.text.startswith("Bread, from the beginning\n6 lessons")


BOMB = archive(word__document=b"0" * (UNPACKED_BYTES + 1))
REFUSED = {
    "of 20 MB and more": ("large.txt", b"x" * (FILE_BYTES + 1), "This file is larger than the 20 MB that I can take."),
    "empty": ("empty.md", b"", "This file is empty. One with text in it will do."),
    "blank": ("blank.txt", b" \n\t \n", "This file is empty. One with text in it will do."),
    "locked": ("bees.pdf", locked(pdf([[("Bees dance.", 11)]]), "x"), "This file is locked with a password."),
    "a scan": ("scan.pdf", pdf([[], [], []]), "This PDF is pictures of pages; I cannot read it yet."),
    "a bomb": ("bomb.docx", BOMB, "This file unpacks to far more than its size, so I left it closed."),
    "an exe": ("tool.pdf", b"MZ\x90\0\3" + bytes(range(256)) * 20, "This file is not what its name says"),
    "damaged": ("torn.docx", as_word()[:3000], "This file is damaged; I could not open it."),
    "thin": ("thin.txt", b"Bees dance to say where food is.", "This text is too short for a course"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_cannot_be_used_gets_its_sentence(room: Room, case: str) -> None:
    name, body, sentence = REFUSED[case]
    await room.say("/start")
    await room.someone.seat.send_document(name, body)
    await room.someone.sees(sentence)
    await send(room, "empty.md", b"")
    assert room.text.startswith("This file is empty."), "and the next one is looked at"


@pytest.mark.parametrize("case", ["empty", "an exe"])
async def test_refused_in_the_middle_the_question_stays_open(room: Room, case: str) -> None:
    name, body, sentence = REFUSED[case]
    await room.say("/learn")
    asked = room.screen
    await send(room, name, body)
    assert room.text.startswith(sentence)
    assert room.text.endswith(asked.text)
    assert room.keys == asked.labels
    assert room.someone.messages()[0].buttons == []


async def test_a_file_without_headings_becomes_a_course_as_well(room: Room) -> None:
    paragraphs = [f"Bees of kind {number} dance to say where food is, and others follow. " * 12 for number in range(40)]
    await room.someone.seat.send_document("bees.txt", "\n\n".join(paragraphs).encode())
    await room.someone.sees("Made without AI from", button="Make this course")
    await room.tap("Make this course")
    await room.someone.sees("Your course is ready")
