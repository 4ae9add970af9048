"""Russian: meeting, asking for a course, watching it being made."""

from __future__ import annotations

from handlers.texts import Text

ASKING: dict[str, Text] = {
    # Small pieces
    "words.minutes": "{minutes} мин",
    "words.hours": "{hours} ч",
    "words.hours_minutes": "{hours} ч {minutes} мин",
    "words.seconds": "{seconds} с",
    "words.percent": "{percent} %",
    "words.quarter_hour": "четверть часа",
    "words.operator": "команда этого бота",
    "words.picture": {
        "one": "{n} урок · {time}",
        "few": "{n} урока · {time}",
        "many": "{n} уроков · {time}",
        "other": "{n} урока · {time}",
    },
    "words.you": "и добро пожаловать",
    # Keys
    "key.what_to_ask": "О чём можно попросить?",
    "key.example": "Показать пример",
    "key.new_request": "Попросить курс",
    "key.continue": "▶ Дальше: {title}",
    "key.back": "⬅ Назад",
    "key.cancel": "✖ Отмена",
    "key.level.beginner": "Пока ничего",
    "key.level.intermediate": "Кое-что",
    "key.level.advanced": "Много",
    "key.other": "Другое",
    "key.approve": "✅ Создать этот курс",
    "key.change": "✏️ Что-то изменить",
    "key.change_title": "✏️ Название",
    "key.field.title": "Название",
    "key.field.description": "Описание",
    "key.field.objectives": "Чему я научусь",
    "key.field.level": "Уровень",
    "key.field.time": "Время",
    "key.use_this": "Взять это",
    "key.write_another": "Напишу другое",
    "key.try_again": "↻ Ещё раз",
    "key.you_choose": "На ваш выбор",
    "key.remind": "Напомнить тогда",
    "key.start_lesson": "▶ Начать урок {n} сейчас",
    "key.stop": "✖ Остановить",
    "key.start": "▶ Начать",
    "key.retry_lesson": "↻ Ещё раз урок {n}",
    "key.keep": "Оставить",
    "key.go_on": "Продолжить",
    "key.discard": "Отбросить",
    "key.open_chat": "Открыть чат",
    # Meeting
    "welcome.hello": (
        "<b>Здравствуйте, {name}.</b> Я делаю короткие курсы и учу здесь по несколько минут за раз.\n\n"
        "Напишите, чему хотите научиться, или пришлите документ, по которому будем учиться."
    ),
    "welcome.again": (
        "<b>Здравствуйте, {name}.</b> Ваш курс ждёт там, где вы остановились.\n\n"
        "Если нужен другой, напишите, чему хотите научиться, или пришлите документ."
    ),
    "what.online": (
        "Обо всём, чему можно научиться, читая и думая. Пишите, как думается:\n\n"
        "– <i>расскажи, как работает закваска</i>\n"
        "– <i>C++ и C#: что и когда выбирать</i>\n"
        "– <i>статистика, которой хватит, чтобы читать медицинские исследования</i>\n\n"
        "Или пришлите документ до 20 МБ: PDF, Word, Markdown или текст. Тогда курс будет держаться его и цитировать."
    ),
    "what.offline": (
        "Здесь я работаю по тексту и ничего не придумываю. Пришлите текст для учёбы: PDF, Word, Markdown или простой "
        "текст, до 20 МБ. Его заголовки станут уроками.\n\nИли начните с одного из тех, что у меня с собой:"
    ),
    "examples": "У меня с собой три текста. Выберите один, и курс из него появится у вас на глазах.",
    "help": (
        "<b>Что я умею</b>\n"
        "/learn – попросить курс, например <i>/learn как устроены приливы</i>\n"
        "/continue – дальше по вашему курсу\n"
        "/courses – ваши курсы\n"
        "/progress – сколько уже пройдено\n"
        "/quality – что нашлось в вашем курсе\n"
        "/settings – язык и часовой пояс\n"
        "/login – код для входа на сайте\n"
        "/cancel – прервать то, что сейчас начато\n\n"
        "Присланный документ тоже станет курсом: PDF, Word, Markdown или текст."
    ),
    "help.support": "Что-то не так? {support}",
    "command.learn": "Попросить курс",
    "command.continue": "Читать дальше",
    "command.courses": "Ваши курсы",
    "command.progress": "Сколько уже пройдено",
    "command.quality": "Насколько хорош ваш курс",
    "command.settings": "Язык и часовой пояс",
    "command.login": "Код для входа на сайте",
    "command.help": "Что я умею",
    "command.cancel": "Прервать то, что начато",
    "small_talk": "Хорошо, что вы написали. Чему хотите научиться? Хватит нескольких слов.",
    "unreadable": "Я читаю PDF, Word, Markdown и текст. Пришлите файл или напишите, чему хотите научиться.",
    "unreadable.dialogue": "Я читаю PDF, Word, Markdown и текст. А пока:",
    "unknown_command": "Такой команды я не знаю. Все, что знаю, – в /help.",
    "cancelled": "Отменено. Ничего не создано, ничего не потеряно.",
    "cancel.nothing": "Отменять нечего.",
    "not_admitted": (
        "Здесь учится закрытый круг, и вас в нём пока нет. Приглашение даёт {operator}; ссылка из него откроет вам "
        "дверь."
    ),
    "not_admitted.toast": "Здесь учится закрытый круг. Приглашение, которое откроет дверь, даёт {operator}.",
    "blocked": "{operator} может рассказать, почему ваша учёба здесь приостановлена. Всё ваше сохранено.",
    "login.code": {
        "one": "Ваш код для входа: <code>{code}</code>\n\nДействует один раз, {n} минуту. Никому его не показывайте.",
        "few": "Ваш код для входа: <code>{code}</code>\n\nДействует один раз, {n} минуты. Никому его не показывайте.",
        "many": "Ваш код для входа: <code>{code}</code>\n\nДействует один раз, {n} минут. Никому его не показывайте.",
        "other": "Ваш код для входа: <code>{code}</code>\n\nДействует один раз, {n} минуты. Никому его не показывайте.",
    },
    "group": "Я учу в личном чате, где ваш прогресс виден только вам.",
    "stale": "Этот экран уже устарел. Вы сейчас здесь:",
    "stale.request": "Эта просьба уже выполняется или была отменена.",
    # Asking for a course
    "request.about": "<b>{topic}</b>",
    "request.topic": "Чему хотите научиться? Хватит нескольких слов; документ тоже подойдёт.",
    "request.needs_source": (
        "Здесь я работаю по тексту и ничего не придумываю. Пришлите документ – PDF, Word, Markdown или текст – "
        "или возьмите один из тех, что у меня с собой:"
    ),
    "request.needs_source.topic": (
        "<b>{topic}</b>\nДля этого мне нужен текст, ведь я ничего не придумываю: пришлите документ (PDF, Word, "
        "Markdown "
        "или текст). С ключом для Claude хватило бы нескольких слов.\n\n"
        "Или возьмите один из тех, что у меня с собой:"
    ),
    "request.level": "Сколько вы уже знаете?",
    "request.time": "Сколько у вас на это времени?",
    "request.time_other": "Сколько у вас времени? Напишите, как сказали бы: 90, 1,5 ч, 2 часа.",
    "request.proposing": "Думаю…",
    "request.proposing.wait": "Минутку, я ещё думаю.",
    "request.clarify": "{question}",
    "request.level.again": "Один из этих трёх ответов подскажет мне, с чего начать.",
    "request.time.again": "Времени там не нашлось.",
    "request.time.range": "Курс занимает от {low} до {high}; {found} – вне этих границ.",
    "request.faults": "{faults}",
    "request.tap": "Решает одна из кнопок.",
    "request.topic.document": "В основе курса будет <b>{title}</b>.",
    "card.full": "<b>{title}</b>\n<i>{description}</i>\n{level} · около {time}",
    "card.enough": "Текста хватит примерно на {time}, поэтому уроков меньше: я ничего не придумываю.",
    "card.able": "Вы сможете",
    "card.goal": "{n} {goal}",
    "card.offline": (
        "<b>{title}</b>\n{lessons} · {sections} · около {time}\n\n"
        "Сделано без ИИ по тексту <i>{source}</i>: его же словами, в уроках, с указанием места в тексте."
    ),
    "card.making": {
        "one": "Создание займёт около {n} минуты.",
        "few": "Создание займёт около {n} минут.",
        "many": "Создание займёт около {n} минут.",
        "other": "Создание займёт около {n} минуты.",
    },
    "card.making.moment": "Создание займёт мгновение.",
    "card.faults": "Прежде чем начать:",
    "edit.what": "<b>{title}</b>\nЧто изменить?",
    "edit.title": "Как назвать курс? Сейчас это\n<code>{now}</code>",
    "edit.description": "О чём курс, в одной-двух фразах? Сейчас там\n<code>{now}</code>",
    "edit.objectives": (
        "Что вы хотите уметь? Пришлите список, по одному на строке, от трёх до десяти. Сейчас это\n<code>{now}</code>"
    ),
    "edit.how_about": "Как вам\n<b>{suggestion}</b>",
    "edit.title.too_short": "«{typed}» – коротковато для названия.",
    "edit.title.too_long": "Это длинновато для названия.",
    "edit.description.too_short": "Это коротковато для описания.",
    "edit.description.too_long": "Это длинновато для описания.",
    "edit.objectives.unfit": "Подойдут не все.",
    "suggest.title": "{title}: короткий курс",
    "suggest.title.beginner": "{title} для начинающих",
    "suggest.title.intermediate": "{title}: дальше основ",
    "suggest.title.advanced": "{title}: углублённый курс",
    "suggest.description": "Вы сможете {goal}.",
    "approved": "Начинаю.",
    # Limits
    "limit": "Это было много сразу. Продолжить можно в {time}.",
    "limit.progress": "Это было много за {window}. Ничего не потеряно: нажмите ✅ ещё раз в {time}.",
    "limit.generations": {
        "one": "За {window} вы создали {n} курс, больше пока нельзя. Следующий можно начать в {time}.",
        "few": "За {window} вы создали {n} курса, больше пока нельзя. Следующий можно начать в {time}.",
        "many": "За {window} вы создали {n} курсов, больше пока нельзя. Следующий можно начать в {time}.",
        "other": "За {window} вы создали {n} курса, больше пока нельзя. Следующий можно начать в {time}.",
    },
    "limit.kept": "Ваша просьба сохранена.",
    "limit.will_remind": "Ваша просьба вернётся к вам в {time}.",
    "limit.over": "Теперь можно создать следующий курс. Вот ваша просьба:",
    # Being made
    "status.title": "<b>{title}</b>",
    "status.elapsed": "прошло {time}",
    "status.remaining": "ещё около {time}",
    "status.planning": "⏳ План",
    "status.outlined": {
        "one": "⏳ План · {n} урок",
        "few": "⏳ План · {n} урока",
        "many": "⏳ План · {n} уроков",
        "other": "⏳ План · {n} урока",
    },
    "status.planned": {
        "one": "✅ План · {n} урок",
        "few": "✅ План · {n} урока",
        "many": "✅ План · {n} уроков",
        "other": "✅ План · {n} урока",
    },
    "status.picture.drawing": "⏳ Картинка",
    "status.picture.ready": "✅ Картинка",
    "status.ready": "<b>Ваш курс готов</b> · {lessons} · {sections} · {time}\n{title}",
    "status.ready_while_away": "Ваш курс <b>{title}</b> готов.",
    "status.lessons_failed": {
        "one": "Не удалось написать урок {numbers}: {because}.",
        "few": "Не удалось написать уроки {numbers}: {because}.",
        "many": "Не удалось написать уроки {numbers}: {because}.",
        "other": "Не удалось написать уроки {numbers}: {because}.",
    },
    "status.sections_failed": {
        "one": "В уроке {lesson} не удалось написать раздел {numbers}: {because}.",
        "few": "В уроке {lesson} не удалось написать разделы {numbers}: {because}.",
        "many": "В уроке {lesson} не удалось написать разделы {numbers}: {because}.",
        "other": "В уроке {lesson} не удалось написать разделы {numbers}: {because}.",
    },
    "status.others_ready": "Остальные готовы.",
    "status.rest_ready": "Остальное готово.",
    "status.none_ready": "Читать пока нечего.",
    "status.stopped.keep": {
        "one": "<b>{title}</b>\nОстановлено. Написан {n} урок; оставить как короткий курс?",
        "few": "<b>{title}</b>\nОстановлено. Написано {n} урока; оставить как короткий курс?",
        "many": "<b>{title}</b>\nОстановлено. Написано {n} уроков; оставить как короткий курс?",
        "other": "<b>{title}</b>\nОстановлено. Написано {n} урока; оставить как короткий курс?",
    },
    "status.stopped": {
        "one": "<b>{title}</b>\nОстановлено. Написан {n} урок.",
        "few": "<b>{title}</b>\nОстановлено. Написано {n} урока.",
        "many": "<b>{title}</b>\nОстановлено. Написано {n} уроков.",
        "other": "<b>{title}</b>\nОстановлено. Написано {n} урока.",
    },
    "status.stopped.early": "<b>{title}</b>\nОстановлено до первого урока.",
    "status.failed": "<b>{title}</b>\nСоздать этот курс не удалось: {because}.",
    "status.failed.again": "Написанное сохранено.",
    "status.failed.rephrase": "Может помочь другая формулировка.",
    "status.discarded": "<b>{title}</b>\nОтброшено.",
    "status.stopping": "Останавливаю.",
    "status.going_on": "Продолжаю.",
    "status.kept": "Оставлено.",
    "status.discarding": "Отброшено.",
    "because": "не получилось",
    "because.overloaded": "модель каждый раз была перегружена",
    "because.rate_limited": "к модели было слишком много обращений",
    "because.timed_out": "модель не ответила вовремя",
    "because.dropped": "связь с моделью всё время обрывалась",
    "because.unreachable": "до модели не удалось достучаться",
    "because.resting": "модель несколько раз подряд не справилась, даю ей немного отдохнуть",
    "because.service_error": "в службе модели каждый раз был сбой",
    "because.invalid_answer": "ответы модели не подошли",
    "because.truncated": "ответы модели обрывались",
    "because.declined": "модель не берётся за эту тему",
    "because.refused": "модель не берётся за эту тему",
    "because.spent": "деньги, отведённые на модель, закончились",
    "because.key_refused": "служба модели не принимает наш ключ",
    "because.model_unknown": "служба модели не знает нашу модель",
    "because.request_refused": "служба модели не приняла вопрос",
    "because.no_author": "ни одна модель не доступна",
    "because.needs_source": "нужен текст, по которому работать",
    "because.too_thin": "текст слишком короткий для курса",
}
