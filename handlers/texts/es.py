"""Spanish: meeting, asking for a course, watching it being made."""

from __future__ import annotations

from handlers.texts import Text

ASKING: dict[str, Text] = {
    # Small pieces
    "words.minutes": "{minutes} min",
    "words.hours": "{hours} h",
    "words.hours_minutes": "{hours} h {minutes} min",
    "words.seconds": "{seconds} s",
    "words.percent": "{percent} %",
    "words.quarter_hour": "un cuarto de hora",
    "words.operator": "la persona que lleva este bot",
    "words.picture": {"one": "{n} lección · {time}", "other": "{n} lecciones · {time}"},
    "words.you": "qué tal",
    # Keys
    "key.what_to_ask": "¿Qué puedo pedir?",
    "key.example": "Quiero ver un ejemplo",
    "key.new_request": "Pedir un curso",
    "key.continue": "▶ Seguir: {title}",
    "key.back": "⬅ Atrás",
    "key.cancel": "✖ Cancelar",
    "key.level.beginner": "Nada aún",
    "key.level.intermediate": "Algo",
    "key.level.advanced": "Mucho",
    "key.other": "Otro",
    "key.approve": "✅ Crear este curso",
    "key.change": "✏️ Cambiar algo",
    "key.change_title": "✏️ Título",
    "key.field.title": "Título",
    "key.field.description": "Descripción",
    "key.field.objectives": "Lo que sabré hacer",
    "key.field.level": "Nivel",
    "key.field.time": "Tiempo",
    "key.use_this": "Usar este",
    "key.write_another": "Escribiré otro",
    "key.try_again": "↻ Probar otra vez",
    "key.you_choose": "Elige tú",
    "key.remind": "Avísame entonces",
    "key.start_lesson": "▶ Empezar ya la lección {n}",
    "key.stop": "✖ Parar",
    "key.start": "▶ Empezar",
    "key.retry_lesson": "↻ Reintentar la lección {n}",
    "key.keep": "Conservar",
    "key.go_on": "Seguir",
    "key.discard": "Descartar",
    "key.open_chat": "Abrir el chat",
    # Meeting
    "welcome.hello": (
        "<b>Hola, {name}.</b> Preparo cursos cortos y los enseño aquí, en ratos de unos minutos.\n\n"
        "Cuéntame qué te gustaría aprender o envíame un documento del que aprender."
    ),
    "welcome.again": (
        "<b>Hola, {name}.</b> Tu curso está donde lo dejaste.\n\n"
        "Si quieres otro, cuéntame qué te gustaría aprender o envíame un documento."
    ),
    "what.online": (
        "Todo lo que se puede aprender leyendo y pensando. Dilo tal como te venga:\n\n"
        "– <i>enséñame cómo funciona la masa madre</i>\n"
        "– <i>C++ y C#: cuándo usar cada uno</i>\n"
        "– <i>la estadística que hace falta para leer un estudio médico</i>\n\n"
        "O envía un documento de hasta 20 MB en PDF, Word, Markdown o texto: el curso se ceñirá a él y lo citará."
    ),
    "what.offline": (
        "Aquí trabajo a partir de un texto y no invento nada. Envíame uno del que aprender: PDF, Word, Markdown o "
        "texto, hasta 20 MB. Sus títulos serán las lecciones.\n\nO empieza con uno de los que traigo:"
    ),
    "examples": "Traigo tres textos. Elige uno y lo convierto en un curso ante tus ojos.",
    "help": (
        "<b>Lo que puedo hacer</b>\n"
        "/learn – pedir un curso, por ejemplo <i>/learn cómo funcionan las mareas</i>\n"
        "/continue – seguir con tu curso\n"
        "/courses – tus cursos\n"
        "/progress – hasta dónde has llegado\n"
        "/quality – lo que encontré en un curso tuyo\n"
        "/settings – idioma y zona horaria\n"
        "/login – un código para entrar en la web\n"
        "/cancel – dejar lo que tenemos a medias\n\n"
        "Un documento que me envíes también se convierte en un curso: PDF, Word, Markdown o texto."
    ),
    "help.support": "¿Algo va mal? {support}",
    "command.learn": "Pedir un curso",
    "command.continue": "Seguir leyendo",
    "command.courses": "Tus cursos",
    "command.progress": "Hasta dónde has llegado",
    "command.quality": "Lo bueno que es tu curso",
    "command.settings": "Idioma y zona horaria",
    "command.login": "Un código para entrar en la web",
    "command.help": "Lo que puedo hacer",
    "command.cancel": "Dejar lo que tenemos a medias",
    "small_talk": "Me alegra leerte. ¿Qué te gustaría aprender? Bastan unas palabras.",
    "unreadable": "Puedo leer PDF, Word, Markdown y texto. Envíame uno o cuéntame qué te gustaría aprender.",
    "unreadable.dialogue": "Puedo leer PDF, Word, Markdown y texto. Por ahora:",
    "unknown_command": "No conozco ese comando. En /help están los que sí conozco.",
    "cancelled": "Cancelado. No se ha creado nada ni se ha perdido nada.",
    "cancel.nothing": "No hay nada que cancelar.",
    "not_admitted": (
        "Aquí enseño a un grupo cerrado y todavía no estás en él. Pide una invitación a {operator}; "
        "su enlace te abre la puerta."
    ),
    "not_admitted.toast": "Aquí enseño a un grupo cerrado. Una invitación de {operator} te abre la puerta.",
    "blocked": "{operator} ha puesto en pausa tu aprendizaje aquí. Lo tuyo se conserva; puedes preguntarle el motivo.",
    "login.code": {
        "one": "Tu código para entrar: <code>{code}</code>\n\nSirve una vez, durante un minuto. No se lo enseñes a "
        "nadie.",
        "other": "Tu código para entrar: <code>{code}</code>\n\nSirve una vez, durante {n} minutos. "
        "No se lo enseñes a nadie.",
    },
    "group": "Enseño en privado, donde tu progreso es solo tuyo.",
    "stale": "Esa pantalla es de antes. Ahora estás aquí:",
    "stale.request": "Esa petición ya está en marcha o se dejó.",
    # Asking for a course
    "request.about": "<b>{topic}</b>",
    "request.topic": "¿Qué te gustaría aprender? Bastan unas palabras; un documento también sirve.",
    "request.needs_source": (
        "Aquí trabajo a partir de un texto y no invento nada. Envíame un documento – PDF, Word, Markdown o texto – "
        "o toma uno de los que traigo:"
    ),
    "request.needs_source.topic": (
        "<b>{topic}</b>\nPara eso necesito un texto, porque no invento nada: envíame un documento (PDF, Word, Markdown "
        "o texto). Con una clave para Claude bastarían unas palabras.\n\n"
        "O toma uno de los que traigo:"
    ),
    "request.level": "¿Cuánto sabes ya?",
    "request.time": "¿De cuánto tiempo dispones?",
    "request.time_other": "¿De cuánto tiempo dispones? Escríbelo como lo dirías: 90, 1,5 h, 2 horas.",
    "request.proposing": "Lo estoy pensando…",
    "request.proposing.wait": "Un momento, sigo en ello.",
    "request.clarify": "{question}",
    "request.level.again": "Una de estas tres me dice por dónde empezar.",
    "request.time.again": "Ahí no encontré un tiempo.",
    "request.time.range": "Un curso dura entre {low} y {high}; {found} queda fuera.",
    "request.faults": "{faults}",
    "request.tap": "Se decide con uno de los botones.",
    "request.topic.document": "El curso se apoyará en <b>{title}</b>.",
    "card.full": "<b>{title}</b>\n<i>{description}</i>\n{level} · unos {time}",
    "card.enough": "El texto da para unos {time}, así que hay menos lecciones: no invento nada.",
    "card.able": "Sabrás",
    "card.goal": "{n} {goal}",
    "card.offline": (
        "<b>{title}</b>\n{lessons} · {sections} · unos {time}\n\n"
        "Hecho sin IA a partir de <i>{source}</i>: sus propias palabras, en lecciones, cada una con su lugar en el "
        "texto."
    ),
    "card.making": {"one": "Crearlo lleva más o menos un minuto.", "other": "Crearlo lleva unos {n} minutos."},
    "card.making.moment": "Crearlo lleva un momento.",
    "card.faults": "Antes de crearlo:",
    "edit.what": "<b>{title}</b>\n¿Qué cambio?",
    "edit.title": "¿Cómo se va a llamar? Ahora es\n<code>{now}</code>",
    "edit.description": "¿De qué trata, en una o dos frases? Ahora dice\n<code>{now}</code>",
    "edit.objectives": (
        "¿Qué quieres saber hacer? Envía la lista, uno por línea, de tres a diez. Ahora es\n<code>{now}</code>"
    ),
    "edit.how_about": "¿Qué te parece\n<b>{suggestion}</b>?",
    "edit.title.too_short": "«{typed}» es algo corto para un título.",
    "edit.title.too_long": "Es algo largo para un título.",
    "edit.description.too_short": "Es algo corto para una descripción.",
    "edit.description.too_long": "Es algo largo para una descripción.",
    "edit.objectives.unfit": "No todos servirían así.",
    "suggest.title": "{title}: un curso corto",
    "suggest.title.beginner": "{title} desde cero",
    "suggest.title.intermediate": "{title}: más allá de lo básico",
    "suggest.title.advanced": "{title} a fondo",
    "suggest.description": "Al terminar sabrás {goal}.",
    "approved": "En marcha.",
    # Limits
    "limit": "Ha sido mucho de una vez. Se puede seguir a las {time}.",
    "limit.progress": "Ha sido mucho en {window}. No se pierde nada: toca ✅ otra vez a las {time}.",
    "limit.generations": {
        "one": "Has creado un curso en {window}, que es el límite. El siguiente puede empezar a las {time}.",
        "other": "Has creado {n} cursos en {window}, que es el límite. El siguiente puede empezar a las {time}.",
    },
    "limit.kept": "He guardado tu petición.",
    "limit.will_remind": "Te traeré tu petición a las {time}.",
    "limit.over": "Ya se puede crear el siguiente curso. Esta es tu petición:",
    # Being made
    "status.title": "<b>{title}</b>",
    "status.elapsed": "lleva {time}",
    "status.remaining": "quedan unos {time}",
    "status.planning": "⏳ Plan",
    "status.outlined": {"one": "⏳ Plan · {n} lección", "other": "⏳ Plan · {n} lecciones"},
    "status.planned": {"one": "✅ Plan · {n} lección", "other": "✅ Plan · {n} lecciones"},
    "status.picture.drawing": "⏳ Imagen",
    "status.picture.ready": "✅ Imagen",
    "status.ready": "<b>Tu curso está listo</b> · {lessons} · {sections} · {time}\n{title}",
    "status.ready_while_away": "Tu curso <b>{title}</b> está listo.",
    "status.lessons_failed": {
        "one": "No se pudo escribir la lección {numbers}: {because}.",
        "other": "No se pudieron escribir las lecciones {numbers}: {because}.",
    },
    "status.sections_failed": {
        "one": "No se pudo escribir la sección {numbers} de la lección {lesson}: {because}.",
        "other": "No se pudieron escribir las secciones {numbers} de la lección {lesson}: {because}.",
    },
    "status.others_ready": "Las demás están listas.",
    "status.rest_ready": "El resto está listo.",
    "status.none_ready": "Todavía no hay nada que leer.",
    "status.stopped.keep": {
        "one": "<b>{title}</b>\nParado. Hay una lección escrita; ¿la conservo como curso corto?",
        "other": "<b>{title}</b>\nParado. Hay {n} lecciones escritas; ¿las conservo como curso corto?",
    },
    "status.stopped": {
        "one": "<b>{title}</b>\nParado después de una lección.",
        "other": "<b>{title}</b>\nParado después de {n} lecciones.",
    },
    "status.stopped.early": "<b>{title}</b>\nParado antes de escribir la primera lección.",
    "status.failed": "<b>{title}</b>\nNo se pudo crear este curso: {because}.",
    "status.failed.again": "Lo escrito se conserva.",
    "status.failed.rephrase": "Pedirlo de otra manera puede funcionar.",
    "status.discarded": "<b>{title}</b>\nDescartado.",
    "status.stopping": "Parando.",
    "status.going_on": "Sigo.",
    "status.kept": "Conservado.",
    "status.discarding": "Descartado.",
    "because": "no salió bien",
    "because.overloaded": "el modelo estaba saturado cada vez",
    "because.rate_limited": "al modelo se le pedía demasiado en ese momento",
    "because.timed_out": "el modelo no respondió a tiempo",
    "because.dropped": "la conexión con el modelo se cortaba una y otra vez",
    "because.unreachable": "no se pudo llegar al modelo",
    "because.resting": "el modelo falló varias veces seguidas y lo dejo descansar un poco",
    "because.service_error": "el servicio del modelo falló cada vez",
    "because.invalid_answer": "las respuestas del modelo no servían",
    "because.truncated": "las respuestas del modelo se cortaron",
    "because.declined": "el modelo no quiso tratar el tema",
    "because.refused": "el modelo no quiso tratar el tema",
    "because.spent": "se agotó el dinero previsto para el modelo",
    "because.key_refused": "el servicio del modelo no acepta nuestra clave",
    "because.model_unknown": "el servicio del modelo no conoce nuestro modelo",
    "because.request_refused": "el servicio del modelo no admitió la pregunta",
    "because.no_author": "no hay ningún modelo disponible",
    "because.needs_source": "hace falta un texto del que partir",
    "because.too_thin": "el texto es demasiado corto para un curso",
}
