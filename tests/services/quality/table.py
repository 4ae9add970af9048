"""``python -m tests.services.quality.table`` prints the table of docs/quality.md anew: the offline author's courses
from the bundled samples and from five real documents, against the bar."""

from __future__ import annotations

import asyncio
import importlib.metadata
from collections import Counter
from collections.abc import Iterator
from statistics import median

from services.quality.course import CheckedCourse
from services.quality.readability import lix
from services.quality.report import report_of
from services.quality.text import read
from services.samples import SAMPLES, sample_text
from tests.services.authors.test_installed_packages import descriptions
from tests.services.quality.offline_kit import offline_course
from tests.services.quality.test_offline_courses import REAL

HEAD = (
    "| text | lessons · sections · questions | minutes | a section | LIX | key longest | fullest place | passed | "
    "findings |\n|---|---|---|---|---|---|---|---|---|"
)


def texts() -> Iterator[tuple[str, str, bytes]]:
    """What it is called in the table, and the file."""
    for sample in SAMPLES:
        name, data = sample_text(sample.key)
        yield f"{sample.title.partition(':')[0]} (sample)", name, data
    known = dict(descriptions())
    for name in REAL:
        package = name.rpartition(".")[0]
        yield f"{package} {importlib.metadata.version(package)}", name, known[name]


def row(title: str, course: CheckedCourse) -> str:
    """A line of the table."""
    sections = [section for _, _, section in course.written()]
    questions = [question for section in sections for question in section.questions]
    minutes = [section.minutes for section in sections]
    report = report_of(course, "")
    found = Counter(one.rule for verdict in report.having("findings") for one in verdict.findings)
    slots = Counter(slot for section in sections for slot in section.shown_keys)
    longest = sum(
        len(each.options[each.key].text) > max(len(o.text) for at, o in enumerate(each.options) if at != each.key)
        for each in questions
    )
    scores = [score for each in sections if (score := lix(read(each.body).plain, course.language)) is not None]
    cells = (
        title,
        f"{len(course.lessons)} · {len(sections)} · {len(questions)}",
        str(sum(minutes)),
        f"{min(minutes)}–{max(minutes)}",
        f"{median(scores):.0f}" if scores else "–",
        f"{longest / max(1, len(questions)):.0%}".replace("%", " %"),
        f"{max(slots.values(), default=0) / max(1, slots.total()):.0%}".replace("%", " %"),
        str(len(report.having("passed"))),
        ", ".join(f"{count} {rule}" for rule, count in found.most_common()) or "none",
    )
    return f"| {' | '.join(cells)} |"


async def main() -> None:
    """Print it."""
    print(HEAD)
    for title, name, data in texts():
        print(row(title, await offline_course(name, data)), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
