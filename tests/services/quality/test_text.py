from __future__ import annotations

import pytest

from services.quality.accessible import accessible, accessible_question, by_sign_alone, minutes_told
from services.quality.code import code
from services.quality.duration import course_time, section_time
from services.quality.leftovers import leftovers
from services.quality.readability import lix, readability, reading_level
from services.quality.shape import shape
from services.quality.text import images, plain, read, shown, units
from tests.services.quality.kit import PROSE, long_body, question, rules

HARD = (
    "Fermentation characteristics notwithstanding, microbiological considerations regarding heterofermentative "
    "lactobacilli necessitate comprehensive environmental temperature regulation throughout extraordinarily prolonged "
    "fermentation intervals, particularly whenever wholegrain ingredients significantly accelerate acidification. "
) * 5
TICKS = "```"


def fenced(language: str, lines: str) -> str:
    return f"{TICKS}{language}\n{lines}\n{TICKS}"


def test_blocks() -> None:
    body = f"# Head\n\nOne *two* `three`.\n\n- item\n- other\n\n> said\n\n{fenced('py', 'x = 1')}\n\n1. first"
    text = read(body)
    kinds = [(block.kind, block.raw) for block in text.blocks]
    assert kinds == [
        ("heading", "Head"), ("paragraph", "One *two* `three`."), ("item", "item"), ("item", "other"),
        ("quote", "said"), ("code", "x = 1\n"), ("item", "first"),
    ]  # fmt: skip
    assert [block.line for block in text.blocks] == [0, 2, 4, 5, 7, 9, 13]
    assert (text.code[0].info, len(text.prose), text.tables) == ("py", 6, 0)
    assert text.plain.split() == ["Head", "One", "two", ".", "item", "other", "said", "first"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("a [link](https://example.org/x_y) b", "a link b"),
        ("![a loaf](loaf.png) b", "a loaf b"),
        ("**bold** and _thin_ and snake_case", "bold and thin and snake_case"),
        ("see https://example.org now", "see   now"),
        (r"3 \* 4 \_ 5", "3 * 4 _ 5"),
        ("``a ` b`` c", "  c"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("**Мука** и `код`", "Мука и  "),
    ],
)
def test_plain(raw: str, words: str) -> None:
    assert plain(raw) == words


def test_shown_and_units() -> None:
    assert shown("**a** [b](https://x.org) `c` &amp; d\ne") == "a b c & d\ne"
    assert units("a𝄞") == 3
    assert units("水") == 1
    assert images("![one](a.png) ![](b.png) `![code](c)` ![ ](d.png)") == ("one", "", "")


def paragraph(characters: int, filler: str = "a") -> str:
    return filler * characters


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (paragraph(600), []),
        (paragraph(601), [("shape", "error")]),
        (f"**{paragraph(600)}**", []),  # marks do not count: the text is parsed first
        (paragraph(600, "ж"), []),
        (paragraph(601, "水"), [("shape", "error")]),
        (paragraph(300, "🌊"), []),  # two units each
        (paragraph(301, "🌊"), [("shape", "error")]),
        (f"[{paragraph(590)}](https://example.org/{paragraph(400)})", []),
        (f"- {paragraph(601)}", [("shape", "error")]),
        (f"{paragraph(400)}\n\n{paragraph(400)}", []),
        (f"{paragraph(400)}\n{paragraph(400)}", [("shape", "error")]),
        ("| a | b |\n|---|---|\n| 1 | 2 |", [("shape", "error")]),
        (fenced("text", "| a | b |\n|---|---|"), []),
        (fenced("py", "x" * 60), []),
        (fenced("py", "x" * 61), [("shape", "warning")]),
        (fenced("", ("y" * 50 + "\n") * 90), [("shape", "error")]),
        ("", []),
    ],
)
def test_shape(body: str, found: list[tuple[str, str]]) -> None:
    assert rules(shape(read(body), "s")) == found


@pytest.mark.parametrize(
    "text",
    [
        "TODO: write this", "This is TBD.", "Lorem ipsum dolor", "[insert example here]", "Write <your name> here",
        "As an AI, I cannot taste.", "as a language model", "I'm an AI", "Als KI kann ich nicht schmecken",
        "En tant qu'IA, je", "Como modelo de lenguaje", "Как языковая модель, я", "作为一个人工智能", "作为AI我不能",
        "كنموذج لغوي لا أستطيع", "एक एआई के रूप में", "Hello {{name}}!", "Sure, here's the section", "Note to self: more",
        "<thinking> about it", "Here is the rewritten paragraph", "Word count: 350", "fine\n(250 words)",
    ],
)  # fmt: skip
def test_leftovers(text: str) -> None:
    assert rules(leftovers(text, "s")) == [("leftovers", "error")]


@pytest.mark.parametrize(
    "text",
    [
        "Todo el pan se hace con harina.", "The method of least squares", "An aid to memory", "a < b and c > d",
        "The AI winter", "Как модель мира, карта врёт", "人工智能的历史", "He said 200 words",
        "Of course, here it is warm.", "The word count of a poem matters", *PROSE.values(),
    ],
)  # fmt: skip
def test_no_leftovers(text: str) -> None:
    assert not list(leftovers(text, "s"))


def test_leftovers_in_code_are_code() -> None:
    assert not list(leftovers(read(f"Fine `TODO` so far.\n\n{fenced('py', '# TODO: more')}").plain, "s"))


@pytest.mark.parametrize(
    ("language", "lines", "found"),
    [
        ("python", "for x in y:\n    print(x)", []),
        ("python", "for x in y\n    print(x)", [("code", "error")]),
        ("py", "печать = 'мир'", []),  # letters of any script are letters
        ("python", "    x = 1\n    y = 2", []),  # indented as a whole
        ("python", ">>> x = 1\n>>> x\n1\n>>> for a in x:\n...     pass\n...\nanything ! at all", []),
        ("pycon", ">>> x = = 1", [("code", "error")]),
        ("python", "!pip install flour\n%time x = 1\nx = 1", []),
        ("python", "x = '\\d'", []),  # an odd escape is a warning of Python's, not a fault
        ("python title=\"a.py\"", "x =", [("code", "error")]),
        ("python", "(" * 300, [("code", "error")]),
        ("python", "x" * 20_001, [("code", "error")]),
        ("json", '{"a": [1, 2]}', []),
        ("json", '{"a": [1, 2],}', [("code", "error")]),
        ("json", "[" * 15_000, [("code", "error")]),
        ("yaml", "a:\n  - 1\n  - мир", []),
        ("yaml", "a: [1, 2", [("code", "error")]),
        ("yaml", "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", []),  # references are not followed
        ("yaml", "!!python/object/apply:os.system ['true']", []),  # read as events, nothing is built
        ("js", "f(() => { return [1]; });", []),
        ("js", "f(() => { return [1; });", [("code", "warning")]),
        ("rust", "let s = \"(\"; // )\n", []),
        ("go", "func f() {", [("code", "warning")]),
        ("text", "((((", []),
        ("", "for x in", []),
    ],
)  # fmt: skip
def test_code(language: str, lines: str, found: list[tuple[str, str]]) -> None:
    assert rules(code(read(fenced(language, lines)), "s")) == found


def test_code_is_found_by_its_line() -> None:
    (found,) = code(read(f"One.\n\nTwo.\n\n{fenced('python', 'x =')}"), "s")
    assert found.found.startswith("python that does not parse (line 5)")


def test_lix() -> None:
    easy = " ".join(["The dog sat on the mat."] * 20)
    assert lix(easy, "en") == pytest.approx(6.0)
    assert lix(easy, "en-GB") == pytest.approx(6.0)
    assert lix(easy, "de") == pytest.approx(0.0)  # the same figure stands for an easier text in German
    assert lix(easy, "zh") is None
    assert lix(easy, "fi") is None
    assert lix("Too short to tell.", "en") is None


@pytest.mark.parametrize("language", ["en", "ru", "ar", "hi", "de"])
def test_plain_prose_is_readable_for_beginners(language: str) -> None:
    text = read("\n\n".join([PROSE[language]] * 6))
    assert not list(readability(text, "beginner", language, "s"))
    assert reading_level(text.plain, language) == "beginner"


def test_hard_prose_is_not() -> None:
    for level in ("beginner", "intermediate", "advanced"):
        (found,) = readability(read(HARD), level, "en", "s")
        assert (found.rule, found.severity) == ("readability", "warning")
    assert reading_level(HARD, "en") == "advanced"
    assert not list(readability(read(HARD), "beginner", "fi", "s"))  # off where it is not calibrated


@pytest.mark.parametrize(
    ("words", "questions", "planned", "found"),
    [
        (500, 2, 0, []),  # 2.5 + 1.5
        (300, 2, 0, []),  # 3 min exactly are 3, one word more is 4
        (290, 2, 0, [("reading_time", "error")]),
        (2600, 2, 0, []),
        (2900, 2, 0, [("reading_time", "error")]),
        (500, None, 4, []),
        (1400, 2, 4, [("reading_time", "warning")]),
        (1400, 2, 8, []),
    ],
)
def test_section_time(words: int, questions: int | None, planned: int, found: list[tuple[str, str]]) -> None:
    body = " ".join(["word"] * (words + 1))
    assert rules(section_time(body, questions, planned, "s")) == found


def test_section_time_of_other_scripts() -> None:
    assert not list(section_time("面" * 1500, 2, 0, "s"))  # 3 + 1.5 min at 500 characters a minute
    assert rules(section_time("面" * 500, 2, 0, "s")) == [("reading_time", "error")]
    assert not list(section_time(" ".join(["हिन्दी"] * 520), 2, 0, "s"))
    assert rules(section_time(" ".join(["हिन्दी"] * 280), 2, 0, "s")) == [("reading_time", "error")]


def test_course_time() -> None:
    assert not list(course_time(69, 60))
    assert not list(course_time(51, 60))
    assert rules(course_time(70, 60)) == [("reading_time", "error")]
    assert rules(course_time(50, 60)) == [("reading_time", "error")]
    assert not list(course_time(500, 0))  # nothing was asked for


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (long_body(), 0),
        ("✅", 1),
        ("- ✅\n- ❌", 2),
        ("- ✅ Warm\n- ❌ Cold", 0),
        ("🌡️ 30°", 0),
        ("![](loaf.png)", 1),
        ("![A loaf](loaf.png)", 0),
        ("`✅`", 1),
        ("→ 水", 0),
        ("***", 0),
    ],
)
def test_accessible(body: str, found: int) -> None:
    assert rules(accessible("Head", read(body), "s")) == [("accessible", "error")] * found


def test_a_heading_and_true_minutes() -> None:
    assert [one.path for one in accessible(" ", read("Text."), "s")] == ["s.title"]
    assert not list(minutes_told("word " * 500, 2, 4, "s"))
    assert [one.expected for one in minutes_told("word " * 500, 2, 9, "s")] == ["4 min, as the text takes"]


def test_signs_in_questions() -> None:
    assert not list(accessible_question(question(), "q"))
    assert [one.path for one in accessible_question(question(("✅", "❌ no", "42")), "q")] == ["q.options.0.text"]
    assert [by_sign_alone(text) for text in ("👍🏽", "👍 yes", "=", "", "水")] == [True, False, False, False, False]
