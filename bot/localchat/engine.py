"""A Telegram for one machine: the Bot API on one side, the people on the other, one folder of files beneath.

`Engine.call` answers what a bot asks; `Engine.person` is what a person does; `Engine.changes` is what a page follows.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from bot.localchat import files, media, messages, polls, profile
from bot.localchat.blobs import Blobs
from bot.localchat.changes import Change, Changes
from bot.localchat.flood import HUMAN_PACE, Flood, Pace
from bot.localchat.limits import ApiError
from bot.localchat.params import Params, UploadedFile
from bot.localchat.people import BOT, PEOPLE, Person
from bot.localchat.seats import NotPossible, Seat
from bot.localchat.state import State
from bot.localchat.store import Json, Store
from bot.localchat.updates import Updates
from services.clock import Clock, SystemClock

Method = Callable[[State, Params], Awaitable[Any]]

_METHODS: dict[str, Method] = {
    "getme": profile.get_me,
    "getupdates": profile.get_updates,
    "setwebhook": profile.set_webhook,
    "deletewebhook": profile.delete_webhook,
    "getwebhookinfo": profile.get_webhook_info,
    "logout": profile.leave,
    "close": profile.leave,
    "sendmessage": messages.send_message,
    "editmessagetext": messages.edit_text,
    "editmessagecaption": messages.edit_caption,
    "editmessagemedia": media.edit_media,
    "editmessagereplymarkup": messages.edit_markup,
    "deletemessage": messages.delete,
    "deletemessages": messages.delete_several,
    "sendphoto": media.send_photo,
    "senddocument": media.send_document,
    "getfile": files.get_file,
    "sendpoll": polls.send_poll,
    "stoppoll": polls.stop_poll,
    "sendchataction": messages.chat_action,
    "sendmessagedraft": messages.draft,
    "answercallbackquery": profile.answer_press,
    "setmycommands": profile.set_commands,
    "getmycommands": profile.get_commands,
    "deletemycommands": profile.delete_commands,
    "setmyname": profile.set_about,
    "setmydescription": profile.set_about,
    "setmyshortdescription": profile.set_about,
    "getmyname": profile.get_about("name"),
    "getmydescription": profile.get_about("description"),
    "getmyshortdescription": profile.get_about("short_description"),
    "setchatmenubutton": profile.set_menu_button,
    "getchatmenubutton": profile.get_menu_button,
    "getchat": profile.get_chat,
    "getchatmember": profile.get_chat_member,
    "getchatmembercount": profile.get_member_count,
}


def _random_id() -> str:
    return secrets.token_hex(16)


class Engine:
    """The whole of it. `folder` keeps everything over restarts; without one, all is forgotten at the end.

    `pace` is the flood limit of a chat (None: none). `new_id` makes unguessable hexadecimal names.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        clock: Clock | None = None,
        people: Sequence[Person] = PEOPLE,
        pace: Pace | None = HUMAN_PACE,
        new_id: Callable[[], str] = _random_id,
    ) -> None:
        clock = clock or SystemClock()
        store = Store(folder / "chat.db" if folder else None)
        self._state = State(
            store=store,
            blobs=Blobs(folder / "files.db" if folder else None),
            clock=clock,
            updates=Updates(store, clock),
            changes=Changes(int(clock.now().timestamp() * 1000)),
            flood=Flood(pace),
            people={person.id: person for person in people},
            bot=dict(BOT),
            new_id=new_id,
        )

    @property
    def bot(self) -> Json:
        """The bot as Telegram's `User`."""
        return self._state.bot

    @property
    def description(self) -> str:
        """What the bot says about itself in an empty chat (`setMyDescription`)."""
        return str(self._state.store.setting("about:description:", ""))

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who is there."""
        return tuple(self._state.people.values())

    def add_person(self, person: Person) -> Seat:
        """Let one more person in; they are in the group, too."""
        self._state.people[person.id] = person
        return Seat(self._state, person)

    async def call(
        self, method: str, params: dict[str, Any], files: dict[str, UploadedFile] | None = None
    ) -> tuple[int, Json]:
        """One call of the Bot API: HTTP status and JSON body. Names of methods are not case-sensitive."""
        found = _METHODS.get(method.lower())
        try:
            if found is None:
                raise ApiError(404, "Not Found")
            result = await found(self._state, Params(params, files or {}))
        except ApiError as error:
            return error.code, error.body()
        return 200, {"ok": True, "result": result}

    async def file(self, path: str) -> bytes | None:
        """The bytes of the file at a `file_path` that `getFile` gave."""
        return await self._state.blobs.get(path)

    async def download(self, file_id: str) -> tuple[str, Json, bytes] | None:
        """For people: kind, Telegram's object and bytes of a file by its `file_id`."""
        known = self._state.store.upload(file_id)
        body = await self._state.blobs.get(known[0]) if known else None
        return None if known is None or body is None else (known[1], known[2], body)

    def person(self, person_id: int) -> Seat:
        """That person's end of the chats; `NotPossible` for a stranger."""
        if person_id not in self._state.people:
            raise NotPossible("Nobody here has that number.")
        return Seat(self._state, self._state.people[person_id])

    def changes(self, after: int | None = None) -> AsyncIterator[Change]:
        """What happens in the chats after change `after` (default: from now on)."""
        return self._state.changes.follow(after)

    async def wait(self, after: int, timeout: float) -> list[Change]:
        """The changes after `after`; waits up to `timeout` seconds for the first."""
        return await self._state.changes.wait(after, timeout)

    @property
    def last_change(self) -> int:
        """The id of the latest change."""
        return self._state.changes.last

    def close(self) -> None:
        """Close the files; the engine cannot be used after that."""
        self._state.store.close()
        self._state.blobs.close()
