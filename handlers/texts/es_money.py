"""Spanish: what courses cost, the limits on it, and what was spent, for admins."""

from __future__ import annotations

from handlers.texts import Text

MONEY: dict[str, Text] = {
    "words.under": "menos de {amount}",
    "card.cost": "Costará unos {amount}.",
    "card.cost.left": "Costará unos {amount}; hoy quedan {left} de lo permitido.",
    "card.cap_course": "Quienes llevan este bot han puesto un límite a lo que puede costar un curso, y este no "
    "cabría. Uno de {time} sí.",
    "card.cap_course.none": "Quienes llevan este bot han puesto un límite a lo que puede costar un curso, y este no "
    "cabría. Puede cambiarlo {operator}.",
    "card.cap_learner": "Quienes llevan este bot han puesto un límite a lo que pueden costar los cursos de una "
    "persona en un día, y este no cabe en lo que queda. Se podrá crear desde: {until}.",
    "card.cap_bot": "Quienes llevan este bot han puesto un límite a lo que puedo gastar en un día, y este curso no "
    "cabe en lo que queda. Se podrá crear desde: {until}.",
    "card.cap.shorter": "Uno de {time} cabe hoy.",
    "key.shorter": "✂ Mejor {time}",
    "limit.cap_learner": "Quienes llevan este bot han puesto un límite a lo que pueden costar los cursos de una "
    "persona en un día, y este no cabe en lo que queda. Se podrá crear desde las {time}.",
    "limit.cap_bot": "Quienes llevan este bot han puesto un límite a lo que puedo gastar en un día, y este curso no "
    "cabe en lo que queda. Se podrá crear desde las {time}.",
    "fault.minutes.too_dear": "Un curso de {found} minutos costaría más de lo que aquí puede costar uno; {allowed} "
    "minutos sí caben.",
    "author.cap_course": "Quienes llevan este bot han puesto un límite a lo que puede costar un curso, y se ha "
    "alcanzado. Puede cambiarlo {operator}.",
    "author.cap_learner": "Quienes llevan este bot han puesto un límite a lo que pueden costar los cursos de una "
    "persona en un día, y se ha alcanzado. Mañana sigue, o antes si lo cambia {operator}.",
    "author.cap_bot": "Quienes llevan este bot han puesto un límite a lo que puedo gastar en un día, y se ha "
    "alcanzado. Mañana sigue, o antes si lo cambia {operator}.",
    "author.price_unknown": "No debo gastar sin saber lo que cuesta un modelo, y del nuestro no lo sé. Puede "
    "cambiarlo {operator}.",
    "because.cap_course": "quienes llevan este bot han puesto un límite a lo que puede costar un curso, y se ha "
    "alcanzado; pueden cambiarlo",
    "because.cap_learner": "quienes llevan este bot han puesto un límite a lo que pueden costar los cursos de una "
    "persona en un día, y se ha alcanzado; mañana sigue",
    "because.cap_bot": "quienes llevan este bot han puesto un límite a lo que puedo gastar en un día, y se ha "
    "alcanzado; mañana sigue",
    "because.price_unknown": "no se sabe lo que cuesta el modelo",
    "cost.head": "<b>Gasto en modelos</b>\nDólares estadounidenses; los días empiezan a medianoche UTC",
    "cost.today": "<b>Hoy</b> {amount}",
    "cost.today.cap": "<b>Hoy</b> {amount} de {cap}",
    "cost.days": "<b>{n} días</b> {amount}",
    "cost.calls": {
        "one": "{n} llamada",
        "other": "{n} llamadas",
    },
    "cost.cached": "{percent} de la entrada, de la caché",
    "cost.by_model": "<b>Por modelo</b>, {n} días",
    "cost.by_step": "<b>Por paso</b>, {n} días",
    "cost.row": "{name} {amount}",
    "cost.open": {
        "one": "{n} llamada sin liquidar; puede llegar a {amount}.",
        "other": "{n} llamadas sin liquidar; pueden llegar a {amount}.",
    },
    "cost.estimates": {
        "one": "{n} curso: se esperaban {expected} y fueron {amount}, una diferencia de {percent}.",
        "other": "{n} cursos: se esperaban {expected} y fueron {amount}, una diferencia media de {percent}.",
    },
    "cost.dearest": "<b>Los cursos más caros</b>, {n} días",
    "cost.course": "curso {id}: {amount}",
    "cost.course.expected": "curso {id}: {amount}, se esperaban {expected}",
    "cost.course.gone": "un curso borrado: {amount}",
    "cost.caps": "<b>Límites</b> {caps}",
    "cost.caps.none": "No hay límites; se ponen con CAP_COURSE_USD, CAP_LEARNER_DAY_USD y CAP_DAY_USD.",
    "cost.cap.course": "{amount} por curso",
    "cost.cap.learner": "{amount} por persona y día",
    "cost.cap.bot": "{amount} al día en total",
}
