"""Pieces of courses to check: sound by themselves, so that a test changes the one thing that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from services.authors.protocol import LessonPlan, Option, QuestionDraft, SectionPlan
from services.quality.course import CheckedCourse, CheckedLesson, CheckedSection
from services.quality.finding import Finding
from services.quality.pieces import SectionContext
from services.rules.reading import reading_minutes

ENGLISH = (
    "Wild yeast lives on the bran of the wheat and in the air of the kitchen. It eats sugar and gives off gas, which "
    "lifts the dough. Warmth makes it quick, cold makes it slow."
)
RUSSIAN = (
    "Дикие дрожжи живут на оболочке пшеницы и в воздухе кухни. Они едят сахар и выделяют газ, который поднимает тесто. "
    "В тепле они быстры, в холоде медленны."
)
ARABIC = (
    "تعيش الخميرة البرية على قشور القمح وفي هواء المطبخ. تأكل السكر وتطلق الغاز الذي يرفع العجين. الدفء يجعلها سريعة "
    "والبرد يجعلها بطيئة، ولذلك يضع الخباز العجين في مكان دافئ."
)
CHINESE = (
    "野生酵母生活在小麦的外壳上和厨房的空气中。它吃糖并放出气体，气体使面团发起来。温暖使它变快，寒冷使它变慢。"
    "面包师把面团放在温暖的地方，等它慢慢发大。时间越长，味道越好，这就是酸面包的秘密所在，也是它好吃的原因。"
)
HINDI = (
    "जंगली खमीर गेहूं की भूसी पर और रसोई की हवा में रहता है। वह चीनी खाता है और गैस छोड़ता है, जिससे आटा फूलता है। "
    "गर्मी में वह तेज़ होता है और ठंड में धीमा।"
)
GERMAN = (
    "Wilde Hefe lebt auf der Schale des Weizens und in der Luft der Küche. Sie frisst Zucker und gibt Gas ab, das den "
    "Teig hebt. Wärme macht sie schnell, Kälte macht sie langsam."
)
PROSE = {"en": ENGLISH, "ru": RUSSIAN, "ar": ARABIC, "zh": CHINESE, "hi": HINDI, "de": GERMAN}


def question(
    options: Sequence[str] = ("Warmth and time", "Salt and daylight", "Air and sugar"), key: int = 0, prompt: str = ""
) -> QuestionDraft:
    """A question with these options, each explained."""
    return QuestionDraft(
        prompt or "What does a dough need to rise?",
        tuple(Option(text, f"The text says so of it in its first lines: {text}.") for text in options),
        key,
        "Think of a summer's day.",
        objective=0,
        bloom="understand",
    )


def context(language: str = "en", **changes: object) -> SectionContext:
    """The context of the first lesson, with two sections that serve the first of three objectives."""
    sections = (SectionPlan("What it is", "yeast", 0, objectives=(0,)), SectionPlan("Feeding", "food", 0))
    plain = SectionContext(
        0, LessonPlan("The starter", ("Explain what yeast is",), sections), "beginner", language, objectives=3
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # fields by name


def long_body(seed: str = "", words: int = 700) -> str:
    """About `words` different words in short sentences and paragraphs; other ones for another `seed`."""
    sentences = [f"The {seed}{at} sits by a {seed}{at + 1} and a {at}{seed}." for at in range(words // 10)]
    return "\n\n".join(" ".join(sentences[at : at + 5]) for at in range(0, len(sentences), 5))


def section(seed: str, objective: int = 0, questions: int = 2) -> CheckedSection:
    """A written section that says nothing that another seed says."""
    body = long_body(seed, 900)
    asked = tuple(
        replace(question(prompt=f"Which of these is {seed} number {at}?"), objective=objective)
        for at in range(questions)
    )
    return CheckedSection(
        f"About {seed}",
        body,
        reading_minutes(body, questions),
        f"Explain {seed}",
        (objective,),
        questions=asked,
        shown_keys=tuple((ord(seed[0]) + at) % 3 for at in range(questions)),
    )


def course(**changes: object) -> CheckedCourse:
    """Three lessons of two sections, which serve three objectives."""
    lessons = tuple(
        CheckedLesson(f"Lesson {name}", (), (section(f"{name}x", at), section(f"{name}y", at)))
        for at, name in enumerate("abc")
    )
    minutes = sum(one.minutes for lesson in lessons for one in lesson.sections)
    objectives = ("Explain the first", "Explain the second", "Explain the third")
    plain = CheckedCourse("Sourdough bread", "How bread comes alive.", "beginner", "en", minutes, objectives, lessons)
    return replace(plain, **changes)  # type: ignore[arg-type]  # fields by name


def rules(found: Iterable[Finding]) -> list[tuple[str, str]]:
    """Which rules were broken, and whether it blocks."""
    return [(one.rule, one.severity) for one in found]
