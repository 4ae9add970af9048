"""The few words that the offline author adds to a text, in the text's language where we have them, else in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """Templates; every quoted part is put in with its own marks. Lists are joined by `comma`, which no title has."""

    course: str = "A course from {title}"
    description: str = "A course made from {title}, in {lessons} lessons: {topics}."
    promise: str = "It quotes the text itself and says where each part stands."
    partly: str = "It covers the first {percent} % of the text, up to “{until}”."
    objective: str = "Explain what the text says about “{topic}”"
    made_from: str = "made without AI from {title}"
    source: str = "From *{title}*"
    pages: tuple[str, str] = ("page {first}", "pages {first}–{last}")
    missing: str = "What is missing in this sentence of the text? “{sentence}”"
    which: str = "What does the text describe like this? “{meaning}”"
    meaning: str = "How does the text describe “{term}”?"
    right: str = "The text says: “{sentence}”"
    elsewhere: str = "“{term}” stands elsewhere: “{sentence}”"
    other: str = "That is said of “{term}”: “{sentence}”"
    hint_letter: str = "It begins with “{letter}”."
    hint_place: str = "Look again at “{place}”."
    gap: str = "[…]"
    comma: str = "; "


ENGLISH = Phrases()

GERMAN = Phrases(
    course="Ein Kurs aus {title}",
    description="Ein Kurs aus {title} in {lessons} Lektionen: {topics}.",
    promise="Er zitiert den Text selbst und sagt, wo jede Stelle steht.",
    partly="Er behandelt die ersten {percent} % des Textes, bis „{until}“.",
    objective="Erklären, was der Text sagt über „{topic}“",
    made_from="ohne KI gemacht aus {title}",
    source="Aus *{title}*",
    pages=("Seite {first}", "Seiten {first}–{last}"),
    missing="Was fehlt in diesem Satz des Textes? „{sentence}“",
    which="Was beschreibt der Text so? „{meaning}“",
    meaning="Wie beschreibt der Text „{term}“?",
    right="Der Text sagt: „{sentence}“",
    elsewhere="„{term}“ steht anderswo: „{sentence}“",
    other="Das steht über „{term}“: „{sentence}“",
    hint_letter="Es beginnt mit „{letter}“.",
    hint_place="Sieh noch einmal nach bei „{place}“.",
)

FRENCH = Phrases(
    course="Un cours tiré de {title}",
    description="Un cours tiré de {title}, en {lessons} leçons : {topics}.",
    promise="Il cite le texte lui-même et dit où se trouve chaque passage.",
    partly="Il couvre les premiers {percent} % du texte, jusqu’à « {until} ».",
    objective="Expliquer ce que le texte dit de « {topic} »",
    made_from="fait sans IA à partir de {title}",
    source="Extrait de *{title}*",
    pages=("page {first}", "pages {first}–{last}"),
    missing="Que manque-t-il dans cette phrase du texte ? « {sentence} »",
    which="Que décrit le texte ainsi ? « {meaning} »",
    meaning="Comment le texte décrit-il « {term} » ?",
    right="Le texte dit : « {sentence} »",
    elsewhere="« {term} » se trouve ailleurs : « {sentence} »",
    other="Cela est dit de « {term} » : « {sentence} »",
    hint_letter="Cela commence par « {letter} ».",
    hint_place="Relisez « {place} ».",
)

SPANISH = Phrases(
    course="Un curso a partir de {title}",
    description="Un curso a partir de {title}, en {lessons} lecciones: {topics}.",
    promise="Cita el propio texto y dice dónde está cada parte.",
    partly="Cubre el primer {percent} % del texto, hasta «{until}».",
    objective="Explicar lo que dice el texto sobre «{topic}»",
    made_from="hecho sin IA a partir de {title}",
    source="De *{title}*",
    pages=("página {first}", "páginas {first}–{last}"),
    missing="¿Qué falta en esta frase del texto? «{sentence}»",
    which="¿Qué describe así el texto? «{meaning}»",
    meaning="¿Cómo describe el texto «{term}»?",
    right="El texto dice: «{sentence}»",
    elsewhere="«{term}» aparece en otro lugar: «{sentence}»",
    other="Eso se dice de «{term}»: «{sentence}»",
    hint_letter="Empieza por «{letter}».",
    hint_place="Vuelve a leer «{place}».",
)

RUSSIAN = Phrases(
    course="Курс по тексту «{title}»",
    description="Курс по тексту «{title}». Уроков: {lessons}. Темы: {topics}.",
    promise="Он цитирует сам текст и указывает, где находится каждый отрывок.",
    partly="Он охватывает первые {percent} % текста, до раздела «{until}».",
    objective="Объяснить, что говорит текст на тему «{topic}»",
    made_from="сделано без ИИ по тексту «{title}»",
    source="Из текста *{title}*",
    pages=("страница {first}", "страницы {first}–{last}"),
    missing="Что пропущено в этом предложении текста? «{sentence}»",
    which="Что текст описывает так? «{meaning}»",
    meaning="Как текст описывает «{term}»?",
    right="В тексте сказано: «{sentence}»",
    elsewhere="«{term}» встречается в другом месте: «{sentence}»",
    other="Это сказано о «{term}»: «{sentence}»",
    hint_letter="Начинается с «{letter}».",
    hint_place="Посмотрите ещё раз: «{place}».",
)

ARABIC = Phrases(
    course="دورة من نص «{title}»",
    description="دورة مأخوذة من نص «{title}». عدد الدروس: {lessons}. المواضيع: {topics}.",
    promise="تقتبس الدورة النص نفسه وتذكر موضع كل جزء منه.",
    partly="تغطي أول {percent} % من النص، حتى «{until}».",
    objective="شرح ما يقوله النص عن «{topic}»",
    made_from="أُعدّت دون ذكاء اصطناعي من {title}",
    source="من *{title}*",
    pages=("الصفحة {first}", "الصفحات {first}–{last}"),
    missing="ما الناقص في هذه الجملة من النص؟ «{sentence}»",
    which="ما الذي يصفه النص هكذا؟ «{meaning}»",
    meaning="كيف يصف النص «{term}»؟",
    right="يقول النص: «{sentence}»",
    elsewhere="ترد «{term}» في موضع آخر: «{sentence}»",
    other="هذا قيل عن «{term}»: «{sentence}»",
    hint_letter="تبدأ بالحرف «{letter}».",
    hint_place="راجع «{place}» مرة أخرى.",
    comma="؛ ",
)

CHINESE = Phrases(
    course="课程：{title}（依据原文）",
    description="本课程依据《{title}》编成，共 {lessons} 课，内容包括：{topics}。",
    promise="课程直接引用原文，并注明每一段在原文中的位置，读者可以随时回到原处查看。不使用人工智能，不添加原文没有的内容。",
    partly="课程涵盖原文的前 {percent} %，直到“{until}”。",
    objective="说明原文如何讲述“{topic}”",
    made_from="未使用人工智能，依据《{title}》制作",
    source="摘自 *{title}*",
    pages=("第 {first} 页", "第 {first}–{last} 页"),
    missing="原文的这句话中缺少什么？“{sentence}”",
    which="原文这样描述的是什么？“{meaning}”",
    meaning="原文如何描述“{term}”？",
    right="原文说：“{sentence}”",
    elsewhere="“{term}”出现在别处：“{sentence}”",
    other="这说的是“{term}”：“{sentence}”",
    hint_letter="它以“{letter}”开头。",
    hint_place="请再看看“{place}”。",
    comma="；",
)

_ALL = {
    "en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "ru": RUSSIAN, "ar": ARABIC, "zh": CHINESE,
}  # fmt: skip


def phrases(language: str) -> Phrases:
    """Those of `language` (ISO 639-1), English if there are none."""
    return _ALL.get(language, ENGLISH)
