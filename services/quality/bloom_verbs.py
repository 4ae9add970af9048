"""Verbs of learning outcomes by Bloom's levels, in the languages that we have them in."""

from __future__ import annotations

_EN = (
    "define list name recall identify recognise recognize state label memorise memorize match repeat locate remember",
    "explain describe summarise summarize classify discuss interpret paraphrase illustrate understand outline infer"
    " translate tell say give",
    "apply use calculate compute solve demonstrate implement execute perform operate practise practice predict convert"
    " measure prepare schedule sketch modify keep make write follow choose handle set read",
    "analyse analyze compare contrast differentiate distinguish examine test debug diagnose organise organize relate"
    " investigate deduce break trace",
    "evaluate judge assess critique justify argue defend recommend rate appraise weigh decide prioritise prioritize"
    " review",
    "create design compose develop plan invent construct produce formulate devise generate build propose",
)
_DE = (
    "nennen nenne definieren definiere auflisten aufzählen benennen erinnern wiedergeben erkennen bezeichnen",
    "erklären erkläre beschreiben beschreibe zusammenfassen erläutern erläutere einordnen deuten verstehen darlegen",
    "anwenden nutzen verwenden berechnen lösen durchführen vorhersagen umwandeln messen schreiben umsetzen ausführen",
    "analysieren vergleichen unterscheiden untersuchen prüfen gegenüberstellen zerlegen ableiten zuordnen",
    "bewerten beurteilen begründen einschätzen entscheiden abwägen kritisieren empfehlen",
    "entwerfen erstellen entwickeln planen gestalten erfinden konstruieren formulieren bauen",
)
_FR = (
    "définir lister nommer citer identifier reconnaître rappeler énumérer mémoriser",
    "expliquer décrire résumer classer discuter interpréter reformuler illustrer comprendre",
    "appliquer utiliser calculer résoudre démontrer exécuter réaliser prédire convertir mesurer employer écrire",
    "analyser comparer différencier distinguer examiner tester déduire diagnostiquer opposer",
    "évaluer juger justifier critiquer recommander défendre décider argumenter",
    "créer concevoir composer développer planifier inventer construire produire formuler élaborer",
)
_ES = (
    "definir enumerar nombrar recordar identificar reconocer citar listar memorizar",
    "explicar describir resumir clasificar discutir interpretar parafrasear ilustrar comprender",
    "aplicar usar utilizar calcular resolver demostrar ejecutar realizar predecir convertir medir escribir",
    "analizar comparar diferenciar distinguir examinar probar deducir diagnosticar contrastar",
    "evaluar juzgar justificar criticar recomendar defender decidir argumentar valorar",
    "crear diseñar componer desarrollar planificar inventar construir producir formular elaborar",
)
_PT = (
    "definir enumerar nomear recordar lembrar identificar reconhecer citar listar memorizar",
    "explicar descrever resumir classificar discutir interpretar parafrasear ilustrar compreender",
    "aplicar usar utilizar calcular resolver demonstrar executar realizar prever converter medir escrever",
    "analisar comparar diferenciar distinguir examinar testar deduzir diagnosticar contrastar",
    "avaliar julgar justificar criticar recomendar defender decidir argumentar",
    "criar projetar compor desenvolver planejar inventar construir produzir formular elaborar",
)
_RU = (
    "назвать называть перечислить перечислять определить определять вспомнить узнавать указать",
    "объяснить объяснять описать описывать обобщить изложить пересказать понимать классифицировать",
    "применить применять использовать вычислить вычислять решить решать рассчитать выполнить выполнять измерить"
    " предсказать написать",
    "проанализировать анализировать сравнить сравнивать различать отличать исследовать проверить сопоставить",
    "оценить оценивать обосновать аргументировать выбрать рекомендовать судить",
    "создать создавать разработать спроектировать составить планировать придумать построить сформулировать",
)
_AR = (
    "تعريف تسمية تعداد تذكر تحديد",
    "شرح وصف تلخيص تصنيف تفسير توضيح فهم",
    "تطبيق استخدام حساب حل تنفيذ قياس",
    "تحليل مقارنة تمييز فحص",
    "تقييم تبرير نقد",
    "إنشاء تصميم تطوير تخطيط بناء",
)


def _levels(lists: tuple[str, ...]) -> dict[str, int]:
    return {verb: level for level, verbs in enumerate(lists) for verb in verbs.split()}


VERBS: dict[str, dict[str, int]] = {
    language: _levels(lists)
    for language, lists in {"en": _EN, "de": _DE, "fr": _FR, "es": _ES, "pt": _PT, "ru": _RU, "ar": _AR}.items()
}
