"""English: letters, and the pages that their links lead to."""

from __future__ import annotations

from handlers.texts import Text

MAIL: dict[str, Text] = {
    "mail.hello": "Hello {name},",
    "mail.bye": "Lectern",
    "mail.stop": "No more letters like this",
    "mail.confirm.subject": "Is this your address?",
    "mail.confirm.body": "somebody, you we hope, asked Lectern to write to this address. It will, once you say that it "
    "is yours. The link works for 24 hours.",
    "mail.confirm.link": "Yes, this is my address",
    "mail.confirm.else": "If it was not you, do nothing: you will hear no more.",
    "mail.welcome.subject": "Welcome to Lectern",
    "mail.welcome.body": "good to have you. Tell Lectern in the chat what you want to learn, or send it a document, "
    "and it makes a course of short sections for you.",
    "mail.welcome.more": "A few minutes a day are enough; where you stopped, you go on.",
    "mail.course_completed.subject": "You have completed “{course}”",
    "mail.course_completed.body": "you have read every section of “{course}”. Well done!",
    "mail.course_completed.more": "It stays in your list, to look things up again.",
    "mail.weekly_digest.subject": "Your week of learning",
    "mail.weekly_digest.body": "this is what you completed in the last seven days:",
    "mail.weekly_digest.nothing": "you completed nothing in the last seven days. That happens; one section takes a few "
    "minutes.",
    "mail.weekly_digest.line": {
        "one": "{course}: {n} section, {minutes} min",
        "other": "{course}: {n} sections, {minutes} min",
    },
    "mail.weekly_digest.next": "You can go on with “{course}”.",
    "mail.page.confirm": "Shall Lectern write to you at this address?",
    "mail.page.confirm.button": "Yes, it is mine",
    "mail.page.confirmed": "Thank you. This address is confirmed.",
    "mail.page.stop": "Shall Lectern stop sending you such letters?",
    "mail.page.stop.button": "Yes, stop them",
    "mail.page.stopped": "You will get no more letters of this kind. In Lectern you can ask for them again.",
    # In the chat's settings
    "settings.mail": "Mail: {address}",
    "settings.mail.none": "Mail: no address",
    "settings.mail.pending": "Mail: {address}, once you follow the link that was sent there",
    "settings.mail.key": "✉ Mail",
    "settings.mail.head": "<b>Mail</b>\nNothing is sent that has no tick here.",
    "settings.mail.welcome": "A welcome",
    "settings.mail.course_completed": "When a course is completed",
    "settings.mail.weekly_digest": "My week, on Monday morning",
    "settings.mail.address.key": "✏ Set the address",
    "settings.mail.forget.key": "🗑 Forget the address",
    "settings.mail.forgotten": "The address is forgotten.",
    "settings.mail.ask": "Which address? A link goes there that you follow once.",
    "settings.mail.wrong": "“{found}” is no address that I can write to. One like ada@example.org?",
    "limit.mail": "That is as many letters with a link as are sent in a day. After {time} there are more.",
    "error.not_found.mail": "No letters are sent from here.",
}
