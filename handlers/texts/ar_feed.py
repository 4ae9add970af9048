"""Arabic: what happens while a course is made, as the feed of events says it."""

from __future__ import annotations

from handlers.texts import Text

FEED: dict[str, Text] = {
    "feed.accepted": "يجري التخطيط لدورتك.",
    "feed.accepted.again": "نتابع انطلاقًا مما كُتب.",
    "feed.outline": {
        "zero": "لن تكون هناك دروس.",
        "one": "سيكون هناك درس واحد.",
        "two": "سيكون هناك درسان.",
        "few": "ستكون هناك {n} دروس.",
        "many": "سيكون هناك {n} درسًا.",
        "other": "سيكون هناك {n} درس.",
    },
    "feed.planned": {
        "zero": "لا دروس في الخطة.",
        "one": "في الخطة درس واحد.",
        "two": "في الخطة درسان.",
        "few": "في الخطة {n} دروس.",
        "many": "في الخطة {n} درسًا.",
        "other": "في الخطة {n} درس.",
    },
    "feed.picture_started": "يجري رسم الصورة.",
    "feed.picture_done": "الصورة جاهزة.",
    "feed.section": "كُتب القسم {section} من الدرس {lesson}.",
    "feed.lesson": "الدرس {lesson} جاهز: {title}",
    "feed.lesson_failed": "تعذّرت كتابة الدرس {lesson}: {because}.",
    "feed.lesson_failed_in_part": "تعذّرت كتابة الدرس {lesson} كاملًا: {because}.",
    "feed.lessons_done": "كُتبت كل الدروس.",
    "feed.saved": "كل شيء محفوظ.",
    "feed.ready": "دورتك جاهزة.",
    "feed.failed": "تعذّر إنشاء هذه الدورة: {because}.",
    "feed.failed.meaning": "تعذّر إنشاؤها: {because}. ما كُتب محفوظ، ويمكن المتابعة منه.",
    "feed.stopped": "توقّف العمل.",
    "feed.stopped.meaning": "توقّف العمل بطلب منك. ما كُتب محفوظ: يمكن المتابعة، أو الاحتفاظ به كما هو، أو التخلي عنه.",
    "feed.discarded": "تمّ التخلي عنها.",
    "feed.discarded.meaning": "تمّ التخلي عنها، فلا دورة للقراءة.",
    "notice.source_enough_for": {
        "zero": "لا يكفي المستند لأي دقيقة، فالدروس أقل: لا يُختلق شيء.",
        "one": "يكفي المستند لنحو دقيقة واحدة، فالدروس أقل: لا يُختلق شيء.",
        "two": "يكفي المستند لنحو دقيقتين، فالدروس أقل: لا يُختلق شيء.",
        "few": "يكفي المستند لنحو {n} دقائق، فالدروس أقل: لا يُختلق شيء.",
        "many": "يكفي المستند لنحو {n} دقيقة، فالدروس أقل: لا يُختلق شيء.",
        "other": "يكفي المستند لنحو {n} دقيقة، فالدروس أقل: لا يُختلق شيء.",
    },
}
