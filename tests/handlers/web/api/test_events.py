from __future__ import annotations

import asyncio
import json
import resource
from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import ClientSession, ClientTimeout, TCPConnector, web
from aiohttp.test_utils import TestClient, TestServer

from handlers.web import events
from services.errors import AuthorBusy, AuthorRefused
from services.views import FeedEvent, GenerationView
from storage.database import Database
from tests.handlers.web.api.course_kit import School, frames, order, school
from tests.kit.author import ScriptedAuthor
from tests.kit.database import database, postgres, sqlite
from tests.kit.house import START, eventually

__all__ = ["database", "postgres", "sqlite"]
LISTENERS = 500


def held(author: ScriptedAuthor) -> asyncio.Future[None]:
    """Let the author wait before the first section until the future is done."""
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    author.hold = lambda lesson, section: gate
    return gate


async def listen(at: School, who: int, generation: int, last: str | None = None) -> list[dict[str, str]]:
    """All frames of a generation's stream, once it has ended."""
    headers = {"Authorization": f"Bearer {who}"} | ({"Last-Event-ID": last} if last is not None else {})
    async with at.client.get(f"/api/v1/generations/{generation}/events", headers=headers) as answer:
        assert (answer.status, answer.content_type) == (200, "text/event-stream")
        return await frames(answer)


async def test_the_whole_story_in_order(database: Database) -> None:
    async with school(database) as at:
        ada = await at.person()
        gate = held(at.house.author)
        made = await at.good(ada, "POST", "/courses/generate", order())
        listening = asyncio.create_task(listen(at, ada, made["id"]))
        await asyncio.sleep(0.1)
        gate.set_result(None)
        *told, last = await listening
        data = [json.loads(frame["data"]) for frame in told]
        assert [int(frame["id"]) for frame in told] == list(range(1, len(told) + 1))
        assert all(set(one) == {"course_id", "progress", "message", "timestamp", "data"} for one in data)
        assert {one["course_id"] for one in data} == {made["course_id"]}
        shown = [one["progress"] for one in data]
        assert shown == sorted(shown)
        assert {10, 25, 30, 40, 55, 70, 85, 95, 100} == set(shown)
        assert [one["data"]["code"] for one in data][:2] == ["accepted", "planned"]
        assert data[1]["message"] == "3 lessons are planned."
        assert all(one["message"] and one["timestamp"].endswith("+00:00") for one in data)
        assert (last["event"], last["id"]) == ("complete", told[-1]["id"])
        assert json.loads(last["data"]) == {
            "course_id": made["course_id"],
            "lessons_count": 3,
            "estimated_duration": 42,
            "access_url": f"/api/v1/courses/{made['course_id']}",
        }


async def test_it_goes_on_after_the_last_event_that_was_seen(database: Database) -> None:
    async with school(database) as at:
        ada = await at.person()
        made = await at.good(ada, "POST", "/courses/generate", order())
        await at.house.ended(made["id"])
        whole = await listen(at, ada, made["id"])
        for seen in (0, 1, 7, len(whole) - 2):
            assert await listen(at, ada, made["id"], str(seen)) == whole[seen:]
        assert await listen(at, ada, made["id"], whole[-1]["id"]) == whole[-1:]
        for wrong in ("x", "-1", "1.5", "9" * 30, "١"):
            path, headers = f"/generations/{made['id']}/events", {"Last-Event-ID": wrong}
            assert (await at.ask(ada, "GET", path, headers=headers)).status == 422


@pytest.mark.parametrize(
    ("fault", "code"), [(AuthorBusy("overloaded"), "overloaded"), (AuthorRefused("declined"), "refused")]
)
async def test_a_failure_says_what_it_means_and_who_helps(sqlite: Database, fault: Exception, code: str) -> None:
    author = ScriptedAuthor(faults=dict.fromkeys(range(3), (0, fault)))
    async with school(sqlite, author) as at:
        ada = await at.person()
        made = await at.good(ada, "POST", "/courses/generate", order())
        last = (await listen(at, ada, made["id"]))[-1]
        error = json.loads(last["data"])
        assert (last["event"], error["code"], error["support_contact"]) == ("error", code, "help@lectern.example")
        assert "the model" in error["message"]


async def test_stopped_and_discarded_end_the_stream(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada = await at.person()
        held(at.house.author)
        ended = []
        for act in ("cancel", "discard"):
            made = await at.good(ada, "POST", "/courses/generate", order())
            await at.house.until(made["id"], lambda view: view.planned)
            listening = asyncio.create_task(listen(at, ada, made["id"]))
            await asyncio.sleep(0.1)
            await at.ask(ada, "POST", f"/generations/{made['id']}/{act}")
            ended.append((await listening)[-1])
        assert [one["event"] for one in ended] == ["error", "error"]
        assert [json.loads(one["data"])["code"] for one in ended] == ["stopped", "discarded"]


@pytest.fixture
def many_files() -> Iterator[None]:
    """Both ends of every connection are files of this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 3 * LISTENERS
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"NOT TESTED WITH {LISTENERS} LISTENERS: only {hard} files may be open here")
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
async def test_five_hundred_listeners_that_vanish_leave_nothing(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada = await at.person()
        held(at.house.author)
        made = await at.good(ada, "POST", "/courses/generate", order())
        await at.house.until(made["id"], lambda view: view.planned)
        url = at.client.make_url(f"/api/v1/generations/{made['id']}/events")
        headers = {"Authorization": f"Bearer {ada}"}
        before = len(asyncio.all_tasks())
        async with ClientSession(timeout=ClientTimeout(total=None), connector=TCPConnector(limit=0)) as session:
            answers = await asyncio.gather(*(session.get(url, headers=headers) for _ in range(LISTENERS)))
            await asyncio.gather(*(answer.content.readuntil(b"\n\n") for answer in answers))
            followers = at.house.feed.followers
            for answer in answers:
                answer.close()
        assert followers >= LISTENERS

        async def left() -> tuple[int, int]:
            return at.house.feed.followers, len(asyncio.all_tasks())

        at_most = (followers - LISTENERS, before + 2)
        await eventually(left, lambda found: found[0] <= at_most[0] and found[1] <= at_most[1], seconds=30)


async def test_heartbeats_keep_a_quiet_stream_alive() -> None:
    quiet = asyncio.Event()

    async def nothing() -> AsyncIterator[FeedEvent]:
        yield FeedEvent(1, 5, 10, "accepted", {}, START)
        await quiet.wait()

    async def broken() -> GenerationView:
        raise ConnectionResetError

    async def handler(request: web.Request) -> web.StreamResponse:
        story = events.Story(3, nothing(), broken, 0, "en", "/", None)
        return await events.tell(request, story, heartbeat=0.02)

    app = web.Application()
    app.router.add_get("/", handler)
    async with TestClient(TestServer(app)) as client, client.get("/") as answer:
        assert (await answer.content.readuntil(b"\n\n")).startswith(b"id: 1\n")
        for _ in range(3):
            assert await answer.content.readuntil(b"\n\n") == b": ping\n\n"
        quiet.set()
        assert b"event" not in await answer.content.read()


async def test_a_fault_of_ours_ends_the_stream_and_is_not_hidden() -> None:
    async def wrong() -> AsyncIterator[FeedEvent]:
        yield FeedEvent(1, 5, 10, "accepted", {}, START)
        raise LookupError("ours")

    async def never() -> GenerationView:
        raise AssertionError("not asked")

    found: list[BaseException] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        try:
            return await events.tell(request, events.Story(3, wrong(), never, 0, "en", "/", None))
        except LookupError as error:
            found.append(error)
            raise

    app = web.Application()
    app.router.add_get("/", handler)
    async with TestClient(TestServer(app)) as client, client.get("/") as answer:
        assert (await answer.content.readuntil(b"\n\n")).startswith(b"id: 1\n")
        await eventually(lambda: asyncio.sleep(0, found), bool)
