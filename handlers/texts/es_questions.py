"""Spanish: questions, answers, and disputes about them."""

from __future__ import annotations

from handlers.texts import Text

QUESTIONS: dict[str, Text] = {
    "question.head": "<i>{title} · pregunta {n} de {of}</i>",
    "question.head.voided": "<i>{title} · una pregunta que no cuenta</i>",
    "question.prompt": "<b>{prompt}</b>",
    "question.option": "{letter} {text}",
    "question.option.gone": "<s>{letter} {text}</s>",
    "question.try_again": "Esa no. {hint}",
    "question.try_again.plain": "Esa no. Un intento más.",
    "question.right": "✅ {letter} {text}",
    "question.wrong": "✖ {letter} {text}",
    "question.why": "{explanation}",
    "question.voided": "Esta pregunta se revisó de nuevo y se retiró: no cuenta para nadie.",
    "question.score": "Era la última pregunta del curso: {score} % bien a la primera.",
    "question.skip": "Saltar",
    "question.flag": "🚩",
    "question.next": "▶ Siguiente pregunta",
    "question.on": "▶ Siguiente: {title}",
    "question.back": "⬅ Volver a la sección",
    "question.all": "☰ Todas las lecciones",
    "question.key": {"one": "❓ {n} pregunta", "other": "❓ {n} preguntas"},
    "question.key.done": "❓ Preguntas",
    "question.toast.right": "Correcto.",
    "question.toast.again": "Esa no. Un intento más.",
    "question.toast.wrong": "Esa no.",
    "question.toast.skipped": "Saltada.",
    "question.typed": "Las respuestas van con los botones de arriba, para que nada cuente sin querer. La pregunta "
    "sigue "
    "abierta; Saltar la deja.",
    "question.none": "Aquí no hay preguntas.",
    "questions.head": "<b>Las preguntas de {title}</b>",
    "questions.line.right": "{n} ✅ {prompt}",
    "questions.line.wrong": "{n} ✖ {prompt}",
    "questions.line.skipped": "{n} – {prompt}",
    "questions.line.open": "{n} ◻ {prompt}",
    "questions.count": "{right} de {total} bien a la primera.",
    # 🚩, for who raises it
    "flag.noted": "Anotado. Haré que se resuelva otra vez sin su respuesta y te contaré qué salió.",
    "flag.noted.owner": "Anotado. Decide quien hizo el curso, y te contaré qué salió.",
    "flag.noted.own": "Anotado. El curso es tuyo, así que la decisión también; está en el mensaje de abajo.",
    "flag.before": "Esta ya la señalaste. Te contaré qué sale de ello.",
    "flag.upheld": "Hiciste bien en preguntar. Esta pregunta se retiró de <b>{course}</b>: ya no cuenta para nadie, y "
    "tu "
    "puntuación se calcula sin ella:\n<i>{prompt}</i>",
    "flag.rejected": "Hice resolver otra vez tu pregunta de <b>{course}</b> sin su respuesta, y la respuesta se "
    "mantiene:\n<i>{prompt}</i>",
    "flag.rejected.owner": "Quien hizo <b>{course}</b> ha mirado tu pregunta, y la respuesta se mantiene:\n"
    "<i>{prompt}</i>",
    "flag.unsolved": "Tu pregunta de <b>{course}</b> se resolvió otra vez, sin un resultado claro. Ahora decide quien "
    "hizo el curso, y te contaré qué salió:\n<i>{prompt}</i>",
    "flag.answered": "Una pregunta que respondiste en <b>{course}</b> estaba mal y se ha retirado. Tu puntuación se "
    "calcula sin ella:\n<i>{prompt}</i>",
    "flag.look": "▶ Verla",
    # 🚩, for who owns the course
    "dispute.head": {
        "one": "<b>Alguien cree que esta pregunta está mal.</b>",
        "other": "<b>{n} personas creen que esta pregunta está mal.</b>",
    },
    "dispute.head.own": "<b>Señalaste una pregunta de tu propio curso.</b>",
    "dispute.where": "{course} · {section}",
    "dispute.right": "Se da por buena {letter}: {explanation}",
    "dispute.secret": "Tú aún no la has respondido, así que no digo cuál se da por buena.",
    "dispute.wrong": "Anularla",
    "dispute.stands": "Está bien",
    "dispute.upheld": "Se ha retirado para todo el mundo, y las puntuaciones se calculan sin ella.",
    "dispute.upheld.solved": "La hice resolver dos veces sin su respuesta, y las dos veces salió otra opción. Así que "
    "se "
    "ha retirado para todo el mundo, y las puntuaciones se calculan sin ella.",
    "dispute.rejected": "Se queda como está.",
    "dispute.rejected.solved": "La hice resolver dos veces sin su respuesta, y la respuesta se mantiene. La última "
    "palabra es tuya.",
    "dispute.toast.upheld": "Retirada.",
    "dispute.toast.rejected": "Se queda.",
    "error.not_found.question": "Esa pregunta no está entre las tuyas o ya no existe. Lo tuyo: /courses",
    "error.not_found.dispute": "Decidir eso no te corresponde, o ya no existe.",
    "error.conflict.voided": "Esta pregunta ya se retiró; no cuenta para nadie.",
    "error.conflict.answered": "Eso ya está respondido.",
    "limit.disputes": "Has señalado {n} preguntas en un día, que es el límite. La siguiente se puede señalar a las "
    "{time}.",
    # Questions that could not be made
    "key.retry_questions": "↻ Preguntas que faltan",
    "status.without_questions": {
        "one": "No se pudieron hacer las preguntas de {n} sección: {because}.",
        "other": "No se pudieron hacer las preguntas de {n} secciones: {because}.",
    },
    "error.conflict.nothing_missing": "No falta ninguna pregunta, así que no hay nada que reintentar.",
}
