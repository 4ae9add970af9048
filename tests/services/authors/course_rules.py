"""What every course must be (course-quality), as checks of the tests' own: they share no code with the author."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from services.authors.protocol import QuestionDraft, Source
from tests.kit.whole import Whole

LEFTOVERS = re.compile(r"\bTODO\b|\bTBD\b|lorem ipsum|\[insert|<your|\bas an AI\b", re.IGNORECASE)


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def faults(source: Source, lessons: Sequence[tuple[str, Sequence[Whole]]]) -> list[str]:
    """Every broken rule of a finished course, in words; empty if it is good."""
    found = [] if 3 <= len(lessons) <= 12 else [f"{len(lessons)} lessons"]
    titles = Counter(folded(title) for title, _ in lessons)
    sections = [section for _, held in lessons for section in held]
    names = Counter(folded(section.title) for section in sections)
    found += [f"title twice: {title}" for title, times in [*titles.items(), *names.items()] if times > 1]
    texts = {passage.id: passage.text for node in source.nodes for passage in node.passages}
    for title, held in lessons:
        found += [] if 2 <= len(held) <= 4 else [f"{title}: {len(held)} sections"]
        found += _title_faults(title)
        for index, section in enumerate(held):
            found += [] if section.index == index else [f"{section.title}: index {section.index}"]
            found += [f"{title} / {section.title}: {fault}" for fault in _section_faults(section, texts)]
    questions = [question for section in sections for question in section.questions]
    prompts = Counter(folded(question.prompt) for question in questions)
    found += [f"asked twice: {prompt}" for prompt, times in prompts.items() if times > 1]
    return found + _key_faults(questions)


def _title_faults(title: str) -> list[str]:
    bad = not 1 <= len(title) <= 100 or title != title.strip() or "<" in title or "`" in title or "**" in title
    return [f"bad title: {title!r}"] if bad else []


def _section_faults(section: Whole, texts: dict[str, str]) -> list[str]:
    found = _title_faults(section.title)
    prose = re.sub(r"^(`{3,})[^\n]*\n.*?^\1$", "", section.body, flags=re.DOTALL | re.MULTILINE)
    found += [] if 100 <= len(section.body) <= 9000 else [f"body of {len(section.body)}"]
    found += [f"paragraph of {len(part)}" for part in prose.split("\n\n") if len(part.replace("\\", "")) > 620]
    found += ["a table"] if re.search(r"^\s*\|?[\s:]*-{3,}[\s:]*\|", prose, re.MULTILINE) else []
    found += ["leftovers"] if LEFTOVERS.search(re.sub(r"`[^`]*`", "", prose)) else []
    found += [] if section.minutes >= 1 else ["no minutes"]
    found += [] if section.citations else ["no citation"]
    for citation in section.citations:
        if not citation.quote or citation.quote not in texts.get(citation.passage, ""):
            found.append(f"quote not found: {citation.quote!r}")
        if not (citation.place or citation.page):
            found.append("citation without a place")
    found += [] if len(section.questions) <= 3 else ["too many questions"]
    return found + [f"{q.prompt!r}: {fault}" for q in section.questions for fault in question_faults(q)]


def question_faults(question: QuestionDraft) -> list[str]:
    """Checks 4, 5, 6 and 8 on one question."""
    options = [option.text for option in question.options]
    found = [] if 3 <= len(options) <= 4 and 0 <= question.key < len(options) else ["number of options or key"]
    found += ["options alike"] if len({folded(option) for option in options}) < len(options) else []
    found += ["prompt too long or empty"] if not 1 <= len(question.prompt) <= 300 else []
    for option in question.options:
        found += [f"option {option.text!r}"] if not 1 <= len(option.text) <= 100 else []
        wrong = not 1 <= len(option.explanation) <= 200 or option.explanation.count("\n") > 2
        found += (
            [f"explanation {option.explanation!r}"]
            if wrong or folded(option.explanation) == folded(option.text)
            else []
        )
        found += ["all or none"] if re.search(r"\b(?:all|none) of the above\b", option.text, re.IGNORECASE) else []
    key = options[question.key]
    others = [option for index, option in enumerate(options) if index != question.key]
    found += ["key is longest"] if len(key) > max(map(len, others)) else []
    if len(key.split()) >= 4 and max(map(len, others)) < 0.75 * len(key):
        found.append("length gives the answer away")
    return found


def _key_faults(questions: Sequence[QuestionDraft]) -> list[str]:
    slots = Counter(question.key for question in questions)
    many = len(questions) >= 10
    return [
        f"key in slot {slot}: {n} of {len(questions)}" for slot, n in slots.items() if many and n > 0.4 * len(questions)
    ]
