"""Spanish as it is understood when it is typed: regular expressions, matched without regard to case."""

from __future__ import annotations

from handlers.texts import Text

HEARD: dict[str, Text] = {
    "heard.asking": (
        r"^(?:(?:hola|buenas|buenos d[ií]as)[,!. ]+)?(?:por favor[, ]+)?"
        r"(?:¿?(?:me )?(?:puedes|podr[ií]as) )?"
        r"(?:ens[eé]ñame|enseñarme|expl[ií]ca(?:me|rme|r)?|h[aá]z(?:me)? un curso(?: corto)?|"
        r"crea(?:r|me|rme)? un curso(?: corto)?|"
        r"(?:me gustar[ií]a|quiero|quisiera|necesito) (?:aprender|saber|entender|conocer|un curso)|"
        r"ay[uú]dame a (?:aprender|entender)|aprender|un curso|curso|h[aá]blame)"
        r"(?: (?:(?:algo|todo|un poco|m[aá]s) )?(?:sobre|acerca de|de|en|a))?(?=\W|$)\s*[:,]?\s*"
    ),
    "heard.courtesy": r"(?:, *(?:por favor|(?:muchas )?gracias)|(?<! decir) (?:por favor|porfa))[.! ]*$",
    "heard.small_talk": (
        r"hola|buenas|buenos d[ií]as|buenas (?:tardes|noches)|(?:muchas )?gracias|ok|okay|vale|de acuerdo|s[ií]|no|"
        r"genial|bien|adi[oó]s|hasta luego|chao|prueba|ayuda|¿?qu[eé]|¿?por qu[eé]|¿?c[oó]mo est[aá]s|"
        r"¿?qui[eé]n eres|¿?qu[eé] (?:puedo pedir|puedes hacer|sabes hacer)|hi|hello|test"
    ),
    "heard.onward": (
        r"(?:vamos a )?(?:continuar|seguir|empezar)|contin[uú]a|sigue|sigamos|adelante|"
        r"(?:la |el )?siguiente(?: p[aá]gina| secci[oó]n| lecci[oó]n)?|¿?qu[eé] sigue|"
        r"(?:ya )?(?:est[aá] hecho|termin[eé]|he terminado|estoy list[oa]|volv[ií]|he vuelto)|hecho|list[oa]|m[aá]s"
    ),
    "heard.level.beginner": (
        r"1|a|nada(?: a[uú]n| todav[ií]a)?|ning[uú]no|cero|desde cero|poco|muy poco|no mucho|"
        r"(?:soy )?principiante|(?:nivel )?b[aá]sico|f[aá]cil|inicial"
    ),
    "heard.level.intermediate": r"2|b|algo|un poco|regular|(?:nivel )?(?:inter)?medio|lo b[aá]sico",
    "heard.level.advanced": r"3|c|mucho|bastante|much[ií]simo|(?:nivel )?(?:avanzado|experto)|(?:soy )?expert[oa]|"
    r"casi todo",
    "heard.half_hour": r"\bmedia hora\b|½ ?h",
    "heard.one_hour": r"\b(?:una|1) hora\b(?! y)",
    "heard.hours": r"h\b|hrs?\b|horas?\b|h(?=\d)",
    "heard.minutes": r"m|mins?|minutos?",
    "heard.yes": (
        r"s[ií](?: por favor)?|s|ok(?:ay)?|vale|de acuerdo|claro|adelante|hazlo|cr[eé]alo|crear(?: este curso)?|"
        r"bien|perfecto|genial|aprobar|usar (?:este|esto)|✅|👍"
    ),
    "heard.no": r"no(?: gracias)?|n|cancelar?|cancela(?:lo)?|para(?:r|lo)?|d[eé]jalo|olv[ií]dalo|✖|👎",
    "heard.change": r"cambiar?(?: algo)?|c[aá]mbialo|editar?|otra cosa|✏️?",
    "heard.back": r"(?:volver |ir )?atr[aá]s|volver|anterior|⬅️?",
}
