"""Prose for the model stub: in several languages, as long as asked for, and never the same twice over."""

from __future__ import annotations

import random
import zlib

# Sentences about {0} that a text begins with.
OPENINGS: dict[str, tuple[str, ...]] = {
    "en": (
        "Start from what you have seen already: {0} is nearer to daily life than its name suggests.",
        "Think of a kitchen in Lagos or Lima, where somebody meets **{0}** every morning without naming it.",
        "What makes {0} hard is rarely the rule itself; it is knowing when the rule applies.",
    ),
    "de": (
        "Beginne mit dem, was du schon gesehen hast: {0} liegt näher am Alltag, als der Name vermuten lässt.",
        "Denk an eine Küche in Lagos oder Lima, in der jemand jeden Morgen **{0}** begegnet.",
        "Schwer an {0} ist selten die Regel selbst, sondern zu wissen, wann sie gilt.",
    ),
    "es": (
        "Empieza por lo que ya has visto: {0} está más cerca de la vida diaria de lo que parece.",
        "Piensa en una cocina de Lagos o de Lima donde alguien se encuentra cada mañana con **{0}**.",
        "Lo difícil de {0} casi nunca es la regla, sino saber cuándo se aplica.",
    ),
    "ru": (
        "Начнём с того, что вы уже видели: {0} ближе к повседневной жизни, чем кажется по названию.",
        "Представьте кухню в Лагосе или Лиме, где каждое утро кто-то встречает **{0}**, не называя этого.",
        "Трудность в том, что {0} требует понимать, когда правило действует, а когда нет.",
    ),
    "ar": (
        "نبدأ مما رأيته من قبل: {0} أقرب إلى الحياة اليومية مما يوحي به الاسم.",
        "تخيّل مطبخاً في لاغوس أو ليما يلتقي فيه شخص ما كل صباح مع **{0}** دون أن يسميه.",
        "الصعب في {0} ليس القاعدة نفسها، بل معرفة متى تنطبق.",
    ),
    "zh": (
        "先从你见过的事物说起:{0}比它的名字更贴近日常生活。",
        "想象一下拉各斯或利马的一间厨房,那里每天早晨都有人遇到**{0}**,却不叫它的名字。",
        "{0}的难处往往不在规则本身,而在于知道规则何时适用。",
    ),
}
WORDS: dict[str, str] = {
    "en": "the bread and water of our morning with salt on a warm table where people wait for light we see how "
    "it grows slow then fast into what they know from home when hands turn dough or rain falls over green "
    "fields near old streets while you ask why one thing holds but others break under small weight after "
    "each night",
    "de": "das Brot und Wasser aus unserer Küche mit Salz auf dem warmen Tisch wo Leute auf Licht warten wir "
    "sehen wie es wächst erst langsam dann schnell was sie von zu Hause kennen wenn Hände den Teig drehen "
    "oder Regen fällt über grüne Felder nahe alter Straßen während du fragst warum eines hält aber "
    "anderes bricht nach jeder Nacht",
    "es": "el pan y el agua de nuestra mañana con sal sobre una mesa donde la gente espera luz vemos cómo crece "
    "primero lento luego rápido lo que saben de casa cuando las manos giran masa o cae lluvia en campos "
    "verdes cerca de calles viejas mientras tú dices por qué una cosa dura pero otra no tras cada noche",
    "ru": "хлеб и вода в нашем доме утром с солью на тёплом столе где люди ждут света мы видим как он растёт то "
    "тихо то скоро что они знают из дома когда руки мнут тесто или дождь идёт над полем у старых улиц "
    "пока ты ищешь ответ почему одно стоит а другое нет после каждой ночи",
    "ar": "الخبز والماء في صباح بيتنا مع ملح على مائدة دافئة حيث ينتظر الناس ضوء نرى كيف ينمو ببطء ثم بسرعة ما "
    "عرفوه من البيت عندما تدور اليد أو يسقط المطر فوق حقل أخضر قرب شارع قديم بينما تسأل لماذا يبقى شيء "
    "ولا يبقى آخر بعد كل ليل",
    "zh": "面包 和水 早晨 我们 家里 盐 温暖 桌子 人们 等待 光线 看见 怎样 生长 慢慢 然后 很快 他们 "
    "知道 手中 面团 下雨 田野 老街 旁边 你问 为什么 一个 东西 留下 别的 没有 每天 夜晚 之后 "
    "小心 学会 变化 时间 开始",
}
_STOP = {"zh": "。"}


class Prose:
    """Text in `language`, the same for the same `seed`; English for a language that the stub does not know."""

    def __init__(self, language: str, seed: str) -> None:
        self._known = language if language in WORDS else "en"
        self._words = WORDS[self._known].split()
        self._random = random.Random(zlib.crc32(seed.encode("utf-8", "replace")))

    def opening(self, about: str) -> str:
        """A sentence about something."""
        return self._random.choice(OPENINGS[self._known]).format(about)

    def number(self, below: int) -> int:
        """A number from 0."""
        return self._random.randrange(below)

    def phrase(self, words: int) -> str:
        """So many words, without a stop."""
        text = ("" if self._known == "zh" else " ").join(self._random.choice(self._words) for _ in range(words))
        return text[:1].upper() + text[1:]

    def sentence(self) -> str:
        """Six to ten words."""
        return self.phrase(self._random.randint(6, 10)) + _STOP.get(self._known, ".")

    def paragraph(self) -> str:
        """Four or five sentences."""
        return ("" if self._known == "zh" else " ").join(self.sentence() for _ in range(self._random.randint(4, 5)))

    def body(self, about: str, words: int, characters: int) -> str:
        """A section of about so many `words` (characters in Chinese), at least so many `characters`."""
        parts = [self.opening(about)]
        while self._size(parts) < words or sum(map(len, parts)) < characters:
            parts.append(self.paragraph())
        return "\n\n".join(parts)

    def _size(self, parts: list[str]) -> int:
        return sum(len(part) if self._known == "zh" else len(part.split()) for part in parts)
