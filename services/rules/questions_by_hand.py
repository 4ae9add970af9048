"""What a question by hand must be: asked on buttons, each option explained, one of them right. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from services.authors.protocol import Option, QuestionDraft
from services.errors import Fault
from services.rules.texts import count_faults, length_faults, markup_faults
from services.rules.wording import folded
from services.validation import clean_text

QUESTIONS = (0, 3)  # of a section
OPTIONS = (2, 4)
PROMPT = (5, 300)  # characters, as all that follow; an option is what stands on a button
OPTION = (1, 100)
EXPLANATION = (1, 500)
HINT = (0, 300)


def checked_questions(
    questions: Sequence[QuestionDraft], field: str = "questions"
) -> tuple[tuple[QuestionDraft, ...], list[Fault]]:
    """A section's questions cleaned, and everything that is wrong with them (``questions[0].options[1].text``…)."""
    faults = count_faults(field, len(questions), QUESTIONS)
    cleaned: list[QuestionDraft] = []
    for number, question in enumerate(questions[: QUESTIONS[1]]):
        kept, found = _question(question, f"{field}[{number}]")
        if any(folded(kept.prompt) == folded(before.prompt) for before in cleaned):
            found.append(Fault(f"{field}[{number}].prompt", "repeated", "another question's", "its own"))
        cleaned.append(kept)
        faults += found
    return tuple(cleaned), faults


def _question(question: QuestionDraft, field: str) -> tuple[QuestionDraft, list[Fault]]:
    prompt, hint = clean_text(question.prompt), clean_text(question.hint)
    faults = _text_faults(f"{field}.prompt", prompt, PROMPT) + _text_faults(f"{field}.hint", hint, HINT)
    faults += count_faults(f"{field}.options", len(question.options), OPTIONS)
    options: list[Option] = []
    for number, option in enumerate(question.options[: OPTIONS[1]]):
        kept, found = _option(option, f"{field}.options[{number}]")
        if any(folded(kept.text) == folded(before.text) for before in options):
            found.append(Fault(f"{field}.options[{number}].text", "repeated", "another option's", "its own"))
        options.append(kept)
        faults += found
    if not 0 <= question.key < len(question.options):
        faults.append(Fault(f"{field}.key", "unknown", str(question.key)[:20], f"0–{len(question.options) - 1}"))
    return QuestionDraft(prompt, tuple(options), question.key, hint), faults


def _option(option: Option, field: str) -> tuple[Option, list[Fault]]:
    kept = Option(clean_text(option.text), clean_text(option.explanation))
    faults = _text_faults(f"{field}.text", kept.text, OPTION)
    faults += _text_faults(f"{field}.explanation", kept.explanation, EXPLANATION)
    if kept.text and folded(kept.text) == folded(kept.explanation):
        faults.append(Fault(f"{field}.explanation", "repeated", "the option again", "why it is right or not"))
    return kept, faults


def _text_faults(field: str, text: str, limits: tuple[int, int]) -> list[Fault]:
    return length_faults(field, text, limits) + markup_faults(field, text, limits[1])
