"""What the search for faults has found once, each kept as a test of its own."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.api.things import thing
from tests.api.whole import whole
from tests.kit.database import postgres, sqlite

__all__ = ["postgres", "sqlite"]


async def test_a_whole_number_may_be_written_with_a_point(sqlite: Database) -> None:
    async with whole(sqlite) as web:
        who = await web.person()
        ids = await thing(web, "course", who)
        path = "/courses/{course_id}/lessons/{lesson_id}/sections/{section_id}/complete".format(**ids)
        kind = {"Content-Type": "application/json"}
        for given in (b"300.5", b"86401.0", b"1e400", b"-1.0", b"NaN", b'"300.0"', b"1e999999999"):
            answer = await web.ask(who, "POST", path, b'{"time_spent": %b, "interactions": 2.0}' % given, kind)
            assert (answer.status, answer.body["code"]) == (422, "invalid"), given
        answer = await web.ask(who, "POST", path, b'{"time_spent": 300.0, "interactions": 2}', kind)
        assert answer.status == 200, answer.body
        assert answer.body["completed"]["seconds"] == 300


@pytest.mark.parametrize("name", [b"\x00", b"\x7f\xc3\x90", b"\x05\x02F", b"a\r\nb"])
async def test_a_form_whose_headers_are_none_is_refused(sqlite: Database, name: bytes) -> None:
    form = b'--b\r\nContent-Disposition: form-data; name="%b"\r\n\r\nhello\r\n--b--\r\n' % name
    async with whole(sqlite) as web:
        kind = {"Content-Type": "multipart/form-data; boundary=b"}
        answer = await web.ask(await web.person(), "POST", "/documents", form, kind)
        assert (answer.status, answer.body["code"]) == (422, "invalid")
