"""/settings: language and time zone, and the way to mail where letters are sent."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from telegram import Update

from handlers.chat import aside, present, zones
from handlers.chat.buttons_reading import OpenSettings, PickCity, PickLanguage, PickZone, SetLanguage, SetZone
from handlers.chat.context import LecternContext
from handlers.chat.mail import mailbox
from handlers.chat.screens import settings as screens
from handlers.chat.screens.words import clip
from handlers.texts import LANGUAGES, plain
from services.errors import NotFound
from services.views import LearnerView

SETTINGS = "settings"
TIME_ZONE = "time_zone"
MAX_PLACE = 60  # characters of a typed place that are looked at


async def settings(update: Update, context: LecternContext) -> None:
    """/settings."""
    await aside.leave(context)
    await present.show(update, context, screens.settings(context.learner, context.visit.at, await mailbox(context)))


async def open_settings(update: Update, context: LecternContext, _: OpenSettings) -> None:
    """Back to the settings."""
    await settings(update, context)


async def pick_language(update: Update, context: LecternContext, _: PickLanguage) -> None:
    """The languages."""
    await aside.leave(context)
    await present.show(update, context, screens.languages(context.learner.language))


async def set_language(update: Update, context: LecternContext, button: SetLanguage) -> None:
    """Speak another language from now on, this answer included. Raises NotFound for one there is not."""
    learner = context.learner
    if button.language not in LANGUAGES:
        raise NotFound("language")
    await context.desk.learners.set_language(learner.id, button.language)
    changed = replace(learner, language=button.language)
    toast = plain(button.language, "settings.language.set", name=LANGUAGES[button.language])
    await present.show(update, context, screens.settings(changed, context.visit.at, await mailbox(context)), toast)


async def pick_zone(update: Update, context: LecternContext, _: PickZone) -> None:
    """The parts of the world; a city may be typed instead."""
    shown = await present.show(update, context, screens.regions(context.learner.language))
    await aside.ask(context, SETTINGS, TIME_ZONE, {}, shown)


async def pick_city(update: Update, context: LecternContext, button: PickCity) -> None:
    """The cities of one part of the world. Raises NotFound for one there is not."""
    names = await asyncio.to_thread(zones.cities, button.region)
    if not names:
        raise NotFound("region")
    learner, now = context.learner, context.visit.at
    screen = await asyncio.to_thread(screens.cities, learner.language, button.region, names, button.page, now)
    await aside.ask(context, SETTINGS, TIME_ZONE, {}, await present.show(update, context, screen))


async def set_zone(update: Update, context: LecternContext, button: SetZone) -> None:
    """Use a zone that was tapped."""
    changed = await _use(context, button.name)
    await aside.leave(context)
    toast = plain(changed.language, "settings.zone.set", zone=zones.city(button.name))
    await present.show(update, context, screens.settings(changed, context.visit.at, await mailbox(context)), toast)


async def take_place(update: Update, context: LecternContext) -> None:
    """A typed place or offset: use the zone it means; offer those that it may mean; else the parts of the world."""
    learner, now, typed = context.learner, context.visit.at, aside.typed(update, context)
    if typed is None:
        return
    text = clip(typed.strip(), MAX_PLACE)
    meant = await asyncio.to_thread(zones.meant, text)
    if meant is not None:
        changed = await _use(context, meant)
        await present.below(update, context, screens.settings(changed, now, await mailbox(context)))
        await aside.end(context)
        return
    found = await asyncio.to_thread(zones.find, text, now) if text else ()
    if found:
        screen = await asyncio.to_thread(screens.candidates, learner.language, found, now)
    else:
        screen = screens.unknown_place(learner.language, text) if text else screens.regions(learner.language)
    await aside.again(context, await present.below(update, context, screen))


async def _use(context: LecternContext, name: str) -> LearnerView:
    """Store a zone; gives the learner as they are now. Raises NotFound for a zone there is not."""
    if not await asyncio.to_thread(zones.known, name):
        raise NotFound("zone")
    await context.desk.learners.set_time_zone(context.learner.id, name)
    return replace(context.learner, time_zone=name)
