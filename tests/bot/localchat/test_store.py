from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.localchat.engine import Engine
from bot.localchat.people import LEARNER
from bot.localchat.store import Store
from tests.bot.localchat.conftest import Api

ME = LEARNER.id


async def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    api, learner = Api(engine), engine.person(ME)
    await learner.send_text("before")
    document = (await learner.send_document("a.txt", b"abc"))["document"]
    sent = await api.say("Choose")
    press = await learner.press(sent["message_id"], "x")
    quiz = {"question": "?", "options": ["a", "b"], "type": "quiz", "correct_option_ids": [1]}
    poll = (await api.ok("sendPoll", chat_id=ME, **quiz))["poll"]
    await learner.answer_poll(poll["id"], [0])
    await api.ok("setMyCommands", commands=[{"command": "start", "description": "Begin"}])
    updates, seen, last = await api.ok("getUpdates"), learner.messages(), engine.last_change
    await api.ok("getUpdates", offset=updates[0]["update_id"] + 1)
    engine.close()
    await asyncio.sleep(0.01)

    engine = Engine(tmp_path)
    api, learner = Api(engine), engine.person(ME)
    assert learner.messages() == seen
    assert await api.ok("getUpdates") == updates[1:]
    assert [change.kind for change in await engine.wait(last, 0.01)] == ["reset"]
    assert learner.commands() == [{"command": "start", "description": "Begin"}]
    assert (await learner.send_text("after"))["message_id"] > seen[-1]["message_id"]
    assert (await api.ok("getUpdates"))[-1]["update_id"] > updates[-1]["update_id"]
    assert await api.ok("answerCallbackQuery", callback_query_id=press.query_id) is True
    path = (await api.ok("getFile", file_id=document["file_id"]))["file_path"]
    assert await engine.file(path) == b"abc"
    await learner.block()
    engine.close()
    engine = Engine(tmp_path)
    assert engine.person(ME).has_blocked
    engine.close()


async def test_update_ids_grow_over_a_restart_with_an_empty_queue(tmp_path: Path) -> None:
    seen = 0
    for _ in range(3):
        engine = Engine(tmp_path)
        api = Api(engine)
        await engine.person(ME).send_text("x")
        (update,) = await api.ok("getUpdates", offset=seen + 1)
        assert update["update_id"] > seen
        seen = update["update_id"]
        await api.ok("getUpdates", offset=seen + 1)
        engine.close()


_WRITER = """
import asyncio, sys
from pathlib import Path
from bot.localchat.engine import Engine
async def main():
    engine = Engine(Path(sys.argv[1]))
    for number in range(100_000):
        await engine.person(int(sys.argv[2])).send_text(str(number))
        print(number, flush=True)
asyncio.run(main())
"""


@pytest.mark.parametrize("after", [1, 40])
async def test_nothing_that_was_sent_is_lost_by_a_kill(tmp_path: Path, after: int) -> None:
    arguments = [sys.executable, "-c", _WRITER, str(tmp_path), str(ME)]
    process = await asyncio.create_subprocess_exec(*arguments, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3])
    assert process.stdout is not None
    lines = [await asyncio.wait_for(process.stdout.readline(), 30) for _ in range(after)]
    process.kill()
    lines += (await process.communicate())[0].splitlines()
    told = len([line for line in lines if line.strip()])
    engine = Engine(tmp_path)
    kept = [int(message["text"]) for message in engine.person(ME).messages(limit=100_000)]
    assert kept == list(range(len(kept)))
    assert len(kept) in {told, told + 1}
    queue: list[int] = []
    while found := await Api(engine).ok("getUpdates", offset=queue[-1] + 1 if queue else 0):
        queue += [update["update_id"] for update in found]
    assert len(queue) == len(kept)
    engine.close()


def _fail_halfway(store: Store) -> None:
    with store.together():
        store.set("lost", 1)
        with store.together():
            store.set("lost too", 1)
        raise RuntimeError


def test_what_is_written_together_is_written_whole_or_not_at_all() -> None:
    store = Store(None)
    with store.together():
        store.set("kept", 1)
    with pytest.raises(RuntimeError):
        _fail_halfway(store)
    assert [store.setting(name) for name in ("kept", "lost", "lost too")] == [1, None, None]
    store.close()
