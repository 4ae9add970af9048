"""What helps people who read differently, found in what is really there; in the words of schema.org."""

from __future__ import annotations

import re

from services.views import CourseView

_WITHOUT_WORDS = re.compile(r"!\[\s*\]\s*[(\[]")


def features(course: CourseView) -> tuple[str, ...]:
    """The features of a course: that it can be walked by its headings and has one order in which it is read, once
    something is written; that pictures are described, where there are any and all of them are."""
    written = [section for section in course.sections if section.written]
    found = []
    if written and all(section.title for section in written):
        found.append("structuralNavigation")
    if written:
        found.append("readingOrder")
    pictured = bool(course.picture) or any("![" in section.body for section in written)
    if pictured and course.picture != "" and not any(_WITHOUT_WORDS.search(section.body) for section in written):
        found.append("alternativeText")
    return tuple(found)
