"""What is typed in Spanish, Russian and Arabic where a button was offered, or to ask for a course."""

from __future__ import annotations

import pytest

from handlers.chat import understanding
from handlers.texts import LANGUAGES, plain
from services.validation import LEVELS


@pytest.mark.parametrize(
    ("language", "text", "topic"),
    [
        ("es", "enséñame cómo funciona la masa madre", "Cómo funciona la masa madre"),
        ("es", "Hola, quiero aprender sobre C++ y C#", "C++ y C#"),
        ("es", "¿Me puedes explicar los agujeros negros?", "Los agujeros negros?"),
        ("es", "Por favor, hazme un curso corto de ajedrez", "Ajedrez"),
        ("es", "Quiero aprender algo sobre las abejas, por favor", "Las abejas"),
        ("ru", "расскажи что-нибудь о пчёлах, пожалуйста", "Пчёлах"),
        ("ar", "علمني شيئًا عن النحل من فضلك", "النحل"),
        ("ru", "научи меня печь хлеб", "Печь хлеб"),
        ("ru", "Привет, хочу узнать про чёрные дыры", "Чёрные дыры"),
        ("ru", "Пожалуйста, сделай короткий курс по шахматам", "Шахматам"),
        ("ru", "расскажи, как работает закваска", "Как работает закваска"),
        ("ar", "علمني كيف تعمل الخميرة", "كيف تعمل الخميرة"),
        ("ar", "أريد أن أتعلم عن الثقوب السوداء", "الثقوب السوداء"),
        ("ar", "مرحبا، اشرح لي المد والجزر", "المد والجزر"),
        ("ar", "دورة عن الشطرنج", "الشطرنج"),
    ],
)
def test_a_course_is_asked_for(language: str, text: str, topic: str) -> None:
    assert understanding.asks_for_course(text, language)
    assert understanding.topic_of(text, language) == topic


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "La historia de España"),
        ("es", "Cursores en SQL"),
        ("ru", "История России"),
        ("ru", "Курсив в типографике"),
        ("ar", "تاريخ الأندلس"),
        ("ar", "علم الفلك"),
    ],
)
def test_a_bare_topic_is_left_whole(language: str, text: str) -> None:
    assert not understanding.asks_for_course(text, language)
    assert understanding.topic_of(text, language) == text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ("Hola", "¡gracias!", "muchas gracias", "¿Qué puedes hacer?", "buenas tardes")),
        ("ru", ("Привет!", "спасибо", "Добрый день", "что ты умеешь", "как дела")),
        ("ar", ("مرحبا", "السلام عليكم", "شكرا جزيلا", "كيف حالك؟", "صباح الخير")),
    ],
)
def test_small_talk_is_no_topic(language: str, words: tuple[str, ...]) -> None:
    assert all(understanding.is_small_talk(word, language) for word in words)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ("Siguiente", "continúa", "¿Qué sigue?", "ya terminé", "la siguiente lección", "hecho")),
        ("ru", ("Дальше", "продолжим", "давай дальше", "Что дальше?", "готово", "следующий урок")),
        ("ar", ("التالي", "أكمل", "ماذا بعد؟", "انتهيت", "الدرس التالي")),
    ],
)
def test_who_would_like_to_read_on_is_understood(language: str, words: tuple[str, ...]) -> None:
    assert all(understanding.goes_on(word, language) for word in words)


@pytest.mark.parametrize(
    ("language", "text", "minutes"),
    [
        ("es", "1,5 h", 90),
        ("es", "2 horas", 120),
        ("es", "1 hora y 30 minutos", 90),
        ("es", "media hora", 30),
        ("es", "una hora", 60),
        ("es", "45 minutos", 45),
        ("es", "una hora y media", None),
        ("ru", "1,5 часа", 90),
        ("ru", "2 ч", 120),
        ("ru", "3 часа 15 минут", 195),
        ("ru", "полчаса", 30),
        ("ru", "час", 60),
        ("ru", "40 мин", 40),
        ("ar", "3 ساعات", 180),
        ("ar", "1.5 ساعة", 90),
        ("ar", "نصف ساعة", 30),
        ("ar", "ساعة واحدة", 60),
        ("ar", "ساعة", 60),
        ("ar", "٤٥ دقيقة", 45),
        ("ar", "45 د", 45),
        ("ar", "90", 90),
    ],
)
def test_times_as_they_are_said(language: str, text: str, minutes: int | None) -> None:
    assert understanding.minutes_of(text, language) == minutes


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_what_stands_on_the_keys_is_understood_when_typed(language: str) -> None:
    for level in LEVELS:
        assert understanding.level_of(plain(language, f"key.level.{level}"), language) == level
    for key, intent in (("key.back", "back"), ("key.cancel", "no")):
        label = plain(language, key)
        assert {understanding.intent_of(part, language) for part in label.split()} == {intent}


@pytest.mark.parametrize(
    ("language", "yes", "no"),
    [("es", "Sí, por favor", "No, gracias"), ("ru", "Да", "Нет"), ("ar", "نعم", "لا شكرا")],
)
def test_yes_and_no(language: str, yes: str, no: str) -> None:
    assert understanding.intent_of(yes.replace(",", ""), language) == "yes"
    assert understanding.intent_of(no.replace(",", ""), language) == "no"
