"""Spanish: what courses cost, the limits on it, and what was spent, for admins."""

from __future__ import annotations

from handlers.texts import Text

_SET = "Quienes llevan este bot han puesto un límite a lo que "
_THEY_SET = _SET[0].lower() + _SET[1:]  # after a colon
_COURSE = "puede costar un curso, y "
_LEARNER = "pueden costar en un día los cursos de una persona, y "
_BOT = "puedo gastar en un día, y "

MONEY: dict[str, Text] = {
    "words.about": "unos {amount}",
    "words.under": "menos de {amount}",
    # On the card of a course that is proposed
    "card.cost": "Coste: {amount}.",
    "card.cost.left": "Coste: {amount}; del margen de hoy quedan {left}.",
    "card.cap_course": _SET + _COURSE + "este no cabría. Uno de {time} sí.",
    "card.cap_course.none": _SET + _COURSE + "este no cabría. Puede cambiarlo {operator}.",
    "card.cap_learner": _SET + _LEARNER + "este no cabe en lo que queda. Se puede crear a partir de las {until}.",
    "card.cap_bot": _SET + _BOT + "este curso no cabe en lo que queda. Se puede crear a partir de las {until}.",
    "card.cap.shorter": "Hoy cabe uno de {time}.",
    "key.shorter": "✂ Mejor {time}",
    "limit.cap_learner": _SET + _LEARNER + "este no cabe en lo que queda. Se puede crear a partir de las {time}.",
    "limit.cap_bot": _SET + _BOT + "este curso no cabe en lo que queda. Se puede crear a partir de las {time}.",
    "fault.minutes.too_dear": "Un curso de {found} minutos costaría más de lo que aquí puede costar uno; caben "
    "{allowed} minutos.",
    # Reached while something was being made
    "author.cap_course": _SET + _COURSE + "se ha alcanzado. Puede cambiarlo {operator}.",
    "author.cap_learner": _SET + _LEARNER + "se ha alcanzado. Mañana se sigue, o antes si lo cambia {operator}.",
    "author.cap_bot": _SET + _BOT + "se ha alcanzado. Mañana se sigue, o antes si lo cambia {operator}.",
    "author.price_unknown": "No puedo gastar sin saber cuánto cuesta un modelo, y del nuestro no lo sé. Puede "
    "cambiarlo {operator}.",
    "because.cap_course": _THEY_SET + _COURSE + "se ha alcanzado; pueden cambiarlo",
    "because.cap_learner": _THEY_SET + _LEARNER + "se ha alcanzado; mañana se sigue",
    "because.cap_bot": _THEY_SET + _BOT + "se ha alcanzado; mañana se sigue",
    "because.price_unknown": "no se sabe cuánto cuesta el modelo",
    # /cost
    "cost.head": "<b>Gasto en modelos</b>\nDólares estadounidenses; los días empiezan a medianoche UTC",
    "cost.today": "<b>Hoy</b> {amount}",
    "cost.today.cap": "<b>Hoy</b> {amount} de {cap}",
    "cost.days": "<b>{n} días</b> {amount}",
    "cost.calls": {"one": "{n} llamada", "other": "{n} llamadas"},
    "cost.cached": "{percent} de la entrada desde la caché",
    "cost.by_model": "<b>Por modelo</b>, {n} días",
    "cost.by_step": "<b>Por paso</b>, {n} días",
    "cost.row": "{name} {amount}",
    "cost.open": {
        "one": "Hay {n} llamada sin liquidar; importe posible: {amount}.",
        "other": "Hay {n} llamadas sin liquidar; importe posible: {amount}.",
    },
    "cost.estimates": {
        "one": "De {n} curso se esperaba un coste de {expected} y fue de {amount}: {percent} de diferencia.",
        "other": "De {n} cursos se esperaba un coste de {expected} y fue de {amount}: {percent} de diferencia media.",
    },
    "cost.dearest": "<b>Los cursos más caros</b>, {n} días",
    "cost.course": "curso {id}: {amount}",
    "cost.course.expected": "curso {id}: {amount}, previsto {expected}",
    "cost.course.gone": "un curso borrado: {amount}",
    "cost.caps": "<b>Límites</b> {caps}",
    "cost.caps.none": "No hay límites; se ponen con CAP_COURSE_USD, CAP_LEARNER_DAY_USD y CAP_DAY_USD.",
    "cost.cap.course": "{amount} por curso",
    "cost.cap.learner": "{amount} por persona y día",
    "cost.cap.bot": "{amount} al día en total",
}
