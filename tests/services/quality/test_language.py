from __future__ import annotations

import pytest

from services.quality.language import ENOUGH, checkable, detected, language, script
from tests.services.quality.kit import PROSE, rules

UKRAINIAN = (
    "Дикі дріжджі живуть на оболонці пшениці та в повітрі кухні. Вони їдять цукор і виділяють газ, який піднімає "
    "тісто. У теплі вони швидкі, у холоді повільні."
)
SPANISH = (
    "La levadura silvestre vive en la cáscara del trigo y en el aire de la cocina. Come azúcar y suelta un gas que "
    "levanta la masa. El calor la hace rápida y el frío la hace lenta."
)
DANISH = (
    "Vild gær lever på hvedens skal og i køkkenets luft. Den spiser sukker og afgiver gas, som løfter dejen. Varme gør "
    "den hurtig, kulde gør den langsom."
)
JAPANESE = "野生の酵母は小麦の皮や台所の空気の中にいます。砂糖を食べてガスを出し、そのガスが生地をふくらませます。" * 2
TEXTS = {**PROSE, "uk": UKRAINIAN, "es": SPANISH, "ja": JAPANESE}


@pytest.mark.parametrize("own", TEXTS)
@pytest.mark.parametrize("course", TEXTS)
def test_each_text_is_in_its_own_language_only(own: str, course: str) -> None:
    found = rules(language(TEXTS[own], course, "s"))
    assert found == ([] if own == course else [("language", "error")])


def test_the_finding_says_both() -> None:
    (found,) = language(PROSE["de"], "en-GB", "lessons.0.sections.1.body")
    assert (found.path, found.found) == ("lessons.0.sections.1.body", "written in “de”")
    assert found.expected == "“en”, the language of the course"


@pytest.mark.parametrize(
    ("text", "course"),
    [
        ("Kurz.", "en"),
        ("Die Hefe lebt auf der Schale des Weizens und in der Luft. Sie frisst Zucker"[: ENOUGH - 1], "en"),
        ("", "ru"),
        ("1234567890 " * 20, "ru"),
        ("✅ ❌ 12 % " * 20, "en"),
        (DANISH, "nb"),  # so alike that a detector proves nothing
        (DANISH, "no"),
    ],
)
def test_what_nobody_can_tell_is_not_held_against_a_text(text: str, course: str) -> None:
    assert not list(language(text, course, "s"))


def test_terms_in_latin_letters_do_not_turn_a_text() -> None:
    chinese = (
        "用 Python 的 enumerate 和 itertools 可以写出很短的循环。推导式把 iterable 变成 list，生成器一次给出一个值。"
        * 3
    )
    assert not list(language(chinese, "zh", "s"))
    russian = "Функция enumerate возвращает пары, а itertools.chain соединяет последовательности в одну. " * 3
    assert not list(language(russian, "ru", "s"))


def test_a_language_that_only_its_script_can_tell() -> None:
    assert not checkable("uz")
    assert checkable("pt-BR")
    assert detected(PROSE["en"], "uz") == "uz"  # Latin letters: nobody can say more
    assert rules(language(PROSE["ru"], "uz", "s")) == [("language", "error")]


def test_a_long_text_is_told_by_its_parts() -> None:
    assert detected(PROSE["en"] * 50) == "en"
    assert detected(" ".join([PROSE["de"]] * 40), "de") == "de"


@pytest.mark.parametrize("own", ["en", "de", "ru", "ar", "zh", "hi", "ja"])
@pytest.mark.parametrize("course", ["en", "de", "ru", "ar", "zh", "hi", "ja", "uz", "tr"])
def test_by_script_alone(own: str, course: str) -> None:
    latin = {"en", "de", "uz", "tr"}
    same = own == course or {own, course} <= latin
    assert rules(script(TEXTS[own], course, "titles")) == ([] if same else [("language", "error")])
    assert not list(script("Kurz", "ru", "titles"))


MONGOLIAN = (
    "Зэрлэг мөөгөнцөр улаан буудайн хальс болон гал тогооны агаарт амьдардаг. Тэр элсэн чихэр идэж, хий ялгаруулдаг "
    "бөгөөд энэ нь зуурсан гурилыг хөөлгөдөг. Дулаанд хурдан, хүйтэнд удаан байдаг."
)
SERBIAN = (
    "Divlji kvasac živi na ljusci pšenice i u vazduhu kuhinje. On jede šećer i oslobađa gas koji podiže testo. "
    "Toplota ga čini brzim, a hladnoća sporim."
)


def test_scripts_that_several_languages_share_and_languages_with_two() -> None:
    assert not list(language(MONGOLIAN, "mn", "s"))
    assert not list(script(MONGOLIAN, "mn", "titles"))
    assert not list(script(MONGOLIAN, "ky", "titles"))  # nobody can tell by the letters
    assert not list(language(SERBIAN, "sr", "s"))
    assert rules(language(SERBIAN, "ru", "s")) == [("language", "error")]
    assert rules(language(MONGOLIAN, "en", "s")) == [("language", "error")]
