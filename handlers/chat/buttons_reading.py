"""The buttons of one's courses, progress, notes and settings (those of reading itself are in `buttons`)."""

from __future__ import annotations

from handlers.chat.buttons import Button, button


@button("cl")
class ListCourses(Button):
    """One's courses, page `page` (0-based); the archived ones if `archived` is 1."""

    archived: int
    page: int


@button("cr")
class RenameCourse(Button):
    """Ask for a new title."""

    course_id: int


@button("ca")
class ArchiveCourse(Button):
    """Put a course away (`archived` 1) or bring it back (0)."""

    course_id: int
    archived: int


@button("cd")
class AskDelete(Button):
    """Ask whether a course is really to be deleted."""

    course_id: int


@button("cx")
class DeleteCourse(Button):
    """Delete it, or leave it if it is somebody else's."""

    course_id: int


@button("cq")
class ShowQuality(Button):
    """Show what the checks found in a course."""

    course_id: int


@button("nx")
class CancelNote(Button):
    """Write no note after all."""

    section_id: int
    page: int


@button("p")
class ShowProgress(Button):
    """Progress in all courses, page `page` (0-based)."""

    page: int


@button("pc")
class CourseProgress(Button):
    """Progress in one course."""

    course_id: int


@button("pp")
class ProgressPicture(Button):
    """Progress as a picture, in one course; in all of them where that is 0."""

    course_id: int


@button("w")
class WhatNext(Button):
    """What next, after a course?"""


@button("o")
class OpenSettings(Button):
    """The settings."""


@button("ol")
class PickLanguage(Button):
    """Choose a language."""


@button("os")
class SetLanguage(Button):
    """Speak this language from now on."""

    language: str


@button("oz")
class PickZone(Button):
    """Choose a time zone: first its part of the world."""


@button("or")
class PickCity(Button):
    """Choose a time zone: the cities of one part of the world, page `page` (0-based)."""

    region: str
    page: int


@button("ot")
class SetZone(Button):
    """Use this time zone (an IANA name)."""

    name: str


@button("om")
class OpenMail(Button):
    """Mail: the address, and which letters are wanted."""


@button("on")
class SetMail(Button):
    """Want the letter number `choice` (`wanted` 1), or not any more (0)."""

    choice: int
    wanted: int


@button("oa")
class AskAddress(Button):
    """Ask for an address."""


@button("of")
class ForgetAddress(Button):
    """Forget the address."""
