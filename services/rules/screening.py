"""The plainest wishes that nobody may be taught, told by their words alone, in several languages.

It knows a wish to do harm from a wish to understand it only where the words say so themselves (how to make a bomb; not:
the bomb of 1945). What it does not know it says nothing about: no finding means nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

_NEAR = r"(?:\W+\w+){0,3}?\W+"  # up to three words between the doing and the thing
_MAKE = (
    r"(?:mak\w*|build\w*|construct\w*|assembl\w*|cook\w*|synthesi[sz]\w*|produc\w*|prepar\w*|creat\w*|writ\w*|cod\w*"
    r"|hacer|fabricar|construir|preparar|sintetizar|crear|cocinar"
    r"|bauen|herstell\w*|bastel\w*|koch\w*|schreib\w*"
    r"|faire|fabriquer|construire|pr[eé]parer|synth[eé]tiser|cr[eé]er"
    r"|сдела\w*|дела\w*|собра\w*|изготов\w*|свар\w*|вар\w*|синтез\w*|созда\w*|написа\w*"
    r"|صنع|أصنع|تصنيع|تحضير|بناء|كتابة|إنشاء)"
)
_ARMS = (
    r"(?:(?<!bath )(?<!seed )(?<!fizz )(?<!glitter )(?<!cocoa )(?<!chocolate )bombs?"
    r"(?!\W+(?:shelter|calorimet|cyclone|disposal))|explosives?"
    r"|molotov\w*|nerve\W+(?:agent|gas)\w*|sarin|ricin|mustard\W+gas|ghost\W+guns?|ied"
    r"|bombas?(?!\W+(?:de\W+(?:calor|agua|riego)|hidr))|explosivos?|bomben?|sprengs[aä]tz\w*|sprengstoff\w*"
    r"|bombes?|explosifs?|бомб\w*|взрывчатк\w*|взрывн\w*\W+устройств\w*|зарин\w*|قنبلة|قنابل|متفجرات)"
)
_DRUGS = (
    r"(?:crystal\W+meth|meth(?:amphetamine)?s?|heroin|fentanyl|crack\W+cocaine|metanfetamina|hero[ií]na|fentanilo"
    r"|methamphetamin|m[eé]thamphétamine|метамфетамин\w*|героин\w*|мефедрон\w*|фентанил\w*|ميثامفيتامين|هيروين)"
)
_MALWARE = (
    r"(?:ransomware|malware|keyloggers?|spyware|trojan\W+virus|computer\W+virus(?:es)?|botnets?|virus\W+inform[aá]tico"
    r"|schadsoftware|вирус\w*\W*вымогател\w*|компьютерн\w*\W+вирус\w*|برامج\W+الفدية|فيروس\W+حاسوب)"
)
_DEFEND = (
    r"(?:defen[dcs]|detect|prevent|protect|analy|history|schutz|abwehr|защит|истори|detec|protec|preven|حماية|تاريخ)"
)
_CHILD = (
    r"(?:child|children|kids?|minors?|underage|toddlers?|ni[nñ][oa]s?|menores|kinder\w*|enfants?|mineure?s?|детск\w*"
    r"|дет[еи]\w*|ребен\w*|несовершеннолетн\w*|أطفال|قاصر\w*)"
)
_SEXUAL = (
    r"(?:porn\w*|sex(?:ual)?\W+(?:with|stories|images|videos?)|nudes?|erotic\w*|porno\w*|er[oó]tic\w*|порно\w*|эроти\w*"
    r"|إباحي\w*)"
)
_SELF_HARM = (
    r"(?:(?:how\W+(?:to|do\W+i|can\W+i)|ways?\W+to|best\W+way\W+to)\W+(?:kill|hang|hurt|cut|starve)\W+myself"
    r"|(?:painless|easy|quick|best)\W+(?:suicide|ways?\W+to\W+die)|(?:how\W+(?:to|do\W+i)|ways?\W+to)\W+(?:commit\W+)?suicide"
    r"|suicide\W+methods?|c[oó]mo\W+(?:suicidarme|matarme|cortarme)|m[eé]todos\W+de\W+suicidio"
    r"|wie\W+(?:bringe|t[oö]te)\W+ich\W+mich|selbstmordmethode\w*|comment\W+me\W+(?:suicider|tuer)"
    r"|как\W+(?:мне\W+)?(?:убить\W+себя|покончить\W+с\W+собой|порезать\W+себя)|способ\w*\W+(?:самоубийства|суицида)"
    r"|كيف\W+(?:أنتحر|أقتل\W+نفسي)|طرق\W+الانتحار)"
)
_HARM_OTHERS = (
    r"(?:how\W+(?:to|do\W+i|can\W+i)\W+(?:murder|poison|kidnap|stalk|drug|rape|kill|traffic)\W+(?:a\W+|my\W+|some)?"
    r"(?:person|people|wife|husband|girlfriend|boyfriend|woman|man|child\w*|someone|somebody|one|neighbou?r|boss|her|him)"
    r"|c[oó]mo\W+(?:matar|envenenar|secuestrar)\W+a\W+(?:alguien|mi|una?)"
    r"|wie\W+(?:t[oö]te|vergifte|ermorde)\W+ich\W+(?:jemand|mein|eine)\w*"
    r"|comment\W+(?:tuer|empoisonner)\W+(?:quelqu|ma|mon|une?)\w*"
    r"|как\W+(?:убить|отравить|похитить)\W+(?:человека|жену|мужа|соседа|ребенка|девушку)"
    r"|كيف\W+(?:أقتل|أسمم)\W+(?!نفسي)\w+)"
)
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(rf"\b{pattern}", re.IGNORECASE)
    for name, pattern in {
        "self-harm": _SELF_HARM,
        "sexual/minors": rf"(?:{_CHILD}{_NEAR}{_SEXUAL}|{_SEXUAL}{_NEAR}{_CHILD}|{_CHILD}\W*{_SEXUAL})\b",
        "illicit/violent": rf"(?:{_MAKE}{_NEAR}{_ARMS}|{_ARMS}\W+(?:selber\W+)?(?:bauen|basteln|herstellen))\b",
        "illicit": rf"{_MAKE}{_NEAR}(?:{_DRUGS}|{_MALWARE})\b",
        "violence": _HARM_OTHERS,
    }.items()
}
_DEFENDING = re.compile(rf"\b{_DEFEND}", re.IGNORECASE)
_MAY_BE_DEFENCE = frozenset({"illicit"})


def plain_categories(text: str) -> tuple[str, ...]:
    """The categories (named as OpenAI's moderation names them) that the words of `text` say plainly."""
    return tuple(_found(_folded(text)))


def _found(text: str) -> Iterator[str]:
    defends = _DEFENDING.search(text) is not None
    for name, pattern in _PATTERNS.items():
        if pattern.search(text) and not (defends and name in _MAY_BE_DEFENCE):
            yield name


def _folded(text: str) -> str:
    """Without invisible signs, the marks over Arabic letters, and other widths of the same letters."""
    composed = unicodedata.normalize("NFKC", text).replace("ё", "е").replace("Ё", "Е")
    return "".join(sign for sign in composed if unicodedata.category(sign) not in {"Cf", "Mn"} or sign == "\n")
