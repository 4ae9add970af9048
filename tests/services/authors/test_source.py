from __future__ import annotations

from services.authors.codec import citations_from_json, citations_to_json
from services.authors.protocol import Citation
from services.documents.codec import source_from_data, source_to_data
from services.documents.parse import parse
from tests.services.documents.files import pdf


def test_where_a_quote_stands_is_kept() -> None:
    quotes = (Citation("p1", "wild yeast", "Bread › Yeast"), Citation("p2", "grain", "", 4))
    assert citations_from_json(citations_to_json(quotes)) == quotes


def test_a_page_that_an_earlier_version_kept_as_words_is_a_page() -> None:
    old = {"passage": "p1", "quote": "wild yeast", "place": "page 12"}
    assert citations_from_json([old]) == (Citation("p1", "wild yeast", "", 12),)
    heading = {**old, "place": "The page 12 of it"}
    assert citations_from_json([heading]) == (Citation("p1", "wild yeast", "The page 12 of it"),)


def test_so_is_one_in_a_document() -> None:
    source = parse("a.pdf", pdf([[("Wild yeast lives on the grain, and it wakes when the flour is wet.", 11)]]))
    data = source_to_data(source)
    assert source_from_data(data) == source
    for node in data["nodes"]:
        for passage in node["passages"]:
            passage["place"] = f"page {passage.pop('page')}"
    assert source_from_data(data) == source
