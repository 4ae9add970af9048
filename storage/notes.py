"""What learners write about sections: jobs for the grouping writer, kept once per key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.models.base import from_ms, to_ms
from storage.writer import Ask, Job, Row, Statement, repeatable


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as stored."""

    id: int
    section_id: int
    text: str
    created_at: datetime


_KEEP_NOTE = Statement(
    """
    INSERT INTO note (learner_id, section_id, key, text, created_at)
    SELECT e.learner_id, s.id, CAST(:key AS VARCHAR), CAST(:text AS TEXT), CAST(:now AS BIGINT)
    FROM section AS s JOIN enrolment AS e ON e.course_id = s.course_id AND e.learner_id = CAST(:learner AS BIGINT)
    WHERE s.id = CAST(:section AS BIGINT)
    ON CONFLICT (learner_id, key) DO UPDATE SET text = excluded.text
    RETURNING id, section_id, text, created_at
    """
)
_NOTES = Statement(
    """
    SELECT id, section_id, text, created_at FROM note
    WHERE learner_id = CAST(:learner AS BIGINT) AND section_id = CAST(:section AS BIGINT) ORDER BY id
    """
)


@repeatable
def keep_note(learner: int, section: int, key: str, words: str, now: datetime) -> Job[NoteRow | None]:
    """Keep a note once per key (a changed text replaces it); None if the section is not this learner's."""
    rows = yield Ask(_KEEP_NOTE, {"learner": learner, "section": section, "key": key, "text": words, "now": to_ms(now)})
    return _note(rows[0]) if rows else None


@repeatable
def notes(learner: int, section: int) -> Job[tuple[NoteRow, ...]]:
    """A learner's notes on a section, oldest first."""
    rows = yield Ask(_NOTES, {"learner": learner, "section": section})
    return tuple(_note(row) for row in rows)


def _note(row: Row) -> NoteRow:
    return NoteRow(row[0], row[1], row[2], from_ms(row[3]))
