"""The detector of languages, py3langid, loaded once for all who ask.

0.1 s and 31 MB with numpy, so it is loaded when it is first needed, and whoever asks is in a thread. Held below
0.4, whose model takes 98 MB."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_CODES = """
    af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko
    ky lo lt lv mk ml mn mr ms nb ne nl nn no pa pl ps pt ro ru si sk sl sq sr sv sw ta te th tr uk ur vi zh
"""
KNOWN = frozenset(_CODES.split())
_loading = threading.Lock()


def identifier() -> LanguageIdentifier:
    """The detector for the `KNOWN` languages (ISO 639-1), with probabilities."""
    with _loading:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    made = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    made.set_languages(sorted(KNOWN))
    made.nb_ptc = made.nb_ptc.astype("float32")  # half precision is slow where it is computed with
    return made
