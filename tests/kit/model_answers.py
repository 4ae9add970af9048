"""What the model stub writes: always the same answer to the same request, in the shape and language asked for."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from typing import Any

from tests.kit.model_faults import Kind

_WANTED = re.compile(r"Write lesson (\d+) of (\d+)\. Sections to write, by number and in this order: ([\d, ]+)\.")
_SIZE = re.compile(r"^- (\d+) lessons of (\d+) sections each", re.MULTILINE)
_LANGUAGE = re.compile(r'ISO 639-1 code "([A-Za-z-]+)"')
_KINDS: tuple[tuple[str, Kind], ...] = (("objectives", "proposal"), ("lessons", "plan"), ("sections", "lesson"))

# Sentences about {0}; enough of them in each language to fill a text of any length without being the same twice over.
SENTENCES: dict[str, tuple[str, ...]] = {
    "en": (
        "Start from what you have seen already: {0} is nearer to daily life than its name suggests.",
        "Think of a kitchen in Lagos or Lima, where somebody meets **{0}** every morning without naming it.",
        "Step by step it goes like this: look closely, change one thing, wait, and compare.",
        "What makes {0} hard is rarely the rule itself; it is knowing when the rule applies.",
        "Write down what you expect before you try, because memory is kind to us afterwards.",
        "In short, {0} rewards patience, and one careful trial teaches more than ten hasty ones.",
    ),
    "de": (
        "Beginne mit dem, was du schon gesehen hast: {0} liegt näher am Alltag, als der Name vermuten lässt.",
        "Denk an eine Küche in Lagos oder Lima, in der jemand jeden Morgen **{0}** begegnet.",
        "Schritt für Schritt geht es so: genau hinsehen, eines ändern, warten und vergleichen.",
        "Schwer an {0} ist selten die Regel selbst, sondern zu wissen, wann sie gilt.",
        "Kurz gesagt: {0} belohnt Geduld, und ein sorgfältiger Versuch lehrt mehr als zehn eilige.",
    ),
    "ru": (
        "Начнём с того, что вы уже видели: {0} ближе к повседневной жизни, чем кажется по названию.",
        "Представьте кухню в Лагосе или Лиме, где каждое утро кто-то встречает **{0}**, не называя этого.",
        "Шаг за шагом это выглядит так: присмотреться, изменить одно, подождать и сравнить.",
        "Трудность в том, что {0} требует понимать, когда правило действует, а когда нет.",
        "Итак, {0} вознаграждает терпение: одна внимательная проба учит больше, чем десять поспешных.",
    ),
    "ar": (
        "نبدأ مما رأيته من قبل: {0} أقرب إلى الحياة اليومية مما يوحي به الاسم.",
        "تخيّل مطبخاً في لاغوس أو ليما يلتقي فيه شخص ما كل صباح مع **{0}** دون أن يسميه.",
        "خطوة بعد خطوة يسير الأمر هكذا: انظر جيداً، وغيّر شيئاً واحداً، وانتظر، ثم قارن.",
        "الصعب في {0} ليس القاعدة نفسها، بل معرفة متى تنطبق.",
        "باختصار، يكافئ {0} الصبر، وتجربة متأنية واحدة تعلّم أكثر من عشر تجارب متعجلة.",
    ),
    "zh": (
        "先从你见过的事物说起:{0}比它的名字更贴近日常生活。",
        "想象一下拉各斯或利马的一间厨房,那里每天早晨都有人遇到**{0}**,却不叫它的名字。",
        "一步一步来:仔细观察,只改变一件事,等待,然后比较。",
        "{0}的难处往往不在规则本身,而在于知道规则何时适用。",
        "总之,{0}回报耐心,一次仔细的尝试胜过十次匆忙的尝试。",
    ),
}


@dataclass(frozen=True)
class Asked:
    """A request as the stub understands it. `lesson` and `sections` are 0-based; `data` is what the prompt carried."""

    kind: Kind
    language: str
    course: str
    lesson: int | None
    sections: tuple[int, ...]
    size: tuple[int, int]
    sourced: bool
    data: dict[str, list[Any]]


def understand(body: dict[str, Any]) -> Asked:
    """What a request asks for: recognised by its schema, its numbers read from the prompt."""
    user = "".join(_texts(message["content"]) for message in body["messages"])
    schema = body.get("output_config", {}).get("format", {}).get("schema", {})
    properties = schema.get("properties", {})
    kind: Kind = next((meant for name, meant in _KINDS if name in properties), "other")
    language = _LANGUAGE.search(_texts(body.get("system", "")))
    wanted = _WANTED.search(user)
    size = _SIZE.search(user)
    data = _data(user)
    return Asked(
        kind=kind,
        language=language[1] if language else "en",
        course=str((data.get("course") or data.get("wish") or [""])[0]),
        lesson=int(wanted[1]) - 1 if wanted else None,
        sections=tuple(int(number) - 1 for number in wanted[3].split(",")) if wanted else (),
        size=(int(size[1]), int(size[2])) if size else (4, 2),
        sourced='"citations"' in json.dumps(schema) or '"passages"' in json.dumps(schema),
        data=data,
    )


def _texts(content: str | list[dict[str, Any]]) -> str:
    return content if isinstance(content, str) else "".join(block.get("text", "") for block in content)


def _data(user: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for line in user.splitlines():
        if line.startswith('{"'):
            for key, value in json.loads(line).items():
                found.setdefault(key, []).append(value)
    return found


def answer(asked: Asked, *, characters: int = 700, wrong: str | None = None) -> str:
    """The text of the answer; `characters` is the least length of a section's text, `wrong` a fault to put into it."""
    if asked.kind == "proposal":
        return json.dumps(_proposal(asked, wrong), ensure_ascii=False)
    if asked.kind == "plan":
        return json.dumps(_plan(asked, wrong), ensure_ascii=False)
    if asked.kind == "lesson":
        return json.dumps(_lesson(asked, characters, wrong), ensure_ascii=False)
    return "Yes."


def _sentence(language: str, number: int, about: str) -> str:
    sentences = SENTENCES.get(language, SENTENCES["en"])
    return sentences[number % len(sentences)].format(about)


def _proposal(asked: Asked, wrong: str | None) -> dict[str, object]:
    topic = asked.course.strip()[:60] or "?"
    count = 1 if wrong == "wrong_counts" else 4
    return {
        "title": f"{topic}: {_sentence(asked.language, 2, topic)[:30]}",
        "description": _sentence(asked.language, 0, topic) + " " + _sentence(asked.language, 2, topic),
        "objectives": [f"{number}. {_sentence(asked.language, number, topic)}"[:200] for number in range(1, count + 1)],
    }


def _plan(asked: Asked, wrong: str | None) -> dict[str, object]:
    lessons, sections = (2, 5) if wrong == "wrong_counts" else asked.size
    passages = [each["id"] for each in asked.data.get("passage", [])]
    planned: list[dict[str, object]] = []
    for lesson in range(lessons):
        title = f"{asked.course[:40]} {lesson + 1}"
        parts: list[dict[str, object]] = []
        for section in range(sections):
            part: dict[str, object] = {
                "title": f"{title}.{section + 1}",
                "focus": _sentence(asked.language, lesson + section, title),
                "minutes": 5 + (lesson + section) % 3,
            }
            if asked.sourced:
                at = (lesson * sections + section) * len(passages) // max(1, lessons * sections)
                part["passages"] = passages[at : at + 2]
            parts.append(part)
        planned.append({"title": title, "objectives": [_sentence(asked.language, lesson, title)], "sections": parts})
    return {"lessons": planned}


def _lesson(asked: Asked, characters: int, wrong: str | None) -> dict[str, object]:
    titles = {each["number"] - 1: str(each["title"]) for each in asked.data.get("section", [])}
    wanted = [99] if wrong == "wrong_sections" else list(asked.sections) * (2 if wrong == "repeated" else 1)
    return {"sections": [_section(asked, at, titles.get(at, asked.course), characters, wrong) for at in wanted]}


def _section(asked: Asked, at: int, title: str, characters: int, wrong: str | None) -> dict[str, object]:
    seed = zlib.crc32(f"{asked.course}/{title}".encode())
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < (40 if wrong == "short_body" else characters):
        first = seed + 3 * len(paragraphs)
        count = 1 if wrong == "short_body" else 3
        paragraphs.append(" ".join(_sentence(asked.language, first + each, title) for each in range(count)))
    body = paragraphs[0][:60] if wrong == "short_body" else "\n\n".join([*paragraphs, f"- {title}\n- {asked.course}"])
    section: dict[str, object] = {
        "number": at + 1,
        "body": body,
        "questions": [_question(asked.language, title, (seed + each) % 4, each, wrong) for each in range(2)],
    }
    if asked.sourced:
        section["citations"] = _citations(asked, at, wrong)
    return section


def _question(language: str, title: str, key: int, number: int, wrong: str | None) -> dict[str, object]:
    options = [
        {"text": f"{title[:60]} {letter}", "explanation": _sentence(language, index, title)[:200]}
        for index, letter in enumerate("ABCD")
    ]
    if wrong == "bad_questions":
        options[1] = options[0]
    prompt = f"{number + 1}. {_sentence(language, number + 3, title)}"[:299]
    return {"prompt": prompt, "options": options, "key": key, "hint": _sentence(language, 1, title), "objective": 1}


def _citations(asked: Asked, at: int, wrong: str | None) -> list[dict[str, str]]:
    named = [each["passages"] for each in asked.data.get("section", []) if each["number"] - 1 == at]
    texts = {each["id"]: str(each["text"]) for each in asked.data.get("passage", [])}
    ids = [each for each in (named[0] if named else []) if each in texts] or list(texts)[:1]
    if wrong == "false_citations":
        return [{"passage": each, "quote": "Nobody ever wrote this sentence anywhere."} for each in ids]
    return [{"passage": each, "quote": " ".join(texts[each].split()[:12])} for each in ids]
