"""What a kill leaves in the database: a copy, and the rules that it keeps whenever the bot dies."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = tuple[Any, ...]

# What one row says about another; each of these finds rows that were half-written.
_BROKEN = {
    "a section with a text and no time of writing, or the other way round": """
        SELECT id FROM section WHERE (body <> '') <> (written_at IS NOT NULL)""",
    "a section whose questions are there and are awaited, or the other way round": """
        SELECT s.id FROM section AS s JOIN course AS c ON c.id = s.course_id
        LEFT JOIN question AS q ON q.section_id = s.id WHERE json_extract(c.credit, '$.ai') OR s.body = ''
        GROUP BY s.id HAVING (count(q.id) > 0) <> (s.body <> '' AND s.quiz = 'ready') OR count(q.id) > 3""",
    "a lesson that is ready with a section that is not": """
        SELECT l.id FROM lesson AS l JOIN section AS s ON s.lesson_id = l.id
        WHERE (l.state = 'ready') AND (s.body = '' OR s.quiz = 'missing')""",
    "a lesson that is complete and not ready": """
        SELECT l.id FROM lesson AS l WHERE l.state <> 'ready'
        AND EXISTS (SELECT 1 FROM section AS s WHERE s.lesson_id = l.id)
        AND NOT EXISTS (SELECT 1 FROM section AS s WHERE s.lesson_id = l.id AND (s.body = '' OR s.quiz = 'missing'))""",
    "a lesson with one section, or in a course that is ready with none": """
        SELECT l.id FROM lesson AS l JOIN course AS c ON c.id = l.course_id
        LEFT JOIN section AS s ON s.lesson_id = l.id
        GROUP BY l.id HAVING count(s.id) = 1 OR (count(s.id) = 0 AND c.state = 'ready')""",
    "a course that is ready without a report": """
        SELECT c.id FROM course AS c WHERE c.state = 'ready'
        AND NOT EXISTS (SELECT 1 FROM quality_report AS r WHERE r.course_id = c.id)""",
    "a course without its generation, its enrolment, or with another state than its generation": """
        SELECT c.id FROM course AS c LEFT JOIN generation AS g ON g.course_id = c.id
        LEFT JOIN enrolment AS e ON e.course_id = c.id AND e.learner_id = c.owner_id
        WHERE g.id IS NULL OR e.course_id IS NULL OR (c.state = 'ready') <> (g.state = 'ready')""",
    "a generation that is open without work": """
        SELECT g.id FROM generation AS g WHERE g.state IN ('waiting', 'running')
        AND 2 <> (SELECT count(*) FROM work AS w WHERE w.state = 'open'
                  AND w.key IN ('g:' || g.id, 's:' || g.id))""",
    "a section that is announced and not written, or the other way round": """
        SELECT s.id FROM section AS s JOIN generation AS g ON g.course_id = s.course_id
        WHERE (s.body <> '') <> (SELECT count(*) FROM generation_event AS e WHERE e.generation_id = g.id
            AND e.code = 'section' AND json_extract(e.data, '$.section_id') = s.id)""",
    "a lesson that is announced and not ready, or the other way round": """
        SELECT l.id FROM lesson AS l JOIN generation AS g ON g.course_id = l.course_id
        WHERE (l.state = 'ready') <> (SELECT count(*) FROM generation_event AS e WHERE e.generation_id = g.id
            AND e.code = 'lesson' AND json_extract(e.data, '$.lesson_id') = l.id)""",
    "a thing that happened twice": """
        SELECT generation_id, code FROM generation_event
        WHERE code IN ('accepted', 'outline', 'planned', 'picture_done', 'lessons_done', 'saved', 'ready')
        GROUP BY generation_id, code HAVING count(*) > 1""",
    "a completion of a section that is not written, or in another course": """
        SELECT k.id FROM completion AS k JOIN section AS s ON s.id = k.section_id
        WHERE s.body = '' OR s.course_id <> k.course_id OR s.lesson_id <> k.lesson_id""",
    "a completion twice": """
        SELECT learner_id, section_id FROM completion GROUP BY learner_id, section_id HAVING count(*) > 1""",
    "work set aside": "SELECT id, kind, key, error FROM work WHERE state = 'aside'",
}
# What was stored stays as it is: key, then what may not change.
_KEPT = {
    "lesson": "SELECT id, course_id, position FROM lesson",
    "plan": "SELECT id, course_id, lesson_id, position, passages, focus, outcome, objectives FROM section",
    "contract": "SELECT id, title, objectives, contract, made FROM lesson WHERE contract <> '{}'",
    "section": "SELECT id, title, body, minutes, citations, version, written_at FROM section WHERE body <> ''",
    "question": "SELECT id, section_id, position, prompt, options, key, seed FROM question",
    "picture": "SELECT course_id, length(png), alternative_text FROM picture",
    "event": "SELECT id, generation_id, seq, progress, code, data, at FROM generation_event",
    "completion": "SELECT id, learner_id, section_id, completed_at, seconds FROM completion",
    "generation": "SELECT id, request_key, course_id, chat_id, message_id, message_replaced FROM generation",
    "told": "SELECT id, told_at FROM generation WHERE told_at IS NOT NULL",
    "update": "SELECT id, key FROM work",
}


@dataclass(frozen=True)
class Remains:
    """A copy of the database in the file `path`."""

    path: Path

    def rows(self, query: str, *values: object) -> list[Row]:
        """What a query finds."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(query, values).fetchall()

    def dialogue(self, telegram_id: int) -> tuple[str, str, dict[str, Any]]:
        """Kind, step and data of somebody's dialogue; empty if there is none."""
        found = self.rows(
            """SELECT d.kind, d.step, d.data FROM dialogue AS d JOIN learner AS l ON l.id = d.learner_id
            WHERE l.telegram_id = ?""",
            telegram_id,
        )
        return (found[0][0], found[0][1], json.loads(found[0][2])) if found else ("", "", {})

    def check(self) -> None:
        """Nothing is broken, nothing is half-written, every feed counts from 1 and never falls."""
        assert self.rows("PRAGMA integrity_check") == [("ok",)]
        assert self.rows("PRAGMA foreign_key_check") == []
        for what, query in _BROKEN.items():
            assert self.rows(query) == [], what
        for _, feed in self.feeds():
            assert [seq for seq, _ in feed] == list(range(1, len(feed) + 1)), "a feed with a hole"
            assert [at for _, at in feed] == sorted(at for _, at in feed), "a progress that falls"

    def check_after(self, earlier: Remains) -> None:
        """All that was stored then is stored now, as it was."""
        for what, query in _KEPT.items():
            now = {row[0]: row for row in self.rows(query)}
            for row in earlier.rows(query):
                assert now.get(row[0]) == row, f"a {what} was stored and is another now"

    def feeds(self) -> Iterator[tuple[int, Sequence[tuple[int, int]]]]:
        """Each generation's (seq, progress)."""
        for (generation,) in self.rows("SELECT id FROM generation"):
            query = "SELECT seq, progress FROM generation_event WHERE generation_id = ? ORDER BY seq"
            yield generation, self.rows(query, generation)

    def open_work(self) -> int:
        """How many pieces of work are not done."""
        return int(self.rows("SELECT count(*) FROM work WHERE state = 'open'")[0][0])


def take(database: Path, into: Path) -> Remains:
    """Copy the files of a database that nobody has open, and leave the original as it is: to mend it is the bot's."""
    for suffix in ("", "-wal"):
        source = database.with_name(database.name + suffix)
        if source.exists():
            shutil.copyfile(source, into.with_name(into.name + suffix))
    return Remains(into)


def written(database: Path) -> tuple[int, int]:
    """Something that changes with each write into a database."""
    try:
        found = database.with_name(f"{database.name}-wal").stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def look(database: Path) -> Remains:
    """A look into a database that is in use; only for reading."""
    return Remains(database)
