"""Russian: what happens while a course is made, as the feed of events says it."""

from __future__ import annotations

from handlers.texts import Text

FEED: dict[str, Text] = {
    "feed.accepted": "Готовится план вашего курса.",
    "feed.accepted.again": "Продолжаем с того, что уже написано.",
    "feed.outline": {
        "one": "Будет {n} урок.",
        "few": "Будет {n} урока.",
        "many": "Будет {n} уроков.",
        "other": "Будет {n} урока.",
    },
    "feed.planned": {
        "one": "В плане {n} урок.",
        "few": "В плане {n} урока.",
        "many": "В плане {n} уроков.",
        "other": "В плане {n} урока.",
    },
    "feed.picture_started": "Рисуется картинка.",
    "feed.picture_done": "Картинка готова.",
    "feed.section": "Написан раздел {section} урока {lesson}.",
    "feed.lesson": "Готов урок {lesson}: {title}",
    "feed.lesson_failed": "Не удалось написать урок {lesson}: {because}.",
    "feed.lesson_failed_in_part": "Урок {lesson} удалось написать не целиком: {because}.",
    "feed.lessons_done": "Все уроки написаны.",
    "feed.saved": "Всё сохранено.",
    "feed.ready": "Ваш курс готов.",
    "feed.failed": "Создать этот курс не удалось: {because}.",
    "feed.failed.meaning": "Создать курс не удалось: {because}. Написанное сохранено, и с ним можно продолжить.",
    "feed.stopped": "Остановлено.",
    "feed.stopped.meaning": "Вы остановили создание. Написанное сохранено: можно продолжить, оставить или отбросить.",
    "feed.discarded": "Отброшено.",
    "feed.discarded.meaning": "Курс отброшен, читать нечего.",
    "notice.source_enough_for": {
        "one": "Документа хватит примерно на {n} минуту, поэтому уроков меньше: ничего не придумывается.",
        "few": "Документа хватит примерно на {n} минуты, поэтому уроков меньше: ничего не придумывается.",
        "many": "Документа хватит примерно на {n} минут, поэтому уроков меньше: ничего не придумывается.",
        "other": "Документа хватит примерно на {n} минуты, поэтому уроков меньше: ничего не придумывается.",
    },
}
