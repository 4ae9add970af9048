"""Methods about the bot itself, its commands, and the chats it is in."""

from __future__ import annotations

import re
from typing import Any

from bot.localchat import limits
from bot.localchat.limits import QUERY_TOO_OLD, bad_request
from bot.localchat.params import Params
from bot.localchat.people import GROUP_ID
from bot.localchat.state import State, Toast
from bot.localchat.store import Json

_ABILITIES = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}
_ABOUT = {"description": 512, "short_description": 120, "name": 64}


async def get_me(state: State, params: Params) -> Json:
    """`getMe`."""
    return state.bot | _ABILITIES


async def get_updates(state: State, params: Params) -> list[Json]:
    """`getUpdates`: long poll; `offset` confirms what came before it."""
    limit = min(max(params.integer("limit", limits.UPDATES_AT_ONCE), 1), limits.UPDATES_AT_ONCE)
    allowed = params.items("allowed_updates")
    return await state.updates.get(params.integer("offset"), limit, params.number("timeout"), allowed)


async def set_webhook(state: State, params: Params) -> bool:
    """`setWebhook`: remembered, and `getUpdates` is refused from then on; nothing is delivered to the address."""
    url = params.text("url")
    if not url:
        return await delete_webhook(state, params)
    if not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", params.text("secret_token")):
        raise bad_request("secret token contains unallowed characters")
    state.updates.want(params.items("allowed_updates"))
    _drop(state, params)
    state.updates.set_webhook(url)
    return True


async def delete_webhook(state: State, params: Params) -> bool:
    """`deleteWebhook`."""
    _drop(state, params)
    state.updates.set_webhook("")
    return True


def _drop(state: State, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        state.updates.drop()


async def get_webhook_info(state: State, params: Params) -> Json:
    """`getWebhookInfo`."""
    url = state.updates.webhook
    return {"url": url, "has_custom_certificate": False, "pending_update_count": state.store.pending()}


async def answer_press(state: State, params: Params) -> bool:
    """`answerCallbackQuery`: a toast or an alert for whoever pressed; the first answer counts."""
    query_id, text = params.text("callback_query_id"), params.text("text")
    if len(text) > limits.TOAST_CODE_POINTS:
        raise bad_request("MESSAGE_TOO_LONG")
    press = state.store.press(query_id)
    if press is None or state.clock.now().timestamp() - press[1] > limits.PRESS_SECONDS:
        raise bad_request(QUERY_TOO_OLD)
    if not state.store.answer_press(query_id):
        return True
    toast = Toast(text, params.flag("show_alert"), params.text("url"))
    body = {"query_id": query_id, "text": toast.text, "alert": toast.alert, "url": toast.url}
    state.changes.publish("toast", person=press[0], body=body)
    waiting = state.answers.pop(query_id, None)
    if waiting is not None and not waiting.done():
        waiting.set_result(toast)
    return True


async def set_commands(state: State, params: Params) -> bool:
    """`setMyCommands`, for a scope and a language."""
    commands = params.items("commands", "bot commands") or []
    if len(commands) > limits.COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    kept = []
    for command in commands:
        name, description = (str(command.get(key, "")).strip() for key in ("command", "description"))
        if not re.fullmatch(r"[a-z0-9_]{1,32}", name.removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= limits.COMMAND_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        kept.append({"command": name.removeprefix("/"), "description": description})
    state.store.set(_commands_name(params), kept)
    state.changes.publish("commands")
    return True


async def get_commands(state: State, params: Params) -> list[Json]:
    """`getMyCommands`."""
    return list(state.store.setting(_commands_name(params), []))


async def delete_commands(state: State, params: Params) -> bool:
    """`deleteMyCommands`."""
    state.store.set(_commands_name(params), None)
    state.changes.publish("commands")
    return True


def commands_for(state: State, person_id: int, language: str, *, group: bool) -> list[Json]:
    """The commands that a person is offered: the most special scope and language that has any, as Telegram chooses."""
    scopes = ["all_group_chats"] if group else [f"chat:{person_id}", "all_private_chats"]
    for scope in (*scopes, "default"):
        for tongue in (language, ""):
            if found := state.store.setting(f"commands:{scope}:{tongue}"):
                return list(found)
    return []


def _commands_name(params: Params) -> str:
    scope = params.data("scope", "bot command scope") or {}
    kind = str(scope.get("type", "default"))
    where = f"chat:{scope.get('chat_id')}" if kind.startswith("chat") else kind
    return f"commands:{where}:{params.text('language_code')}"


async def set_about(state: State, params: Params) -> bool:
    """`setMyName`, `setMyDescription`, `setMyShortDescription`: whichever text was given."""
    for field, most in _ABOUT.items():
        if params.has(field):
            if len(params.text(field)) > most:
                raise bad_request(f"BOT_{field.upper()}_TOO_LONG")
            state.store.set(f"about:{field}:{params.text('language_code')}", params.text(field) or None)
    return True


def get_about(field: str) -> Any:
    """The method that reads one of the texts that `set_about` keeps."""

    async def method(state: State, params: Params) -> Json:
        fallback = state.bot["first_name"] if field == "name" else ""
        return {field: state.store.setting(f"about:{field}:{params.text('language_code')}", fallback)}

    return method


async def set_menu_button(state: State, params: Params) -> bool:
    """`setChatMenuButton`: kept, and always shown as the list of commands."""
    state.store.set("menu_button", params.data("menu_button", "menu button"))
    return True


async def get_menu_button(state: State, params: Params) -> Json:
    """`getChatMenuButton`."""
    return dict(state.store.setting("menu_button") or {"type": "commands"})


async def get_chat(state: State, params: Params) -> Json:
    """`getChat`."""
    full = {"accent_color_id": 0, "max_reaction_count": 11}
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    chat = state.chat(params.integer("chat_id"))
    return chat | full | {"accepted_gift_types": dict.fromkeys(gifts, False)}


async def get_chat_member(state: State, params: Params) -> Json:
    """`getChatMember`: everybody is in the group; in a private chat, the person and the bot."""
    chat = state.chat(params.integer("chat_id"))
    user_id = params.integer("user_id")
    if user_id == state.bot["id"]:
        return {"user": state.bot, "status": "member"}
    if user_id not in state.people or (chat["id"] != GROUP_ID and user_id != chat["id"]):
        raise bad_request("PARTICIPANT_ID_INVALID")
    return {"user": state.people[user_id].user(), "status": "member"}


async def get_member_count(state: State, params: Params) -> int:
    """`getChatMemberCount`."""
    return len(state.people) + 1 if state.chat(params.integer("chat_id"))["id"] == GROUP_ID else 2


async def leave(state: State, params: Params) -> bool:
    """`logOut` and `close`: accepted, and nothing changes, as this server is the only one there is."""
    return True
