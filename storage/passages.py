"""Full-text search over the passages of one document, by SQLite's FTS5 and PostgreSQL's own.

The index is made for the occasion: a document is searched a dozen times while its course is planned, and never again.
An index that is not kept cannot be stale, takes no room, and need not be erased.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_RANKED = text(
    """
    WITH passage AS MATERIALIZED (
        SELECT place, array_to_tsvector(string_to_array(terms, ' ')) AS words
        FROM unnest(CAST(:texts AS text[])) WITH ORDINALITY AS given (terms, place)
        WHERE terms <> ''
    ), question AS (
        SELECT number, terms,
            (SELECT string_agg('''' || term || '''', ' | ') FROM unnest(string_to_array(terms, ' ')) AS term)::tsquery
                AS wanted
        FROM unnest(CAST(:questions AS text[])) WITH ORDINALITY AS asked (terms, number)
        WHERE terms <> ''
    ), ranked AS (
        SELECT number, place, row_number() OVER (
            PARTITION BY number ORDER BY ts_rank(words, wanted) DESC, place
        ) AS rank
        FROM question JOIN passage ON words @@ wanted
    )
    SELECT number - 1, place - 1 FROM ranked WHERE rank <= :most ORDER BY number, rank
    """
)
_MAKE = text("CREATE VIRTUAL TABLE temp.searched USING fts5(terms, tokenize = 'unicode61 remove_diacritics 0')")
_FILL = text("INSERT INTO temp.searched (rowid, terms) VALUES (:place, :terms)")
_FIND = text(
    "SELECT rowid - 1 FROM temp.searched WHERE searched MATCH :wanted ORDER BY bm25(searched), rowid LIMIT :most"
)
_DROP = text("DROP TABLE IF EXISTS temp.searched")


class PassageRepository:
    """Finds the passages that answer a question best."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def best(
        self, texts: Sequence[Sequence[str]], questions: Sequence[Sequence[str]], most: int
    ) -> list[list[int]]:
        """For each of `questions` the places (0-based) in `texts` of the `most` that fit it best, the best first; those
        only that hold one of its terms. Texts and questions are terms: letters and digits of any script."""
        whole = [" ".join(terms) for terms in texts]
        if self._session.get_bind().dialect.name == "sqlite":
            return await self._by_fts5(whole, questions, most)
        asked = [" ".join(terms) for terms in questions]
        rows = await self._session.execute(_RANKED, {"texts": whole, "questions": asked, "most": most})
        found: list[list[int]] = [[] for _ in questions]
        for number, place in rows:
            found[number].append(place)
        return found

    async def _by_fts5(self, whole: Sequence[str], questions: Sequence[Sequence[str]], most: int) -> list[list[int]]:
        await self._session.execute(_DROP)
        await self._session.execute(_MAKE)
        if whole:
            await self._session.execute(_FILL, [{"place": at, "terms": each} for at, each in enumerate(whole, 1)])
        found: list[list[int]] = []
        for terms in questions:
            wanted = " OR ".join(f'"{term}"' for term in terms)
            rows = await self._session.scalars(_FIND, {"wanted": wanted, "most": most}) if terms else ()
            found.append(list(rows))
        await self._session.execute(_DROP)
        return found
