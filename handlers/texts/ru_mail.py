"""Russian: letters, and the pages that their links lead to."""

from __future__ import annotations

from handlers.texts import Text

MAIL: dict[str, Text] = {
    "mail.hello": "Здравствуйте, {name},",
    "mail.bye": "Lectern",
    "mail.stop": "Больше не присылать таких писем",
    "mail.confirm.subject": "Это ваш адрес?",
    "mail.confirm.body": "кто-то, надеемся, что вы, попросил Lectern писать на этот адрес. Письма пойдут, как только "
    "вы "
    "подтвердите, что он ваш. Ссылка действует 24 часа.",
    "mail.confirm.link": "Да, это мой адрес",
    "mail.confirm.else": "Если это были не вы, ничего не делайте: больше писем не будет.",
    "mail.welcome.subject": "Добро пожаловать в Lectern",
    "mail.welcome.body": "хорошо, что вы с нами. Напишите Lectern в чате, чему хотите научиться, или пришлите "
    "документ, "
    "и он сделает для вас курс из коротких разделов.",
    "mail.welcome.more": "Хватит нескольких минут в день; продолжаете там, где остановились.",
    "mail.course_completed.subject": "Вы прошли «{course}»",
    "mail.course_completed.body": "вы прочитали все разделы курса «{course}». Отличная работа!",
    "mail.course_completed.more": "Он остаётся в вашем списке, чтобы к нему можно было вернуться.",
    "mail.weekly_digest.subject": "Ваша неделя учёбы",
    "mail.weekly_digest.body": "вот что вы прошли за последние семь дней:",
    "mail.weekly_digest.nothing": "за последние семь дней ничего не пройдено. Так бывает; один раздел занимает "
    "несколько минут.",
    "mail.weekly_digest.line": {
        "one": "{course}: {n} раздел, {minutes} мин",
        "few": "{course}: {n} раздела, {minutes} мин",
        "many": "{course}: {n} разделов, {minutes} мин",
        "other": "{course}: {n} раздела, {minutes} мин",
    },
    "mail.weekly_digest.next": "Можно продолжить курс «{course}».",
    "mail.page.confirm": "Писать вам на этот адрес?",
    "mail.page.confirm.button": "Да, это мой адрес",
    "mail.page.confirmed": "Спасибо. Этот адрес подтверждён.",
    "mail.page.stop": "Больше не присылать вам таких писем?",
    "mail.page.stop.button": "Да, не присылать",
    "mail.page.stopped": "Таких писем больше не будет. В Lectern их можно включить снова.",
    # In the chat's settings
    "settings.mail": "Почта: {address}",
    "settings.mail.none": "Почта: адреса нет",
    "settings.mail.pending": "Почта: {address}, как только вы перейдёте по ссылке из письма",
    "settings.mail.key": "✉ Почта",
    "settings.mail.head": "<b>Почта</b>\nПриходит только то, что здесь отмечено.",
    "settings.mail.welcome": "Приветствие",
    "settings.mail.course_completed": "Когда курс пройден",
    "settings.mail.weekly_digest": "Моя неделя, по понедельникам",
    "settings.mail.address.key": "✏ Указать адрес",
    "settings.mail.forget.key": "🗑 Забыть адрес",
    "settings.mail.forgotten": "Адрес забыт.",
    "settings.mail.ask": "Какой адрес? Туда придёт ссылка, по которой нужно перейти один раз.",
    "settings.mail.wrong": "На «{found}» написать не получится. Может быть, вроде ada@example.org?",
    "limit.mail": "Больше писем со ссылкой сегодня не отправить. После {time} снова можно.",
    "error.not_found.mail": "Письма отсюда не отправляются.",
}
