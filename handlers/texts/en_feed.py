"""English: what happens while a course is made, as the feed of events says it."""

from __future__ import annotations

from handlers.texts import Text

FEED: dict[str, Text] = {
    "feed.accepted": "Your course is being planned.",
    "feed.accepted.again": "It goes on from what is written.",
    "feed.outline": {"one": "There will be {n} lesson.", "other": "There will be {n} lessons."},
    "feed.planned": {"one": "{n} lesson is planned.", "other": "{n} lessons are planned."},
    "feed.picture_started": "The picture is being drawn.",
    "feed.picture_done": "The picture is there.",
    "feed.section": "Section {section} of lesson {lesson} is written.",
    "feed.lesson": "Lesson {lesson} is ready: {title}",
    "feed.lesson_failed": "Lesson {lesson} could not be written: {because}.",
    "feed.lesson_failed_in_part": "Not all of lesson {lesson} could be written: {because}.",
    "feed.lessons_done": "All lessons are written.",
    "feed.saved": "Everything is kept.",
    "feed.ready": "Your course is ready.",
    "feed.failed": "This course could not be made: {because}.",
    "feed.failed.meaning": "It could not be made: {because}. What is written is kept, and it can be gone on with.",
    "feed.stopped": "Stopped.",
    "feed.stopped.meaning": "You stopped it. What is written is kept: go on with it, keep it as it is, or discard it.",
    "feed.discarded": "Discarded.",
    "feed.discarded.meaning": "It was discarded, so there is no course to read.",
    "notice.source_enough_for": {
        "one": "The document is enough for about {n} minute, so there are fewer lessons: nothing is made up.",
        "other": "The document is enough for about {n} minutes, so there are fewer lessons: nothing is made up.",
    },
}
