from __future__ import annotations

import unicodedata

import pytest

from services.authors.model.citations import verbatim, verified
from services.authors.model.schemas import CitationShape
from services.authors.protocol import Citation, Passage

TEXT = "The  baker’s “mother”\nnever sleeps – it’s café-au-lait coloured, and   it **rises** twice."


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("never sleeps – it’s café-au-lait", "never sleeps – it’s café-au-lait"),
        ('The baker\'s "mother" never sleeps', "The  baker’s “mother”\nnever sleeps"),
        ("NEVER SLEEPS - IT'S", "never sleeps – it’s"),
        (unicodedata.normalize("NFD", "it’s café-au-lait"), "it’s café-au-lait"),
        ("and it rises twice.", "and   it **rises** twice"),
        ("“never sleeps…”", "never sleeps"),
        ("never slept – it’s", None),
        ("sleeps never", None),
        ("it", None),
        ("", None),
        ("…", None),
    ],
)
def test_a_quote_is_found_as_it_stands(quote: str, found: str | None) -> None:
    assert verbatim(quote, TEXT) == found
    assert found is None or found in TEXT


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("العجينة تتنفس ببطء", "قال الخباز: العجينة تتنفس ببطء في الليل.", "العجينة تتنفس ببطء"),
        ("面团在夜里慢慢呼吸", "师傅说:面团在夜里慢慢呼吸。", "面团在夜里慢慢呼吸"),
        ("ТЕСТО ДЫШИТ МЕДЛЕННО", "Ночью тесто дышит медленно.", "тесто дышит медленно"),
        ("Die Straße ist lang", "Die STRASSE ist lang.", "Die STRASSE ist lang"),
        ("ein Fluß fließt", "ein Fluss fliesst", "ein Fluss fliesst"),
    ],
)
def test_other_scripts(quote: str, text: str, found: str) -> None:
    assert verbatim(quote, text) == found


def test_only_true_claims_about_known_passages_stay_each_once() -> None:
    passages = {
        "p1": Passage("p1", TEXT, "Bread", "", 3),
        "p2": Passage("p2", "Something else entirely.", "", "", 4),
    }
    claims = [
        CitationShape(passage="p1", quote="never sleeps"),
        CitationShape(passage="p1", quote="Never  sleeps"),
        CitationShape(passage="p2", quote="never sleeps"),
        CitationShape(passage="p9", quote="never sleeps"),
        CitationShape(passage="p2", quote="Something else"),
    ]
    assert verified(claims, passages) == (
        Citation("p1", "never sleeps", "", 3),
        Citation("p2", "Something else", "", 4),
    )


def test_a_long_quote_is_cut_and_still_true() -> None:
    text = "A sentence about bread. " * 60
    (citation,) = verified([CitationShape(passage="p1", quote=text)], {"p1": Passage("p1", text, "", "")})
    assert citation.quote in text
    assert len(citation.quote) <= 400
