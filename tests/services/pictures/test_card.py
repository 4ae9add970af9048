from __future__ import annotations

import subprocess
import sys
from importlib import resources
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from services.pictures import alternative_text, course_card
from services.pictures.card import HEIGHT, MARGIN, PATTERN, WIDTH
from services.pictures.faces import BOLD, REGULAR, can_shape, plain, unreadable
from services.pictures.palette import contrast, palette_for

LINE = "beginner · 6 lessons · 58 min"
ENGINES = [False, pytest.param(True, marks=pytest.mark.skipif(not can_shape(), reason="FriBiDi is not installed"))]
ARABIC = "مقدمة في البرمجة بلغة Python 3 للمبتدئين"
HEBREW = "מבוא לאפיית לחם מחמצת (חלק 2)"
SCRIPTS = [
    ("Sourdough: From Flour to a Risen Loaf", False),
    ("Żółta łódź: für Anfänger, çok güzel", False),
    ("Введение в квантовую механику", False),
    ("Εισαγωγή στην αστρονομία", False),
    ("Հայոց լեզու", False),
    (ARABIC, True),
    ("می‌خواهم فارسی یاد بگیرم", True),
    (HEBREW, True),
]
Box = tuple[int, int, int, int]


def opened(data: bytes) -> Image.Image:
    """The picture in `data`, in memory."""
    return Image.open(BytesIO(data)).convert("RGB")


def text_half(title: str, line: str, seed: int, *, rtl: bool, shaped: bool | None = None) -> Image.Image:
    """The part of the card that holds the words."""
    left = PATTERN if rtl else 0
    return opened(course_card(title, line, seed, shaped=shaped)).crop((left, 0, left + WIDTH - PATTERN, HEIGHT))


def written(half: Image.Image, seed: int) -> Box:
    """The box around all that is not paper."""
    box = ImageChops.difference(half, Image.new("RGB", half.size, palette_for(seed).paper)).getbbox()
    assert box is not None
    return box


def test_a_card_is_a_png_of_the_right_size() -> None:
    data = course_card("Tides", LINE, 1)
    image = Image.open(BytesIO(data))
    assert (image.format, image.size) == ("PNG", (1280, 720))
    assert len(data) < 400_000


def test_the_seed_decides_all_there_is_to_decide() -> None:
    assert course_card("Tides", LINE, 5) == course_card("Tides", LINE, 5)
    assert len({course_card("Tides", LINE, seed) for seed in range(24)}) == 24


@pytest.mark.parametrize("seed", range(0, 40, 5))
def test_words_stand_out_from_what_is_really_behind_them(seed: int) -> None:
    """In the pixels: behind the words there is paper only, and both inks reach their contrast on it."""
    half = text_half("Tides", LINE, seed, rtl=False)
    palette = palette_for(seed)
    counts: dict[tuple[int, ...], int] = {}
    for number, colour in half.getcolors(half.width * half.height) or []:
        assert isinstance(colour, tuple)
        counts[colour] = number
    assert max(counts, key=lambda colour: counts[colour]) == palette.paper
    for ink, least in ((palette.ink, 7.0), (palette.soft, 4.5)):
        assert counts.get(ink, 0) > 200
        assert contrast(ink, palette.paper) >= least
    box = written(half, seed)
    assert box[0] >= MARGIN - 2
    assert box[2] <= half.width - MARGIN + 2


@pytest.mark.parametrize("shaped", ENGINES)
@pytest.mark.parametrize(("title", "rtl"), SCRIPTS)
def test_every_script_stands_inside_its_margins_at_its_own_side(title: str, rtl: bool, shaped: bool) -> None:
    half = text_half(title, "", 3, rtl=rtl, shaped=shaped)
    left, top, right, bottom = written(half, 3)
    assert left >= MARGIN - 8
    assert right <= half.width - MARGIN + 8
    assert top >= 24
    assert bottom <= HEIGHT - 24
    if rtl:
        assert right >= half.width - MARGIN - 12
    else:
        assert left <= MARGIN + 12
    assert right - left > 150


@pytest.mark.skipif(not can_shape(), reason="FriBiDi is not installed")
@pytest.mark.parametrize("title", [ARABIC, HEBREW, "Course שלום 12 (אב)"])
def test_our_own_shaping_looks_like_that_of_the_library(title: str) -> None:
    ours, theirs = (opened(course_card(title, "", 3, shaped=shaped)) for shaped in (False, True))
    differing = ImageChops.difference(ours, theirs).convert("L").point(lambda value: 255 if value > 96 else 0)
    assert differing.histogram()[255] < 0.004 * WIDTH * HEIGHT
    unordered = opened(course_card(title[::-1], "", 3, shaped=True))
    other = ImageChops.difference(unordered, theirs).convert("L").point(lambda value: 255 if value > 96 else 0)
    assert other.histogram()[255] > 0.01 * WIDTH * HEIGHT, "the comparison can tell a wrong order"


@pytest.mark.parametrize(
    "title",
    [
        "A very long title that goes on for as many as one hundred characters to see how it is wrapped at all",
        "W" * 100,
        "i" * 100,
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
        "WW " * 33,
        ARABIC * 2,
        "word " * 200,
        "M" * 900,
    ],
)
def test_a_long_title_fits(title: str) -> None:
    rtl = title.startswith(ARABIC)
    half = text_half(title, "advanced · 12 lessons · 4 h", 8, rtl=rtl)
    left, top, right, bottom = written(half, 8)
    assert MARGIN - 8 <= left < right <= half.width - MARGIN + 8
    assert 24 <= top < bottom <= HEIGHT - 24


def test_a_short_title_is_set_larger_than_a_long_one() -> None:
    large, small = (text_half(title, "", 1, rtl=False) for title in ("Sea", "Sea " + "and the sea again " * 5))
    assert first_line_height(large) > 1.4 * first_line_height(small)


def first_line_height(half: Image.Image) -> int:
    """Pixels of the first run of rows that hold letters, below the rule."""
    paper = Image.new("RGB", half.size, palette_for(1).paper)
    rows = ImageChops.difference(half, paper).convert("L").point(lambda value: 255 if value > 40 else 0)
    inked = [rows.crop((0, y, rows.width, y + 1)).getbbox() is not None for y in range(rows.height)]
    runs = "".join("x" if ink else " " for ink in inked).split()
    return len(runs[1])


@pytest.mark.parametrize("title", ["日本語の文法入門", "हिन्दी व्याकरण", "Introduction to 漢字", "🍞", ""])
def test_a_title_that_cannot_be_drawn_gives_a_sign_and_no_boxes(title: str) -> None:
    """Nothing of such a title is on the card, so it equals that of any other; the words are kept beside it."""
    assert course_card(title, LINE, 4) == course_card("한국어", "", 4)
    assert course_card(title, LINE, 4) != course_card("Tides", LINE, 4)
    assert title in alternative_text(title, LINE)


def test_a_line_that_cannot_be_drawn_is_left_out_alone() -> None:
    assert course_card("Tides", "初級", 4) == course_card("Tides", "", 4) != course_card("Tides", LINE, 4)


@pytest.mark.parametrize("title", ["🍞 Bread", "Bread 👩‍🍳", "  Bread\n", "Br\u202eead", "Br\u00adead", "Bread ⏳️"])
def test_emoji_and_invisible_signs_are_left_out(title: str) -> None:
    assert plain(title) == "Bread"
    assert course_card(title, LINE, 4) == course_card("Bread", LINE, 4)


def test_signs_that_people_write_stay() -> None:
    kept = "C++ & C#: 20 °C – 5 €, № 3, “x” → y™"
    assert plain(kept) == kept
    assert not unreadable(kept, BOLD)


@pytest.mark.parametrize("font", [BOLD, REGULAR])
def test_coverage_is_told_sign_by_sign(font: str) -> None:
    assert unreadable("Tides 日本 Приливы", font) == {"日", "本"}
    assert unreadable("a b\u200c", font) == frozenset()


@pytest.mark.parametrize(
    ("title", "line", "text"),
    [
        ("Tides", LINE, f"Tides. {LINE}"),
        ("Tides.", LINE, f"Tides. {LINE}"),
        ("日本語", "", "日本語"),
        ("", LINE, LINE),
        (" A \n b ", "", "A b"),
    ],
)
def test_alternative_text_says_what_the_card_says(title: str, line: str, text: str) -> None:
    assert alternative_text(title, line) == text


def test_fonts_come_with_their_licence() -> None:
    folder = resources.files("services.pictures").joinpath("fonts")
    assert "Bitstream Vera" in folder.joinpath("LICENSE").read_text(encoding="utf-8")


def test_pillow_is_not_loaded_before_something_is_drawn() -> None:
    code = (
        "import sys, services.pictures as p; before = 'PIL' in sys.modules; "
        "p.course_card('T', '', 1); print(before, 'PIL' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.split() == ["False", "True"]
