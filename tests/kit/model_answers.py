"""What the model stub writes: always the same answer to the same request, in the shape and language asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.kit.model_faults import Kind
from tests.kit.model_prose import Prose

_TASKS: tuple[tuple[str, Kind], ...] = (
    ("Task: write texts", "body"),
    ("Task: write questions", "quiz"),
    ("Task: repair", "repair"),
    ("Task: solve", "solve"),
    ("Task: judge", "judge"),
    ("Task: guess", "guess"),
)
_LESSON = re.compile(r"\blesson (\d+) of (\d+)")
_SECTION = re.compile(r"\bsection (\d+) of (\d+)")
_SECTIONS = re.compile(r"Sections to write, in this order: ([\d, ]+)\.")
_QUESTIONS = re.compile(r"Questions to write, by number:\s*([\d, ]+)\.")
_OBJECTIVES = re.compile(r"Course objectives to test: ([\d, ]+)\.")
_LENGTH = re.compile(r"section (\d+) about (\d+) (?:words|characters)")
_SIZE = re.compile(r"titles: of (\d+) lessons.*?sections: (\d+) of them", re.DOTALL)
_MINUTES = re.compile(r"together take about (\d+)")
_MISSING = re.compile(r"contracts of these\s+lessons and no others: ([\d, ]+)\.")
_LANGUAGE = re.compile(r'ISO 639-1 code "([A-Za-z-]+)"|"([a-z]{2})" where that cannot be told')
BLOOM = ("understand", "apply", "analyse")
VERBS = ("Explain", "Apply", "Compare")


@dataclass(frozen=True)
class Asked:
    """A request as the stub understands it. `lesson` and `sections` are 0-based; `size` is how many lessons, and how
    many sections in one; `data` is what the prompt carried; `numbers` the questions or contracts asked for (from 1;
    none: all); `lengths` how long each section is to be."""

    kind: Kind
    language: str
    course: str
    lesson: int | None
    sections: tuple[int, ...]
    size: tuple[int, int]
    sourced: bool
    data: dict[str, list[Any]]
    minutes: int = 60
    numbers: tuple[int, ...] = ()
    objectives: tuple[int, ...] = ()
    lengths: dict[int, int] = field(default_factory=dict)
    task: str = ""


def understand(body: dict[str, Any]) -> Asked:
    """What a request asks for: recognised by its schema and its task, its numbers read from the prompt."""
    user = "".join(_texts(message["content"]) for message in body["messages"])
    system = _texts(body.get("system", ""))
    schema = body.get("output_config", {}).get("format", {}).get("schema", {})
    kind = _kind(schema.get("properties", {}), user)
    language = _LANGUAGE.search(f"{system}\n{user}")
    lesson, section = _LESSON.search(user), _SECTION.search(user)
    data = _data(f"{system}\n{user}")
    sections = _numbers(_SECTIONS, user) or ((int(section[1]),) if section else ())
    size = _SIZE.search(user)
    minutes = _MINUTES.search(user)
    return Asked(
        kind=kind,
        language=(language[1] or language[2]) if language else "en",
        course=str((data.get("course") or data.get("wish") or data.get("source") or [""])[0]),
        lesson=int(lesson[1]) - 1 if lesson and kind in {"body", "quiz", "repair"} else None,
        sections=tuple(number - 1 for number in sections) if kind in {"body", "quiz", "repair"} else (),
        size=(int(size[1]), int(size[2]))
        if size
        else (int(lesson[2]) if lesson else 4, int(section[2]) if section else 2),
        sourced='"citations"' in json.dumps(schema) or '"passages"' in json.dumps(schema),
        data=data,
        minutes=int(minutes[1]) if minutes else 60,
        numbers=_numbers(_QUESTIONS if kind == "quiz" else _MISSING, user),
        objectives=_numbers(_OBJECTIVES, user),
        lengths={int(number) - 1: int(words) for number, words in _LENGTH.findall(user)},
        task=user,
    )


def _kind(properties: dict[str, Any], user: str) -> Kind:
    if "verdict" in properties or (not properties and user.startswith("Task: propose")):
        return "proposal"
    if "titles" in properties or (not properties and user.startswith("Task: plan")):
        return "plan"
    return next((kind for begins, kind in _TASKS if user.startswith(begins)), "other")


def _texts(content: str | list[dict[str, Any]]) -> str:
    return content if isinstance(content, str) else "\n".join(block.get("text", "") for block in content)


def _numbers(pattern: re.Pattern[str], text: str) -> tuple[int, ...]:
    found = pattern.search(text)
    return tuple(int(number) for number in found[1].split(",") if number.strip()) if found else ()


def _data(text: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    inside = False
    for line in text.splitlines():
        inside = line.startswith("<data ") or (inside and not line.startswith("</data "))
        if inside and line.startswith('{"'):
            for key, value in json.loads(line).items():
                found.setdefault(key, []).append(value)
    return found


def answer(asked: Asked, *, characters: int = 700, wrong: str | None = None) -> str:
    """The text of the answer; `characters` is the least length of a section's text, `wrong` a fault to put into it."""
    made: dict[str, object] = {}
    if asked.kind == "proposal":
        made = _proposal(asked, wrong)
    elif asked.kind == "plan":
        made = _plan(asked, wrong)
    elif asked.kind == "body":
        made = {"sections": _bodies(asked, characters, wrong), "questions": [], "patches": []}
    elif asked.kind == "quiz":
        made = {
            "sections": [],
            "questions": [_question(asked, number, wrong) for number in asked.numbers],
            "patches": [],
        }
    elif asked.kind == "repair":
        made = _repair(asked, wrong)
    return json.dumps(made, ensure_ascii=False) if made else "Yes."


def opinion(asked: Asked, solves: Callable[[str, list[str]], int]) -> str:
    """What a second reader says; `solves` gives the number (from 1) of an option for each question, 0 for none."""
    answers = [
        solves(each["prompt"], [text.partition(". ")[2] for text in each["options"]])
        for each in asked.data.get("question", [])
    ]
    if asked.kind == "solve":
        return json.dumps({"reason": "It says so.", "answer": answers[0]})
    if asked.kind == "guess":
        return json.dumps({"answers": answers})
    return json.dumps({"supported": [True for _ in asked.data.get("quote", [])], "answers": answers})


def _proposal(asked: Asked, wrong: str | None) -> dict[str, object]:
    topic = " ".join(asked.course.split())[:60] or "?"
    prose = Prose(asked.language, topic)
    verdict = wrong if wrong in {"unsafe", "vague"} else "teachable"
    count = 1 if wrong == "wrong_counts" else 4
    return {
        "verdict": verdict,
        "question": f"{topic}: {prose.phrase(6)}?" if verdict == "vague" else "",
        "language": asked.language,
        "title": f"{topic}: {prose.phrase(4)[:30]}",
        "description": " ".join([prose.opening(topic), *(prose.sentence() for _ in range(4))])[:400],
        "objectives": [f"{VERBS[number % 3]} {topic}: {prose.sentence()}"[:200] for number in range(count)],
    }


def _plan(asked: Asked, wrong: str | None) -> dict[str, object]:
    lessons, sections = asked.size
    known = [str(each["title"]) for each in asked.data.get("lesson", [])]
    titles = known or [
        f"{asked.course[:40]} {number + 1}" for number in range(2 if wrong == "wrong_counts" else lessons)
    ]
    prose = Prose(asked.language, asked.course)
    wanted = asked.numbers or tuple(range(1, len(titles) + 1))
    contracts = [_contract(asked, number, titles, sections, wrong) for number in wanted]
    if wrong == "lessons_missing":
        contracts = contracts[: len(contracts) // 2]
    outline: dict[str, object] = {"titles": [], "glossary": [], "example": "", "cover": ""}
    if not known:
        terms = [{"term": f"{prose.phrase(1)} {number}", "meaning": prose.phrase(6)} for number in range(1, 5)]
        outline = {"titles": titles, "glossary": terms, "example": prose.sentence(), "cover": prose.sentence()}
    return {**outline, "lessons": contracts}


def _contract(asked: Asked, number: int, titles: list[str], sections: int, wrong: str | None) -> dict[str, object]:
    title = titles[number - 1]
    prose = Prose(asked.language, f"{asked.course}/{title}")
    count = 5 if wrong == "bad_contract" and number == 2 else sections
    minutes = max(4, round(asked.minutes / (len(titles) * sections)))
    passages = [each["id"] for each in asked.data.get("passage", [])]
    objectives = max(1, len(asked.data.get("objective", [])))
    parts: list[dict[str, object]] = []
    for place in range(count):
        at = (number - 1) * sections + place
        part: dict[str, object] = {
            "title": f"{title}.{place + 1}",
            "focus": f"{prose.sentence()} {prose.sentence()}",
            "outcome": f"{VERBS[0] if number < len(titles) else VERBS[1]} {prose.phrase(5)}",
            "minutes": minutes,
            "objectives": [at % objectives + 1],
        }
        if asked.sourced:
            first = at * len(passages) // max(1, len(titles) * sections)
            part["passages"] = passages[first : first + 2]
        parts.append(part)
    return {
        "lesson": number,
        "objectives": [f"{VERBS[0]} {prose.phrase(5)}"],
        "sections": parts,
        "needs": [titles[number - 2]] if number > 1 else [],
        "covered": [prose.phrase(5)],
        "avoid": [titles[number]] if number < len(titles) else [],
        "example": prose.sentence(),
        "handoff": prose.sentence(),
    }


def _bodies(asked: Asked, characters: int, wrong: str | None) -> list[dict[str, object]]:
    titles = {each["number"] - 1: str(each["title"]) for each in asked.data.get("section", [])}
    wanted = [99] if wrong == "wrong_sections" else list(asked.sections) * (2 if wrong == "repeated" else 1)
    return [_section(asked, at, titles.get(at, asked.course), characters, wrong) for at in wanted]


def _section(asked: Asked, at: int, title: str, characters: int, wrong: str | None) -> dict[str, object]:
    seed = f"section {at}" if wrong == "same_lesson" else f"{asked.course}/{title}"
    language = ("de" if asked.language == "en" else "en") if wrong == "wrong_language" else asked.language
    about = asked.course if wrong == "same_lesson" else title
    prose = Prose(language, seed)
    body = prose.body(about, asked.lengths.get(at, 300), characters)
    if wrong == "short_body":
        body = body[:60]
    elif wrong == "leftovers":
        body = body.replace("\n\n", "\n\nTODO: say more here.\n\n", 1)
    section: dict[str, object] = {"number": at + 1, "body": body}
    if asked.sourced:
        section["citations"] = _citations(asked, at, wrong)
    return section


def _question(asked: Asked, number: int, wrong: str | None) -> dict[str, object]:
    title = str((asked.data.get("title") or [asked.course])[0])
    prose = Prose(asked.language, f"{asked.course}/{title}/{number}/{asked.task.count('asked already')}")
    phrases = sorted(dict.fromkeys(prose.phrase(5) for _ in range(12)), key=len)[4:8]  # of about one length
    options = [{"text": phrase, "explanation": prose.sentence()} for phrase in phrases]
    key = prose.number(4)
    if number == 1 or wrong == "all_bad_questions":
        if wrong in {"bad_questions", "all_bad_questions"}:
            options[1] = options[0]
            options[2] = options[0]
        elif wrong == "key_longest":
            options[key] = {"text": prose.phrase(14)[:100], "explanation": prose.sentence()}
            options = [each if at == key else {**each, "text": prose.phrase(2)} for at, each in enumerate(options)]
        elif wrong == "key_outside":
            key = 7
        elif wrong == "no_explanations":
            options = [{**each, "explanation": ""} for each in options]
    tested = asked.objectives[(number - 1) % len(asked.objectives)] if asked.objectives else 0
    return {
        "number": number,
        "prompt": f"{number}. {title[:60]}: {prose.sentence()}"[:299],
        "options": options,
        "key": key,
        "hint": prose.sentence(),
        "objective": tested,
        "bloom": BLOOM[number % 3],
    }


def _repair(asked: Asked, wrong: str | None) -> dict[str, object]:
    """Other text for what cannot stand: everything where the whole is complained of, more of it where it is short, else
    the parts in which something was left over."""
    prose = Prose(asked.language, f"{asked.course}/{asked.task[:80]}/repaired")
    parts = asked.data.get("part", [])
    patches: list[dict[str, str]] = []
    if "min to read" in asked.task or " characters; expected" in asked.task:
        patches.append({"path": f"body.{len(parts)}", "text": prose.body(asked.course, 700, 0)})
    elif "stands in lesson" in asked.task or "language" in asked.task.split("An earlier answer")[-1]:
        patches = [{"path": part["path"], "text": prose.paragraph()} for part in parts]
    elif "found flagged: " in asked.task:
        patches.append({"path": str(parts[0]["path"]), "text": prose.paragraph()})
    elif "breaks off" in asked.task:
        patches.append({"path": str(parts[-1]["path"]), "text": prose.paragraph()})
    patches += [
        {"path": part["path"], "text": prose.sentence()} for part in parts if "TODO" in part["text"] and not patches
    ]
    if wrong == "leftovers":
        patches = [{"path": "body.1", "text": "TODO: say more here."}]
    elif wrong == "wrong_paths":
        patches = [{"path": "lessons.7", "text": prose.sentence()}]
    made: dict[str, object] = {"sections": [], "questions": [], "patches": patches}
    if asked.sourced and "citations" in asked.task.split("An earlier answer")[-1]:
        at = asked.sections[0]
        made["sections"] = [{"number": at + 1, "body": "", "citations": _citations(asked, at, wrong)}]
    return made


def _citations(asked: Asked, at: int, wrong: str | None) -> list[dict[str, str]]:
    named = [each.get("passages", []) for each in asked.data.get("section", []) if each["number"] - 1 == at]
    texts = {each["id"]: str(each["text"]) for each in asked.data.get("passage", [])}
    ids = [each for each in (named[0] if named else []) if each in texts] or list(texts)[:1]
    if wrong == "false_citations":
        return [{"passage": each, "quote": "Nobody ever wrote this sentence anywhere."} for each in ids]
    return [{"passage": each, "quote": " ".join(texts[each].split()[:12])} for each in ids]
