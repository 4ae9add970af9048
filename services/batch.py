"""Many reports at once: each is answered as if it had come alone, all are recorded in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.errors import NotFound
from services.library import Library
from services.places import Place, Places
from services.progress import progress_view
from services.rules import progress as rules
from services.views import LearnerView, ProgressView
from services.views.studies import BatchItem, BatchResult, BatchView
from storage import batch as rows
from storage.database import Database

MOST = 100  # items of a batch


class Batches:
    """Takes what a client did while it was away."""

    def __init__(self, database: Database, library: Library, places: Places, *, mail: bool = False) -> None:
        self._writer = database.writer
        self._library = library
        self._places = places
        self._mail = mail

    async def record(self, learner: LearnerView, items: Sequence[BatchItem | str], at: datetime) -> BatchView:
        """Record the items in their order. One that is a text was found faulty before; the text says why, and comes
        back as its error. One bad item harms no other."""
        found = [await self._find(item) for item in items]
        pairs = list(zip(items, found, strict=True))
        good = [_entry(item) for item, place in pairs if isinstance(item, BatchItem) and isinstance(place, Place)]
        limits = {"least": rules.LEAST_SECONDS, "pause": rules.LONGEST_PAUSE}
        recorded = await self._writer.do(rows.record(learner.id, good, at, **limits, mail=self._mail), of=learner.id)
        progress = {
            course_id: progress_view(await self._library.course_of(standing), standing)
            for course_id, standing in recorded.standings.items()
        }
        replay = _Replay(progress, [entry for entry, kept in zip(good, recorded.kept, strict=True) if kept])
        kept = iter(recorded.kept)
        results = []
        for item, place in pairs:
            if isinstance(item, str) or isinstance(place, str):
                results.append(BatchResult("error", why=str(item)))
            elif isinstance(place, NotFound):
                results.append(await self._refused(learner, item, place))
            elif next(kept):
                results.append(replay.kept(item, place))
            elif item.course_id not in progress:
                results.append(await self._refused(learner, item, None))
            else:
                results.append(replay.not_kept(item))
        return BatchView(tuple(results), tuple(progress.values()))

    async def _find(self, item: BatchItem | str) -> Place | NotFound | str:
        if isinstance(item, str):
            return item
        try:
            return await self._places.find(item.course_id, item.lesson_id, item.section_id)
        except NotFound as missing:
            return missing

    async def _refused(self, learner: LearnerView, item: BatchItem, missing: NotFound | None) -> BatchResult:
        error = await self._places.refusal(learner, item.course_id, missing)
        return BatchResult("error", why=f"{error.code}.{error}")


class _Replay:
    """Takes the completions of a batch one by one, for what each of them reached."""

    def __init__(self, progress: dict[int, ProgressView], kept: Sequence[rows.Entry]) -> None:
        self._progress = progress
        self._done = {course_id: dict(view.done) for course_id, view in progress.items()}
        for entry in kept:
            if entry.kind == "section_completed":
                self._done[entry.course_id].pop(entry.section_id, None)

    def kept(self, item: BatchItem, place: Place) -> BatchResult:
        """What came of an item that was written."""
        if item.kind != "section_completed":
            return BatchResult("updated" if item.kind == "time_update" else "recorded")
        record = self._progress[item.course_id].done.get(item.section_id)
        if record is None:  # the section was taken out of the course just now
            return BatchResult("error", why="not_found.section")
        done = self._done[item.course_id]
        done[item.section_id] = record
        # Only the end of a course tells its time, and nothing is half read by then: the completions' seconds are all.
        seconds = sum(one.seconds for one in done.values())
        reached = rules.achievements(self._progress[item.course_id].course, place.lesson, done, seconds, None)
        return BatchResult("success", done=record, achievements=reached)

    def not_kept(self, item: BatchItem) -> BatchResult:
        """What an item met that was not: an earlier completion, or a section that has just gone."""
        record = self._progress[item.course_id].done.get(item.section_id)
        if item.kind != "section_completed" or record is None:
            return BatchResult("error", why="not_found.section")
        return BatchResult("already_completed", done=record)


def _entry(item: BatchItem) -> rows.Entry:
    return rows.Entry(
        kind=item.kind,
        course_id=item.course_id,
        section_id=item.section_id,
        at=item.at,
        seconds=item.seconds,
        interactions=item.interactions,
        note=item.note,
    )
