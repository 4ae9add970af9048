from __future__ import annotations

from services.rules.searching import telling, terms
from storage.database import Database
from storage.passages import PassageRepository
from tests.kit.database import database, postgres

__all__ = ["database", "postgres"]

TEXTS = [
    "The miller grinds the grain to flour.",
    "A starter is fed with flour and water each day.",
    "The Moon pulls at the sea, and the tide rises.",
    "Дрожжи живут в закваске и едят сахар.",
    "酵母は糖を食べてガスを出す。",
    "يأكل الخميرة السكر وينتج الغاز.",
    "L’été, la pâte lève plus vite.",
    "",
]


async def search(database: Database, *questions: str, most: int = 3) -> list[list[int]]:
    texts = [terms(text) for text in TEXTS]
    async with database.reading() as session:
        return await PassageRepository(session).best(texts, telling(questions, texts), most)


async def test_both_databases_find_the_same_in_every_script(database: Database) -> None:
    asked = ("feeding starters", "tides and the moons", "Закваска", "酵母が食べる", "السكر", "PATE LEVÉE", "no such")
    found = await search(database, *asked)
    assert [places[:1] for places in found] == [[1], [2], [3], [4], [5], [6], []]


async def test_the_best_come_first_and_no_more_than_asked_for(database: Database) -> None:
    assert await search(database, "flour, water, starter") == [[1, 0]]
    assert await search(database, "flour, water, starter", most=1) == [[1]]


async def test_signs_of_the_search_languages_are_nothing_special(database: Database) -> None:
    question = 'flour\' OR "water" & !sea | (tide) :* NEAR/2 -- \\ ; DROP TABLE document'
    assert set((await search(database, question, most=9))[0]) >= {0, 1, 2}


async def test_twice_on_one_connection(database: Database) -> None:
    for _ in range(2):
        assert await search(database, "tide") == [[2]]
