"""In which language a course is asked for, told once from the words of the request: by their script, and where that
is Latin, which many languages share, by py3langid. What is too short or not sure is the learner's own language.

The detector is loaded at the first such request, so ask in a thread."""

from __future__ import annotations

from services.documents.detector import identifier
from services.documents.language import language_of

LETTERS = 20  # of fewer no detector can tell: "jazz", "SQL", "karate"
SURE = 0.95
# Languages that are likely enough: among all that it knows, a few words would now and then be taken for a rare one.
PLAUSIBLE = frozenset({"en", "es", "fr", "de", "it", "pt", "nl", "pl", "tr", "cs", "hu", "vi"})
_NOT_LATIN = frozenset({"ru", "uk", "bg", "sr", "be", "mk", "ar", "fa", "ur", "he", "el", "hi", "zh", "ja", "ko", "th"})


def asked_in(topic: str, spoken: str) -> str:
    """The language (ISO 639-1) of a `topic`; `spoken` is the learner's own. May load a model: call it in a thread."""
    by_script = language_of(topic, hint=spoken)
    own = spoken.partition("-")[0].lower()
    if by_script not in {own, "en"} or by_script in _NOT_LATIN:
        return by_script
    if sum(map(str.isalpha, topic)) < LETTERS:
        return by_script
    return _told(topic, PLAUSIBLE | ({own} - _NOT_LATIN)) or by_script


def _told(text: str, among: frozenset[str]) -> str | None:
    """The language that the detector is sure of. Only the languages in question are weighed."""
    ranked = [(code, float(share)) for code, share in identifier().rank(text) if code in among]
    whole = sum(share for _, share in ranked)
    best, share = ranked[0]
    return best if whole and share / whole >= SURE else None
