"""What services give back: frozen, complete, and free of how it is stored or shown. Times are aware UTC."""

from __future__ import annotations

from services.views.courses import (
    CourseCard,
    CourseSummary,
    CourseView,
    DocumentView,
    KeyedQuestionView,
    LessonState,
    LessonView,
    PictureView,
    QuestionView,
    SectionView,
    VersionView,
)
from services.views.learning import Achievement, CompletionView, NoteView, ProgressView, Remaining
from services.views.making import FeedEvent, GenerationState, GenerationView, StepView
from services.views.people import DialogueView, LearnerView, PersonView, ProfileView, Role
from services.views.running import HealthView, ProbeView, WorkloadView
from storage.standing import Done

__all__ = [
    "Achievement",
    "CompletionView",
    "CourseCard",
    "CourseSummary",
    "CourseView",
    "DialogueView",
    "DocumentView",
    "Done",
    "FeedEvent",
    "GenerationState",
    "GenerationView",
    "HealthView",
    "KeyedQuestionView",
    "LearnerView",
    "LessonState",
    "LessonView",
    "NoteView",
    "PersonView",
    "PictureView",
    "ProbeView",
    "ProfileView",
    "ProgressView",
    "QuestionView",
    "Remaining",
    "Role",
    "SectionView",
    "StepView",
    "VersionView",
    "WorkloadView",
]
