"""Spanish: letters, and the pages that their links lead to."""

from __future__ import annotations

from handlers.texts import Text

MAIL: dict[str, Text] = {
    "mail.hello": "Hola, {name}:",
    "mail.bye": "Lectern",
    "mail.stop": "No recibir más correos como este",
    "mail.confirm.subject": "¿Es esta tu dirección?",
    "mail.confirm.body": "alguien, esperamos que tú, pidió a Lectern que escriba a esta dirección. Lo hará en cuanto "
    "digas que es tuya. El enlace sirve durante 24 horas.",
    "mail.confirm.link": "Sí, es mi dirección",
    "mail.confirm.else": "Si no fuiste tú, no hagas nada: no te llegará nada más.",
    "mail.welcome.subject": "Te damos la bienvenida a Lectern",
    "mail.welcome.body": "qué bien que estés aquí. Cuéntale a Lectern en el chat qué quieres aprender, o envíale un "
    "documento, y te preparará un curso de secciones cortas.",
    "mail.welcome.more": "Bastan unos minutos al día; sigues donde lo dejaste.",
    "mail.course_completed.subject": "Has completado «{course}»",
    "mail.course_completed.body": "has leído todas las secciones de «{course}». ¡Enhorabuena!",
    "mail.course_completed.more": "Sigue en tu lista, para consultarlo cuando quieras.",
    "mail.weekly_digest.subject": "Tu semana de aprendizaje",
    "mail.weekly_digest.body": "esto es lo que completaste en los últimos siete días:",
    "mail.weekly_digest.nothing": "en los últimos siete días no completaste nada. A veces pasa; una sección lleva unos "
    "minutos.",
    "mail.weekly_digest.line": {
        "one": "{course}: {n} sección, {minutes} min",
        "other": "{course}: {n} secciones, {minutes} min",
    },
    "mail.weekly_digest.next": "Puedes seguir con «{course}».",
    "mail.page.confirm": "¿Quieres que Lectern te escriba a esta dirección?",
    "mail.page.confirm.button": "Sí, es mía",
    "mail.page.confirmed": "Gracias. Esta dirección está confirmada.",
    "mail.page.stop": "¿Quieres que Lectern deje de enviarte estos correos?",
    "mail.page.stop.button": "Sí, no más",
    "mail.page.stopped": "No recibirás más correos de este tipo. En Lectern puedes volver a pedirlos.",
    # In the chat's settings
    "settings.mail": "Correo: {address}",
    "settings.mail.none": "Correo: sin dirección",
    "settings.mail.pending": "Correo: {address}, en cuanto sigas el enlace que te llegó allí",
    "settings.mail.key": "✉ Correo",
    "settings.mail.head": "<b>Correo</b>\nNo se envía nada que no tenga aquí una marca.",
    "settings.mail.welcome": "Una bienvenida",
    "settings.mail.course_completed": "Al completar un curso",
    "settings.mail.weekly_digest": "Mi semana, el lunes",
    "settings.mail.address.key": "✏ Poner la dirección",
    "settings.mail.forget.key": "🗑 Olvidar la dirección",
    "settings.mail.forgotten": "La dirección está olvidada.",
    "settings.mail.ask": "¿Qué dirección? Allí llegará un enlace que se sigue una vez.",
    "settings.mail.wrong": "A «{found}» no puedo escribir. ¿Una como ada@example.org?",
    "limit.mail": "Por hoy no se envían más correos con enlace. Después de las {time} se puede otra vez.",
    "error.not_found.mail": "Desde aquí no se envían correos.",
}
