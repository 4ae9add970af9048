"""What every chat handler is given: the services (the desk) and who is here, at which step (the visit)."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackContext, ExtBot

from services.views import DialogueView, LearnerView

if TYPE_CHECKING:
    from services.auth import AuthService
    from services.clock import Clock
    from services.courses import CourseService
    from services.dialogues import DialogueService
    from services.disputes import DisputeService
    from services.generation import GenerationService
    from services.health import HealthService
    from services.jobs import Jobs
    from services.learners import LearnerService
    from services.limits import LimitService
    from services.mail import MailService
    from services.money.quotes import Quotes
    from services.money.reports import SpendingReports
    from services.progress import ProgressService
    from services.quality_reports import QualityReports
    from services.questions import QuestionService
    from services.sources import DocumentService


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The services a chat handler may ask, and the few settings that its sentences need."""

    learners: LearnerService
    auth: AuthService
    dialogues: DialogueService
    courses: CourseService
    generations: GenerationService
    progress: ProgressService
    questions: QuestionService
    disputes: DisputeService
    documents: DocumentService
    health: HealthService
    jobs: Jobs
    limits: LimitService
    clock: Clock
    quality: QualityReports
    quotes: Quotes
    spending: SpendingReports
    mail: MailService | None = None
    operator_name: str | None = None
    support_contact: str | None = None
    admin_ids: tuple[int, ...] = ()


@dataclass(slots=True)
class Visit:
    """One update's visitor: the learner, the dialogue as it stood before this update, and when the update came."""

    learner: LearnerView
    dialogue: DialogueView | None
    update_id: int
    at: datetime

    @property
    def repeated(self) -> bool:
        """Whether this very update has moved the dialogue already (it was delivered again after a crash)."""
        return self.dialogue is not None and self.dialogue.update_id == self.update_id


# Set by the application before it dispatches an update, read by routes and contexts; each lane has its own.
VISIT: ContextVar[Visit | None] = ContextVar("visit", default=None)


class LecternContext(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """python-telegram-bot's context with our desk and visit."""

    @property
    def desk(self) -> Desk:
        """The services."""
        desk: Desk = self.application.desk  # type: ignore[attr-defined]  # always a LecternApplication
        return desk

    @property
    def visit(self) -> Visit:
        """Who is here. Raises RuntimeError for updates without a person (they are not routed to such handlers)."""
        visit = VISIT.get()
        if visit is None:
            raise RuntimeError("this update has no visitor")
        return visit

    @property
    def learner(self) -> LearnerView:
        """Short for `visit.learner`."""
        return self.visit.learner
