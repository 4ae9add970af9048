"""Polls and quizzes: sent and stopped by the bot, answered by people."""

from __future__ import annotations

from typing import Any

from bot.localchat import keyboards, limits
from bot.localchat.limits import bad_request
from bot.localchat.params import Params
from bot.localchat.people import Person
from bot.localchat.state import State
from bot.localchat.store import Json
from bot.localchat.text import formatted


async def send_poll(state: State, params: Params) -> Json:
    """`sendPoll`: a regular poll or a quiz."""
    chat = state.open_chat(params)
    quiz = params.text("type") == "quiz"
    question, marks = formatted(
        params.text("question"), params.text("question_parse_mode"), params.items("question_entities")
    )
    _within("Poll question", question, limits.POLL_QUESTION)
    options = _options(params)
    poll: Json = {"id": str(int(state.new_id(), 16) % 2**62), "question": question, "options": options}
    poll |= {"question_entities": marks} if marks else {}
    poll |= {"total_voter_count": 0, "is_closed": params.flag("is_closed"), "type": "quiz" if quiz else "regular"}
    poll |= {"is_anonymous": params.flag("is_anonymous", True), "members_only": params.flag("members_only")}
    poll["allows_multiple_answers"] = params.flag("allows_multiple_answers")
    poll["allows_revoting"] = params.flag("allows_revoting", not quiz)
    if quiz:
        poll |= _key(params, len(options), several=poll["allows_multiple_answers"])
    for name in ("open_period", "close_date"):
        if params.integer(name):
            poll[name] = params.integer(name)
    with state.store.together():
        message = state.send(params, chat, {"poll": poll}, keyboards.read(params))
        state.store.add_poll(poll["id"], message["message_id"])
    return message


async def stop_poll(state: State, params: Params) -> Json:
    """`stopPoll`: closes a poll; the bot is told as well."""
    chat = state.open_chat(params)
    message = state.message(chat, params.integer("message_id"))
    if message is None or "poll" not in message:
        raise bad_request("message with poll to stop not found")
    if message["from"]["id"] != state.bot["id"]:
        raise bad_request("poll can't be stopped")
    if message["poll"]["is_closed"]:
        raise bad_request("poll has already been closed")
    poll: Json = message["poll"] | {"is_closed": True}
    state.edit(message, {"poll": poll}, (), keyboards.read(params))
    state.updates.put("poll", poll)
    return poll


def answer(state: State, person: Person, poll_id: str, chosen: list[int]) -> None:
    """A person votes; an empty choice takes the vote back. Raises ValueError for what a client would not let pass."""
    message = state.store.message(state.store.poll_message(poll_id) or 0)
    poll = message["poll"] if message is not None else None
    if message is None or poll is None or poll["is_closed"] or _over(poll, message["date"], state.now()):
        raise ValueError("the poll is closed or gone")
    if state.store.vote(poll_id, person.id) is not None and not poll["allows_revoting"]:
        raise ValueError("this poll takes one answer")
    if any(not 0 <= index < len(poll["options"]) for index in chosen):
        raise ValueError("no such option")
    if len(chosen) > 1 and not poll["allows_multiple_answers"]:
        raise ValueError("one option only")
    with state.store.together():
        state.store.set_vote(poll_id, person.id, chosen)
        votes = state.store.votes(poll_id)
        for index, option in enumerate(poll["options"]):
            option["voter_count"] = sum(index in vote for vote in votes)
        poll["total_voter_count"] = len(votes)
        state.store.replace_message(message)
        state.updates.put("poll", poll)
        if not poll["is_anonymous"]:
            ids = [poll["options"][index]["persistent_id"] for index in chosen]
            said = {"poll_id": poll_id, "user": person.user(), "option_ids": chosen, "option_persistent_ids": ids}
            state.updates.put("poll_answer", said)
    state.changes.publish("edited", message["chat"]["id"], body=message)


def seen(poll: Json, vote: list[int] | None) -> Json:
    """A poll as a person sees it: counts, key and explanation only after their own vote or its end."""
    if vote is not None or poll["is_closed"]:
        return poll | {"my_vote": vote or []}
    hidden = {k: v for k, v in poll.items() if not k.startswith(("correct_option", "explanation"))}
    options = [{"text": option["text"], "text_entities": option.get("text_entities", [])} for option in poll["options"]]
    return hidden | {"options": options, "my_vote": None}


def _within(what: str, text: str, most: int) -> None:
    if not text:
        raise bad_request(f"{what} must be non-empty")
    if len(text) > most:
        raise bad_request(f"{what} length must not exceed {most}")


def _options(params: Params) -> list[Json]:
    given = params.items("options", "poll options") or []
    if len(given) < limits.POLL_OPTIONS.start:
        raise bad_request(f"poll must have at least {limits.POLL_OPTIONS.start} option")
    if len(given) >= limits.POLL_OPTIONS.stop:
        raise bad_request(f"poll can't have more than {limits.POLL_OPTIONS.stop - 1} options")
    options = [_option(number, option) for number, option in enumerate(given)]
    if len({option["text"] for option in options}) < len(options):
        raise bad_request("POLL_OPTION_DUPLICATE")
    return options


def _option(number: int, given: Any) -> Json:
    about: Json = given if isinstance(given, dict) else {"text": str(given)}
    marks: list[Json] | None = about.get("text_entities")
    text, entities = formatted(str(about.get("text") or ""), str(about.get("text_parse_mode") or ""), marks)
    _within("Poll options", text, limits.POLL_OPTION)
    option: Json = {"persistent_id": str(number), "text": text, "voter_count": 0}
    return option | ({"text_entities": entities} if entities else {})


def _key(params: Params, options: int, *, several: bool) -> Json:
    key = params.items("correct_option_ids")
    if key is None and params.has("correct_option_id"):
        key = [params.integer("correct_option_id", -1)]
    if not key or any(not isinstance(index, int) or not 0 <= index < options for index in key):
        raise bad_request("Wrong correct option ID specified")
    if len(key) > 1 and not several:
        raise bad_request("Wrong correct option ID specified")
    mode, given = params.text("explanation_parse_mode"), params.items("explanation_entities")
    text, entities = formatted(params.text("explanation"), mode, given)
    if len(text) > limits.POLL_EXPLANATION or text.count("\n") > limits.POLL_EXPLANATION_LINE_FEEDS:
        raise bad_request("message is too long")
    found: Json = {"correct_option_ids": key}
    return found | ({"explanation": text, "explanation_entities": entities} if text else {})


def _over(poll: Json, sent: int, now: int) -> bool:
    end = poll.get("close_date") or (sent + poll["open_period"] if poll.get("open_period") else None)
    return end is not None and now >= end
