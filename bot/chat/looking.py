"""Requests that change nothing: what there is, what was told, and why."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.chat.asking import Asker, ChatError, Document, Home, Reply, SourcesState
from bot.chat.changing import no_story
from bot.chat.replies import described, first_buttons, muted, on_a_line, similar, story_of
from bot.chat.requests import Forget, Latest, StoryOf, Why
from bot.chat.room import Room
from bot.chat.why import why_of
from bot.domain import Alert, Subscription
from bot.rules.routing import filtered

LATEST = 5
_LOOKED_AT = 60  # alerts among which the home's are chosen
_PAST = 500  # alerts among which similar ones are looked for
_ALIKE = 3
_FAILING = 3  # failures in a row


async def list_all(room: Room) -> Reply:
    """What this chat gets, what is muted, what waits."""
    write = room.write
    subscriptions = await room.subscriptions()
    if not subscriptions:
        return write.reply("chat.nothing_here", first_buttons(write))
    lines = [write.line("chat.list"), *(described(s, write) for s in subscriptions)]
    if mutes := await room.mutes():
        lines += [write.line("chat.list_mutes"), *(muted(m, write, room.now) for m in mutes)]
    if held := await room.store.held_alerts(room.asker.to):
        lines.append(write.line("chat.list_held", n=len(held), until=write.moment(held[0][1], room.now)))
    return Reply(tuple(lines))


async def latest(room: Room, request: Latest) -> Reply:
    """The last alerts, of one company or of all."""
    write = room.write
    alerts = await room.store.recent_alerts(LATEST, ticker=request.ticker)
    follow = (
        ((write.button("button.follow", f"follow:{request.ticker}", ticker=request.ticker),),)
        if request.ticker is not None
        else ()
    )
    if not alerts:
        if request.ticker is None:
            return write.reply("chat.latest_none")
        return write.reply("chat.latest_none_of", *follow, ticker=request.ticker)
    return Reply(tuple(on_a_line(alert, write, room.now) for alert in alerts), follow)


async def story(room: Room, request: StoryOf) -> Reply:
    """A story from its beginning."""
    found = await room.store.story(request.slug)
    if found is None:
        raise await no_story(room, request.slug, "story")
    return story_of(*found, room.write, room.now)


async def why(room: Room, request: Why) -> Reply:
    """Why something was told, and how it came here: by a link, an id, an alert's id or a story's key."""
    store = room.store
    trail = await store.trail(request.what)
    if trail is None and (alert := await store.alert(request.what)) is not None:
        trail = await store.trail(alert.headline_id)
    if trail is None and (known := await store.story(request.what)) is not None:
        trail = await store.trail(known[0].first_headline_id)
    if trail is None:
        raise ChatError("chat.error.no_headline", suggestions=("latest",), near=False)
    alike: list[tuple[Alert, tuple[int, int]]] = []
    if trail.alert is not None:
        past = await store.recent_alerts(_PAST, trail.alert.created_at)
        alike = [(a, await store.vote_counts(a.id)) for a in similar(trail.alert, past, _ALIKE)]
    return why_of(
        trail,
        room.write,
        to=room.asker.to,
        subscriptions=await room.subscriptions(),
        mutes=await room.mutes(),
        thresholds=room.thresholds,
        alike=alike,
    )


async def export(room: Room) -> Reply:
    """Everything that is kept about the person, as a file."""
    data = await room.store.person_data(room.asker.person)
    text = json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)
    return replace(room.write.reply("chat.export"), document=Document("chipwire-data.json", text + "\n"))


async def forget(room: Room, request: Forget) -> Reply:
    """Delete that, once they are sure."""
    write = room.write
    if not request.sure:
        return write.reply("chat.forget.sure", (write.button("chat.button.forget", "cmd:forget yes"),))
    rows = await room.store.forget_person(room.asker.person, room.asker.home)
    return write.reply("chat.forget.done" if rows else "chat.forget.nothing")


async def home(room: Room) -> Home:
    """What a person sees of their own."""
    subscriptions = await room.subscriptions()
    states = await room.store.source_states()
    news = [state.last_new_at for state in states.values() if state.last_new_at is not None]
    return Home(
        language=room.write.texts.language,
        subscriptions=tuple(subscriptions),
        mutes=tuple(await room.mutes()),
        latest=tuple(_wanted(await room.store.recent_alerts(_LOOKED_AT), subscriptions, room)[:LATEST]),
        held=tuple(await room.store.held_alerts(room.asker.to)),
        sources=SourcesState(
            total=len(states),
            failing=tuple((s.name, s.last_ok_at) for s in states.values() if s.failures >= _FAILING),
            last_new_at=max(news, default=None),
        ),
    )


def _wanted(alerts: list[Alert], subscriptions: list[Subscription], room: Room) -> list[Alert]:
    """Those that one of the subscriptions asks for; without any, all."""
    if not subscriptions:
        return alerts
    return [a for a in alerts if any(filtered(a, s, now=room.now) is None for s in subscriptions)]


def own_chat(asker: Asker) -> Asker:
    """The asker in their private chat with us, where it is known; otherwise where they are."""
    if asker.private or asker.own is None:
        return asker
    return replace(asker, to=asker.own, private=True, may_change=True)
