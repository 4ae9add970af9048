"""Spanish: errors over REST, in words about the learning; `title` is by status, the others by code."""

from __future__ import annotations

from handlers.texts import Text

PROBLEMS: dict[str, Text] = {
    "problem.title.400": "No se pudo entender la petición",
    "problem.title.401": "Primero, entra con tu cuenta",
    "problem.title.403": "Esto no te corresponde",
    "problem.title.404": "Aquí no hay nada",
    "problem.title.405": "Esto no se puede hacer aquí",
    "problem.title.406": "La respuesta no existe en esa forma",
    "problem.title.409": "Ya no es así",
    "problem.title.413": "Es demasiado grande",
    "problem.title.415": "Este tipo de contenido no se puede leer",
    "problem.title.422": "Algo merece otra mirada",
    "problem.title.429": "Un poco más tarde, por favor",
    "problem.title.500": "Eso no funcionó",
    "problem.title.502": "Eso no funcionó",
    "problem.title.503": "Ahora mismo no",
    "problem.unauthorized": "Entra para seguir aprendiendo donde lo dejaste.",
    "problem.unauthorized.expired": "Esa entrada es demasiado antigua. Abre Lectern de nuevo o escribe /login en el "
    "chat para recibir un código.",
    "problem.unauthorized.reused": "Por tu seguridad se cerró la sesión, porque se usó otra vez una entrada antigua. "
    "Entra de nuevo.",
    "problem.unauthorized.code": "Este código no sirve (o ya no). Escribe /login en el chat para recibir uno nuevo.",
    "problem.forbidden.blocked": "Quienes llevan este servicio han puesto en pausa tu aprendizaje. Pueden contarte "
    "más.",
    "problem.forbidden.not_admitted": "Lectern enseña aquí a un grupo cerrado. Una invitación te abre la puerta.",
    "problem.forbidden.no_telegram": "Aquí no se puede entrar por Telegram. Escribe /login en el chat para recibir un "
    "código.",
    "problem.conflict.yourself": "Esa es tu propia cuenta; otra persona que administre puede hacerlo por ti.",
    "problem.conflict.admin_by_setting": "Quien administra está en la configuración, así que el cambio se hace allí.",
    "problem.conflict.answered": "Esta pregunta ha avanzado desde que la leíste, y no se cambió nada. Léela otra vez.",
    "problem.conflict.voided": "Esta pregunta estaba mal y se ha retirado. No cuenta para nadie, así que no hay nada "
    "que responder.",
    "problem.conflict.completed": "Esta sección ya estaba hecha; ese registro se mantiene y no se cambió nada.",
    "problem.forbidden.not_enrolled": "Puedes ver este curso, pero no lo estás siguiendo.",
    "problem.not_found.enrolment": "Aún no has empezado este curso. Completa una sección y podrás seguirlo.",
    "problem.conflict.not_ready": "Este curso aún se está creando. Cuando esté listo, se podrá hacer.",
    "problem.conflict.being_made": "Este curso se está escribiendo ahora. Espera a que esté listo o páralo antes.",
    "problem.conflict.newer_version": "Esta sección cambió desde que la leíste. No se ha sobrescrito nada; léela otra "
    "vez.",
    "problem.conflict.other_lessons": "Estas no son las lecciones que el curso tiene ahora. Léelo otra vez y sigue "
    "desde ahí.",
    "problem.conflict.not_enrolled": "Este curso no está en tu lista. Únete primero.",
    "problem.conflict.other_request": "Esta clave ya se usó para otra petición. No se empezó nada nuevo.",
    "problem.conflict.not_running": "Ya no se está creando, así que no hay nada que parar.",
    "problem.conflict.not_stopped": "No se paró, así que no hay nada que conservar ni que seguir.",
    "problem.conflict.too_little": "Hay muy poco escrito para un curso: hacen falta tres lecciones de dos secciones.",
    "problem.conflict.already_ready": "Este curso ya está listo. Se puede borrar como cualquier otro.",
    "problem.conflict.refused": "El autor no quiso tratar este tema. Pedirlo de otra manera puede funcionar.",
    "problem.conflict.still_running": "Aún se está creando. Después se podrá reintentar esta lección.",
    "problem.conflict.not_aside": "Este trabajo no está apartado: está en espera o se está haciendo ahora.",
    "problem.conflict.nothing_missing": "No falta ninguna pregunta, así que no hay nada que reintentar.",
    "problem.conflict.not_failed": "Esta lección no falló, así que no hay nada que reintentar.",
    "problem.limit_reached.generations": "Son todos los cursos que se pueden pedir en poco tiempo. El siguiente puede "
    "esperar.",
    "problem.author_failed.needs_source": "Aquí un curso se hace a partir de un texto: envía un documento o toma uno "
    "de los incluidos.",
    "problem.limit_reached.cap_learner": "Lo que tus cursos pueden costar en un día está limitado aquí; mañana hay "
    "sitio para este.",
    "problem.limit_reached.cap_bot": "Lo que se puede gastar aquí en un día está limitado; mañana hay sitio para este "
    "curso.",
    "problem.author_failed.cap_course": "Lo que puede costar un curso está limitado aquí, y este no cabría.",
    "problem.author_failed": "Ahora mismo el autor no está disponible. No se empezó nada.",
    "problem.author_refused.unsafe": "Esto no se enseña aquí, porque podría hacer daño. Cómo funciona, su historia o "
    "cómo se protege la gente de ello sí puede dar un curso.",
    "problem.author_refused.unsafe_self_harm": "De esto no se hace un curso. Si piensas en hacerte daño, habla ahora "
    "con alguien: una persona de confianza o una línea de ayuda cercana (findahelpline.com las reúne).",
    "problem.author_refused": "El autor no quiso tratar este tema. Pedirlo de otra manera puede funcionar.",
    "problem.document_refused": "De este archivo no se puede hacer un curso. Otro puede servir.",
    "problem.document_refused.empty": "No hay nada en este archivo.",
    "problem.document_refused.too_large": "Este archivo es más grande de lo que se puede leer.",
    "problem.document_refused.too_long": "Este texto es más largo de lo que puede ser un curso. Una parte puede "
    "servir.",
    "problem.document_refused.encrypted": "Este archivo está cerrado con contraseña. Sin ella se puede leer.",
    "problem.document_refused.no_text": "En este archivo no hay texto; quizá solo imágenes de páginas.",
    "problem.document_refused.wrong_kind": "Se puede leer un archivo PDF, DOCX, Markdown o de texto; este no lo es.",
    "problem.document_refused.not_a_document": "Se puede leer un archivo PDF, DOCX, Markdown o de texto; este no lo "
    "es.",
    "problem.document_refused.too_thin": "En este texto hay muy poco para tres lecciones de dos secciones.",
    "problem.document_refused.broken": "Este archivo está dañado. Guardado de nuevo puede que se lea.",
    "problem.not_found.course": "Este curso no está entre los que puedes leer.",
    "problem.not_found.lesson": "Esta lección ya no forma parte del curso.",
    "problem.not_found.section": "Esta sección no forma parte de la lección o aún no está escrita.",
    "problem.not_found.question": "Esta pregunta no forma parte de la sección o ya no cuenta.",
    "problem.not_found.version": "La sección nunca fue así, o lo es ahora mismo.",
    "problem.not_found.mail": "Desde aquí no se envían correos.",
    "problem.not_found.link": "Este enlace no funciona (o ya no). Pide otro correo o elige en Lectern.",
    "problem.not_found": "En esta dirección no hay nada que puedas ver.",
    "problem.forbidden": "Puedes ver esto, pero cambiarlo corresponde a otra persona.",
    "problem.conflict": "Algo cambió entretanto; léelo otra vez y sigue desde ahí.",
    "problem.invalid": "No se cambió nada. Mira otra vez los campos que se nombran.",
    "problem.limit_reached": "Has hecho mucho en poco tiempo. No se pierde nada; sigue en un momento.",
    "problem.limit_reached.mail": "Son todos los correos de confirmación que se envían en un día. Mañana hay más.",
    "problem.limit_reached.disputes": "Son todas las preguntas que se pueden señalar en un día. Mañana hay más.",
    "problem.limit_reached.requests": "Han sido muchas llamadas en poco tiempo. No se pierde nada; sigue en un "
    "momento.",
    "problem.limit_reached.progress": "Ha sido mucho progreso de una vez. No se pierde nada; envía el resto en un "
    "momento.",
    "problem.method_not_allowed": "Esta dirección es para otra cosa; no se cambió nada.",
    "problem.unsupported": "Este tipo de contenido no se puede leer aquí; no se cambió nada.",
    "problem.malformed": "La petición no se pudo leer, así que no se cambió nada.",
    "problem.too_large": "Es más de lo que se puede recibir de una vez; no se cambió nada.",
    "problem.internal": "Eso no funcionó, y no es por ti. Nada de lo tuyo se ha perdido.",
    "problem.unavailable": "Aprender no es posible por un momento. Lo que has hecho está a salvo; prueba otra vez "
    "dentro de poco.",
}
