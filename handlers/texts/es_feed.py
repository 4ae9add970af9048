"""Spanish: what happens while a course is made, as the feed of events says it."""

from __future__ import annotations

from handlers.texts import Text

FEED: dict[str, Text] = {
    "feed.accepted": "Se está planeando tu curso.",
    "feed.accepted.again": "Se sigue desde lo que ya está escrito.",
    "feed.outline": {"one": "Habrá {n} lección.", "other": "Habrá {n} lecciones."},
    "feed.planned": {"one": "Hay {n} lección planeada.", "other": "Hay {n} lecciones planeadas."},
    "feed.picture_started": "Se está dibujando la imagen.",
    "feed.picture_done": "La imagen está lista.",
    "feed.section": "Escrita la sección {section} de la lección {lesson}.",
    "feed.lesson": "Lista la lección {lesson}: {title}",
    "feed.lesson_failed": "No se pudo escribir la lección {lesson}: {because}.",
    "feed.lesson_failed_in_part": "No se pudo escribir entera la lección {lesson}: {because}.",
    "feed.lessons_done": "Todas las lecciones están escritas.",
    "feed.saved": "Todo está guardado.",
    "feed.ready": "Tu curso está listo.",
    "feed.failed": "No se pudo crear este curso: {because}.",
    "feed.failed.meaning": "No se pudo crear: {because}. Lo escrito se conserva y se puede seguir desde ahí.",
    "feed.stopped": "Parado.",
    "feed.stopped.meaning": "Lo paraste. Lo escrito se conserva: puedes seguir, dejarlo como está o descartarlo.",
    "feed.discarded": "Descartado.",
    "feed.discarded.meaning": "Se descartó, así que no hay curso que leer.",
    "notice.source_enough_for": {
        "one": "El documento da para {n} minuto más o menos, así que hay menos lecciones: no se inventa nada.",
        "other": "El documento da para unos {n} minutos, así que hay menos lecciones: no se inventa nada.",
    },
}
