"""Check 14: what an author left in a text that was never meant for readers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.quality.finding import Finding

# Capitals only: "todo" is Spanish for everything.
_MARKS = re.compile(r"(?<!\w)(?:TODO|TBD|FIXME|XXX|LOREM IPSUM)(?!\w)")
_WORDS = re.compile(
    r"lorem ipsum|\[\s*(?:insert|your|add|placeholder|todo|tbd|beispiel einfügen|insérer|insertar|вставьте|вставить)\b"
    r"|<\s*your\b|\{\{[^{}]{0,60}\}\}|\bplaceholder text\b|\btext goes here\b"
    r"|\bas an? (?:AI|artificial intelligence|(?:large )?language model)\b|\bI(?:'|’)?m (?:just )?an AI\b"
    r"|\bals (?:eine? )?(?:KI|Sprachmodell)\b|\ben tant qu(?:e|')\s?(?:IA|intelligence artificielle|modèle de langage)"
    r"|\bcomo (?:una? |um |uma )?(?:IA|inteligencia artificial|modelo de (?:lenguaje|linguagem))\b"
    r"|как (?:языковая модель|искусственный интеллект|ИИ)\b|як мовна модель"
    r"|(?:كنموذج لغوي|بصفتي (?:ذكاء|نموذج))|एक (?:एआई|AI|भाषा मॉडल) के (?:रूप|तौर)"
    r"|作为(?:一个|一名|一款)?(?:AI|人工智能|语言模型|大语言模型)|AIとして|AI 언어 모델",
    re.IGNORECASE,
)
_SCRATCH = re.compile(
    r"^\s*(?:</?(?:think|thinking|scratchpad|reasoning|answer|output)>|(?:sure|certainly)[,!]\s+here(?:'|’)?s?\b"
    r"|here (?:is|are) (?:the|your) (?:section|rewritten|revised|corrected|json)\b"
    r"|(?:note to self|self-check|word count|scratch ?pad|plan for this section)\s*[:：]"
    r"|\(?(?:approximately |about |~)?\d{2,4} words\)?\s*$|(?:let me|i(?:'|’)ll now|i will now) (?:write|draft)\b)",
    re.IGNORECASE | re.MULTILINE,
)


def leftovers(plain: str, path: str) -> Iterator[Finding]:
    """The first of each kind in prose without code: marks of unfinished work, placeholders, an author speaking of being
    a program, its notes to itself."""
    for pattern in (_MARKS, _WORDS, _SCRATCH):
        if found := pattern.search(plain):
            words = " ".join(found[0].split())[:40]
            yield Finding(path, "leftovers", f"“{words}”", "text that is meant for readers")
