"""Russian: what courses cost, the limits on it, and what was spent, for admins."""

from __future__ import annotations

from handlers.texts import Text

_SET = "Те, кто ведёт бота, ограничили, сколько "
_THEY_SET = _SET[0].lower() + _SET[1:]  # after a colon
_COURSE = "может стоить один курс, и "
_LEARNER = "могут стоить за день курсы одного человека, и "
_BOT = "я могу тратить за день, и "

MONEY: dict[str, Text] = {
    "words.about": "примерно {amount}",
    "words.under": "меньше {amount}",
    # On the card of a course that is proposed
    "card.cost": "Цена: {amount}.",
    "card.cost.left": "Цена: {amount}; на сегодня остаётся {left}.",
    "card.cap_course": _SET + _COURSE + "этот не поместится. Курс на {time} поместится.",
    "card.cap_course.none": _SET + _COURSE + "этот не поместится. Изменить это может {operator}.",
    "card.cap_learner": _SET + _LEARNER + "в остаток этот не поместится. Создать его можно будет с {until}.",
    "card.cap_bot": _SET + _BOT + "в остаток этот курс не поместится. Создать его можно будет с {until}.",
    "card.cap.shorter": "Сегодня поместится курс на {time}.",
    "key.shorter": "✂ Лучше на {time}",
    "limit.cap_learner": _SET + _LEARNER + "в остаток этот не поместится. Создать его можно будет с {time}.",
    "limit.cap_bot": _SET + _BOT + "в остаток этот курс не поместится. Создать его можно будет с {time}.",
    "fault.minutes.too_dear": "Курс на {found} мин стоил бы больше, чем здесь может стоить один; поместится {allowed} "
    "мин.",
    # Reached while something was being made
    "author.cap_course": _SET + _COURSE + "этот предел достигнут. Изменить это может {operator}.",
    "author.cap_learner": _SET + _LEARNER + "этот предел достигнут. Продолжить можно завтра или раньше, если это "
    "изменит {operator}.",
    "author.cap_bot": _SET + _BOT + "этот предел достигнут. Продолжить можно завтра или раньше, если это изменит "
    "{operator}.",
    "author.price_unknown": "Мне нельзя тратить, не зная, сколько стоит модель, а цена нашей мне неизвестна. Изменить "
    "это может {operator}.",
    "because.cap_course": _THEY_SET + _COURSE + "этот предел достигнут; они могут это изменить",
    "because.cap_learner": _THEY_SET + _LEARNER + "этот предел достигнут; завтра можно продолжить",
    "because.cap_bot": _THEY_SET + _BOT + "этот предел достигнут; завтра можно продолжить",
    "because.price_unknown": "неизвестно, сколько стоит модель",
    # /cost
    "cost.head": "<b>Расходы на модели</b>\nВ долларах США; день начинается в полночь UTC",
    "cost.today": "<b>Сегодня</b> {amount}",
    "cost.today.cap": "<b>Сегодня</b> {amount} из {cap}",
    "cost.days": "<b>{n} дней</b> {amount}",
    "cost.calls": {
        "one": "{n} обращение",
        "few": "{n} обращения",
        "many": "{n} обращений",
        "other": "{n} обращения",
    },
    "cost.cached": "{percent} ввода из кэша",
    "cost.by_model": "<b>По моделям</b>, {n} дней",
    "cost.by_step": "<b>По шагам</b>, {n} дней",
    "cost.row": "{name} {amount}",
    "cost.open": {
        "one": "Ещё не рассчитано {n} обращение; возможная сумма: {amount}.",
        "few": "Ещё не рассчитаны {n} обращения; возможная сумма: {amount}.",
        "many": "Ещё не рассчитано {n} обращений; возможная сумма: {amount}.",
        "other": "Ещё не рассчитано {n} обращения; возможная сумма: {amount}.",
    },
    "cost.estimates": {
        "one": "{n} курс: ожидалось {expected}, вышло {amount}; среднее расхождение {percent}.",
        "few": "{n} курса: ожидалось {expected}, вышло {amount}; среднее расхождение {percent}.",
        "many": "{n} курсов: ожидалось {expected}, вышло {amount}; среднее расхождение {percent}.",
        "other": "{n} курса: ожидалось {expected}, вышло {amount}; среднее расхождение {percent}.",
    },
    "cost.dearest": "<b>Самые дорогие курсы</b>, {n} дней",
    "cost.course": "курс {id}: {amount}",
    "cost.course.expected": "курс {id}: {amount}, ожидалось {expected}",
    "cost.course.gone": "удалённый курс: {amount}",
    "cost.caps": "<b>Пределы</b> {caps}",
    "cost.caps.none": "Пределов нет; их задают CAP_COURSE_USD, CAP_LEARNER_DAY_USD и CAP_DAY_USD.",
    "cost.cap.course": "{amount} на курс",
    "cost.cap.learner": "{amount} на человека в день",
    "cost.cap.bot": "{amount} в день на всех",
}
