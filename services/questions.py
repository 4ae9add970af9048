"""Questions: asked in each learner's own order, answered in at most two tries, and settled with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.courses_access import Access, find_lesson, find_section
from services.errors import Conflict, Fault, Invalid, NotFound
from services.library import Library
from services.places import Places
from services.progress import ProgressService, progress_view
from services.question_bank import QuestionBank
from services.rules import questions as rules
from services.rules.questions import Kept, Tried
from services.views import CourseView, LearnerView, LessonView, SectionView
from services.views.questions import AnsweredView, AskedView, QuestionsView
from storage import attempts as rows
from storage.database import Database


class QuestionService:
    """A learner's answers are rows; what is right is looked up here, and told once a question is settled."""

    def __init__(self, database: Database, library: Library, progress: ProgressService, bank: QuestionBank) -> None:
        self._writer = database.writer
        self._library = library
        self._progress = progress
        self._bank = bank
        self._places = Places(library, Access(database=database, library=library))

    async def of_section(self, learner_id: int, section_id: int, at: datetime) -> QuestionsView:
        """The questions of a section. Raises NotFound("section") if it is not there, not written or not theirs."""
        answers = await self._writer.do(rows.look(learner_id, section_id, at), of=learner_id)
        if answers is None:
            raise NotFound("section")
        return await self._view(learner_id, section_id, answers)

    async def at_place(
        self, learner: LearnerView, course_id: int, lesson_id: int, section_id: int, at: datetime
    ) -> QuestionsView:
        """The same at a place in a course. Raises NotFound for course, lesson or section, Forbidden("not_enrolled") for
        who sees the course without learning it."""
        try:
            await self._places.find(course_id, lesson_id, section_id)
        except NotFound as missing:
            raise await self._places.refusal(learner, course_id, missing) from None
        try:
            return await self.of_section(learner.id, section_id, at)
        except NotFound:
            raise await self._places.refusal(learner, course_id, None) from None

    async def of_lesson(self, learner_id: int, course_id: int, lesson_id: int, at: datetime) -> QuestionsView:
        """The questions of a lesson's first section that has open ones, completed sections first; without open ones,
        those of the first section that has any. Raises NotFound: ``course``, ``lesson``, ``question``."""
        progress = await self._progress.progress(learner_id, course_id)
        lesson = find_lesson(progress.course, lesson_id)
        asking = [section for section in lesson.sections if section.written and section.question_count]
        if not asking:
            raise NotFound("question")
        found = min(asking, key=lambda one: (not progress.open_in(one), one.id not in progress.done, one.position))
        return await self.of_section(learner_id, found.id, at)

    async def question(self, learner_id: int, question_id: int, at: datetime) -> AnsweredView:
        """One question, and those beside it. Raises NotFound("question") if it is not there or not theirs."""
        kept = await self._bank.find(question_id)
        answers = await self._writer.do(rows.look(learner_id, kept.section_id, at), of=learner_id)
        return await self._answered(learner_id, kept, answers, counted=False)

    async def answer(self, learner_id: int, question_id: int, place: int, nth: int, at: datetime) -> AnsweredView:
        """Choose the option that the learner sees at `place`, as try `nth`. One that is recorded already, or that the
        question has no place for, changes nothing. Raises NotFound("question"), Invalid if there is no such option."""
        kept = await self._bank.find(question_id)
        order = rules.shown_order(kept.seed, learner_id, len(kept.options))
        if not 0 <= place < len(order):
            # Whether there is such a question is for those to know who may see it.
            await self.question(learner_id, question_id, at)
            raise Invalid(Fault("option", "unknown", str(place), f"0–{len(order) - 1}"))
        return await self._try(learner_id, kept, order[place], nth, at)

    async def skip(self, learner_id: int, question_id: int, nth: int, at: datetime) -> AnsweredView:
        """Leave a question instead of trying it the `nth` time: it counts as wrong. Raises NotFound("question")."""
        return await self._try(learner_id, await self._bank.find(question_id), None, nth, at)

    async def _try(self, learner_id: int, kept: Kept, choice: int | None, nth: int, at: datetime) -> AnsweredView:
        new = rows.NewAttempt(
            question_id=kept.id,
            nth=nth,
            choice=choice,
            correct=choice == kept.key,
            settled=rules.settles(kept, nth, choice),
        )
        recorded = await self._writer.do(rows.attempt(learner_id, kept.section_id, new, at), of=learner_id)
        if recorded is None:
            raise NotFound("question")
        again = any(
            one.question_id == kept.id and (one.nth, one.choice) == (nth, choice) for one in recorded.answers.tries
        )
        return await self._answered(learner_id, kept, recorded.answers, counted=again)

    async def _answered(
        self, learner_id: int, kept: Kept, answers: rows.SectionAnswers | None, *, counted: bool
    ) -> AnsweredView:
        if answers is None:
            raise NotFound("question")
        view = await self._view(learner_id, kept.section_id, answers)
        found = view.find(kept.id)
        if found is None:  # voided, and never met: it is shown as what it is
            found = _asked(learner_id, kept, answers, 0, 0)
        return AnsweredView(counted, found, view)

    async def _view(self, learner_id: int, section_id: int, answers: rows.SectionAnswers) -> QuestionsView:
        course, lesson, section = await self._home(answers.standing.course_id, section_id)
        kept = await self._bank.some(section_id, answers.ids)
        met = {one.question_id for one in answers.tries} | answers.disputed
        counting = [one for one in kept if one.id not in answers.voided]
        shown = [one for one in kept if one.id not in answers.voided or one.id in met]
        numbers = {one.id: number for number, one in enumerate(counting, 1)}
        questions = tuple(_asked(learner_id, one, answers, numbers.get(one.id, 0), len(counting)) for one in shown)
        return QuestionsView(progress_view(course, answers.standing), lesson, section, questions)

    async def _home(self, course_id: int, section_id: int) -> tuple[CourseView, LessonView, SectionView]:
        course = await self._library.course(course_id)
        for lesson in course.lessons:
            if any(section.id == section_id for section in lesson.sections):
                return course, lesson, find_section(lesson, section_id)
        raise NotFound("section")


def required(view: AnsweredView) -> AskedView:
    """The question after a try that was recorded. Raises Conflict if none was: ``voided``, ``answered`` (it is settled,
    or this was not the try that comes next)."""
    if view.counted:
        return view.asked
    raise Conflict("voided" if view.asked.outcome == "voided" else "answered")


def _asked(learner_id: int, kept: Kept, answers: rows.SectionAnswers, number: int, of: int) -> AskedView:
    tries: Sequence[Tried] = [
        Tried(one.choice, one.correct, one.skipped) for one in answers.tries if one.question_id == kept.id
    ]
    return rules.asked(
        kept,
        learner_id,
        tries,
        number=number,
        of=of,
        voided=kept.id in answers.voided,
        disputed=kept.id in answers.disputed,
    )
