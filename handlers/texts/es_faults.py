"""Spanish: what is in the way, and what can be done about it."""

from __future__ import annotations

from handlers.texts import Text

FAULTS: dict[str, Text] = {
    "error": "Eso no funcionó.",
    "error.not_found": "Eso ya no está aquí. Lo tuyo: /courses",
    "error.not_found.course": "Eso no está entre tus cursos. Los tuyos: /courses",
    "error.not_found.lesson": "Eso no está entre tus cursos. Los tuyos: /courses",
    "error.not_found.section": "Eso no está entre tus cursos. Los tuyos: /courses",
    "error.not_found.generation": "Ese curso ya no está. Los tuyos: /courses",
    "error.not_found.document": "Ya no tengo ese documento. Envíalo otra vez, por favor.",
    "error.not_found.sample": "Ya no tengo ese texto. /learn muestra los que tengo.",
    "error.forbidden": "Cambiar eso no te corresponde.",
    "error.forbidden.not_owner": "Ese curso es de otra persona; puedes leerlo, no cambiarlo.",
    "error.forbidden.not_admitted": "Aquí enseño a un grupo cerrado. Una invitación de {operator} te abre la puerta.",
    "error.forbidden.not_admin": "Eso es para quien administra.",
    "error.conflict": "Eso ya ha cambiado.",
    "error.conflict.too_late": "Completada a las {time}. Se puede deshacer durante un minuto, y ya pasó.",
    "error.conflict.too_little": "Hay muy poco que conservar: un curso son tres lecciones de dos secciones.",
    "fault_of_ours": "Eso no funcionó, y no es por ti. No se pierde nada; lo intento otra vez.",
    "alert.aside": "<b>Apartado</b> · {what} falló tres veces ({error}). Lo demás sigue. /status",
    "held_up": "Ahora mismo no puedo anotar nada, y no es por ti. No se pierde nada; respondo en cuanto pueda.",
    "gave_up": "He tenido que dejarlo. Quienes llevan este bot ya lo saben.",
    "gave_up.operator": "He tenido que dejarlo; {operator} ya lo sabe.",
    "document": "No saco nada de este archivo. Leo PDF, Word, Markdown y texto.",
    "document.empty": "Este archivo está vacío. Uno con texto servirá.",
    "document.too_large": "Este archivo pasa de los {detail} MB que admito. Quizá baste una parte.",
    "document.swells": "Este archivo, al abrirse, ocupa mucho más que su tamaño, así que lo dejé cerrado. Guardado de "
    "nuevo o como PDF puede servir.",
    "document.encrypted": "Este archivo está cerrado con contraseña. Una versión sin ella servirá.",
    "document.no_text": "Este PDF son imágenes de páginas; todavía no puedo leerlo. Una versión con texto "
    "seleccionable "
    "servirá.",
    "document.wrong_kind": "Este archivo no es lo que dice su nombre o es de un tipo que no puedo leer. Leo PDF, Word "
    "(.docx), Markdown y texto.",
    "document.not_a_document": "Leo PDF, Word (.docx), Markdown y texto; esto es otra cosa.",
    "document.too_thin": "Este texto es demasiado corto para un curso: hace falta lo bastante para tres lecciones de "
    "dos "
    "secciones, unas mil palabras.",
    "document.broken": "Este archivo está dañado; no pude abrirlo. Guardarlo de nuevo puede ayudar.",
    "document.too_long": "Este texto es demasiado largo para un solo curso. Un capítulo servirá.",
    "author": "El modelo no entregó nada, y nada se pierde.",
    "author.author_refused": "El modelo no quiso tratar este tema. Pedirlo de otra manera puede funcionar.",
    "author.declined": "El modelo no quiso tratar este tema. Pedirlo de otra manera puede funcionar.",
    "author.unsafe": "Esto es algo que no enseño, porque podría hacer daño. Lo que hay detrás sí puede dar un curso: "
    "cómo "
    "funciona, su historia o cómo se protege la gente de ello.",
    "author.unsafe_self_harm": "De esto no puedo hacer un curso. Si piensas en hacerte daño, habla ahora con alguien: "
    "una "
    "persona de confianza o una línea de ayuda cercana (findahelpline.com las reúne). Un curso sobre los días "
    "difíciles "
    "y dónde encontrar ayuda lo haría con gusto.",
    "author.overloaded": "El modelo estaba saturado cada vez que pregunté. Puede que haya sitio en un minuto.",
    "author.rate_limited": "Ahora mismo se le pide demasiado al modelo. Puede que haya sitio en un minuto.",
    "author.timed_out": "El modelo no respondió a tiempo ninguna de las veces. Puede que sí en un minuto.",
    "author.dropped": "La conexión con el modelo se cortó cada vez. Puede que aguante en un minuto.",
    "author.unreachable": "Ahora mismo no se llega al modelo. Puede que sí en un minuto.",
    "author.resting": "El modelo falló varias veces seguidas, así que lo dejo descansar un poco. Puede que vuelva en "
    "unos minutos.",
    "author.service_error": "El servicio del modelo tiene un fallo. Puede que pase en un minuto.",
    "author.invalid_answer": "Las respuestas del modelo no servían. Preguntar otra vez suele ayudar.",
    "author.truncated": "La respuesta del modelo se cortó. Preguntar otra vez suele ayudar.",
    "author.spent": "Se agotó el dinero previsto para el modelo. Puede cambiarlo {operator}.",
    "author.key_refused": "El servicio del modelo no acepta nuestra clave. Puede cambiarlo {operator}.",
    "author.model_unknown": "El servicio del modelo no conoce nuestro modelo. Puede cambiarlo {operator}.",
    "author.request_refused": "El servicio del modelo no admitió la pregunta. Pedirlo de otra manera puede funcionar.",
    "author.no_author": "No hay ningún modelo disponible. Puede cambiarlo {operator}.",
    "author.needs_source": "Necesito un texto del que partir: envíame un documento o toma uno de los míos con /learn.",
    # Fields and their faults
    "field": "Esto",
    "field.topic": "El tema",
    "field.title": "El título",
    "field.description": "La descripción",
    "field.objectives": "La lista de objetivos",
    "field.objectives.one": "El objetivo {n}",
    "field.objective": "El objetivo",
    "field.level": "El nivel",
    "field.minutes": "El tiempo",
    "field.note": "La nota",
    "field.time_zone": "La zona horaria",
    "field.language": "El idioma",
    "field.uses": "El número de personas",
    "fault": "{field} no sirve así: {found}. Se admite: {allowed}",
    "fault.too_short": "{field} tiene {found} caracteres; se admiten {allowed}.",
    "fault.too_long": "{field} tiene {found} caracteres; se admiten {allowed}.",
    "fault.topic.too_long": "Son {found} caracteres; un tema tiene hasta 300. ¿De qué trata, en una frase? "
    "Un texto más largo se puede enviar como archivo.",
    "fault.topic.too_short": "Es algo corto para un tema. ¿De qué trata, en unas palabras?",
    "fault.topic.no_letters": "Veo {found}, pero ninguna palabra. ¿De qué trata, en unas palabras?",
    "fault.too_few": "{field} tiene {found} entradas; se admiten {allowed}.",
    "fault.too_many": "{field} tiene {found} entradas; se admiten {allowed}.",
    "fault.out_of_range": "{field} es {found}; se admite {allowed}.",
    "fault.unknown": "{field} es «{found}»; se admite uno de estos valores: {allowed}.",
    "fault.html_tag": "{field} contiene {found}, que se lee como una etiqueta HTML. Cualquier otro signo vale.",
    "fault.control_character": "{field} contiene un carácter de control invisible ({found}). Al teclearlo de nuevo "
    "servirá.",
    "fault.direction_override": "{field} contiene un signo oculto que da la vuelta a la escritura ({found}). "
    "Al teclearlo de nuevo servirá.",
    "fault.nothing_visible": "{field} no tiene nada que se pueda ver.",
}
