"""Questions with their keys, kept in memory: what a tap on an option reads is never asked of the database."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from services.authors.protocol import Option
from services.errors import NotFound
from services.rules.questions import Kept
from storage.database import Database
from storage.models import Question
from storage.questions import QuestionRepository


class QuestionBank:
    """The questions of the last `most` sections used. A question never changes once it is written; which of them there
    are is said by whoever asks (`ids`), so that nothing has to be forgotten here."""

    def __init__(self, *, database: Database, most: int = 500) -> None:
        self._database = database
        self._most = most
        self._sections: OrderedDict[int, dict[int, Kept]] = OrderedDict()
        self._homes: dict[int, int] = {}

    async def find(self, question_id: int) -> Kept:
        """One question. Raises NotFound("question")."""
        home = self._homes.get(question_id)
        if home is None:
            async with self._database.reading() as session:
                home = await QuestionRepository(session).home(question_id)
            if home is None:
                raise NotFound("question")
            await self._load(home)
        found = self._sections.get(home, {}).get(question_id)
        if found is None:  # it went in between
            raise NotFound("question")
        return found

    async def some(self, section_id: int, ids: Sequence[int]) -> tuple[Kept, ...]:
        """These questions of a section, in this order; those that are gone are left out."""
        known = self._sections.get(section_id)
        if known is None or any(one not in known for one in ids):
            known = await self._load(section_id)
        else:
            self._sections.move_to_end(section_id)
        return tuple(known[one] for one in ids if one in known)

    async def _load(self, section_id: int) -> dict[int, Kept]:
        async with self._database.reading() as session:
            rows = await QuestionRepository(session).of_section(section_id)
        found = {row.id: _kept(row) for row in rows}
        self._sections[section_id] = found
        self._sections.move_to_end(section_id)
        self._homes.update(dict.fromkeys(found, section_id))
        while len(self._sections) > self._most:
            _, gone = self._sections.popitem(last=False)
            for one in gone:
                self._homes.pop(one, None)
        return found


def _kept(row: Question) -> Kept:
    options = tuple(Option(**option) for option in row.options)
    return Kept(row.id, row.section_id, row.position, row.prompt, options, row.key, row.hint, row.seed)
