"""What REST handlers may ask: the services that the roof has built, by name (`call.services`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.activity import ActivityLog
    from services.admin import AdminService
    from services.analytics import AnalyticsService
    from services.auth import AuthService
    from services.clock import Clock
    from services.courses import CourseService
    from services.courses_edited import Editing
    from services.courses_listed import Catalogue
    from services.disputes import DisputeService
    from services.generation import GenerationService
    from services.health import HealthService
    from services.jobs import Jobs
    from services.learners import LearnerService
    from services.limits import LimitService
    from services.mail import MailService
    from services.metrics import MetricsService
    from services.money.reports import SpendingReports
    from services.people import PeopleService
    from services.progress import ProgressService
    from services.publishing import Publishing
    from services.quality_reports import QualityReports
    from services.questions import QuestionService
    from services.rendered import Rendered
    from services.sources import DocumentService
    from services.studies import StudyService


@dataclass(frozen=True, slots=True, kw_only=True)
class WebServices:
    """One field a service; None where the roof (or a test) has not built it."""

    clock: Clock | None = None
    learners: LearnerService | None = None
    auth: AuthService | None = None
    people: PeopleService | None = None
    courses: CourseService | None = None
    catalogue: Catalogue | None = None
    editing: Editing | None = None
    publishing: Publishing | None = None
    rendered: Rendered | None = None
    generations: GenerationService | None = None
    progress: ProgressService | None = None
    quality: QualityReports | None = None
    spending: SpendingReports | None = None
    studies: StudyService | None = None
    questions: QuestionService | None = None
    disputes: DisputeService | None = None
    analytics: AnalyticsService | None = None
    documents: DocumentService | None = None
    health: HealthService | None = None
    jobs: Jobs | None = None
    limits: LimitService | None = None
    activity: ActivityLog | None = None
    admin: AdminService | None = None
    metrics: MetricsService | None = None
    mail: MailService | None = None
    public_url: str = ""
    support_contact: str | None = None
