"""All tables; importing this module registers each of them with `Base.metadata`."""

from __future__ import annotations

from storage.models.activity import ActivityAlias, ActivityEntry
from storage.models.base import Base
from storage.models.courses import Course, Document, Lesson, Picture, Question, Section, SectionVersion
from storage.models.generations import Generation, GenerationEvent
from storage.models.learning import Completion, Enrolment, LearningEvent, Note, Reading
from storage.models.mail import Mailbox
from storage.models.money import Budget, Spending
from storage.models.people import Dialogue, Invite, Learner
from storage.models.quality import QualityReport
from storage.models.questions import Attempt, Dispute
from storage.models.sessions import SignIn, SignInCode
from storage.models.work import Lease, Work, Worker

__all__ = [
    "ActivityAlias",
    "ActivityEntry",
    "Attempt",
    "Base",
    "Budget",
    "Completion",
    "Course",
    "Dialogue",
    "Dispute",
    "Document",
    "Enrolment",
    "Generation",
    "GenerationEvent",
    "Invite",
    "Learner",
    "LearningEvent",
    "Lease",
    "Lesson",
    "Mailbox",
    "Note",
    "Picture",
    "QualityReport",
    "Question",
    "Reading",
    "Section",
    "SectionVersion",
    "SignIn",
    "SignInCode",
    "Spending",
    "Work",
    "Worker",
]
