"""Requests that change what a chat gets. Doing one twice does it once, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.asking import MAX_ACTION, Button, ChatError, Reply, Span
from bot.chat.replies import described, muted
from bot.chat.requests import Digest, Language, MuteFor, Quiet, Subscribe, Unmute, Unsubscribe
from bot.chat.room import Room
from bot.chat.vocabulary import near_word
from bot.chat.wishes import Change, planned, subscribed, unsubscribed
from bot.chat.writing import Writer
from bot.domain import Alert, MuteKind, Subscription, Vote
from bot.rules.digests import format_digest
from bot.rules.muting import make_mute
from bot.rules.quiet import format_quiet
from bot.texts import LANGUAGES, texts_of

_KNOWN_STORIES = 100  # alerts among which a misspelt story is looked for
_SAME = 0.9  # of its length that a mute may have left and still count as the same


async def subscribe(room: Room, request: Subscribe) -> Reply:
    """Send alerts to this chat."""
    room.may_change()
    existing = await room.own()
    change = subscribed(existing, request, room.asker.to)
    if not existing and room.reader.owner is None:
        await room.store.set_reader(replace(room.reader, owner=room.asker.person))
    await room.apply(change)
    write = room.write
    buttons = (
        *_undo(change, existing, write),
        write.button("chat.button.list", "cmd:list"),
        write.button("chat.button.test", "cmd:test"),
    )
    head = write.line("chat.subscribed" if change.put or change.drop else "chat.subscribed_already")
    return Reply((head, *(described(s, write) for s in await room.subscriptions())), (buttons,))


def _undo(change: Change, existing: Sequence[Subscription], write: Writer) -> tuple[Button, ...]:
    """A button that takes back what was added, and no more; none where something else was changed for it."""
    if not change.put:
        return ()
    made = change.put[0]
    before = next((s for s in existing if s.id == made.id), None)
    if before is None:
        command = f"cmd:unsubscribe {made.id}"
    else:
        command = f"cmd:unsubscribe {' '.join(sorted(made.tickers - before.tickers))}"
    fits = len(command.encode()) <= MAX_ACTION and (before is None or made.tickers != before.tickers)
    moved = len(change.put) > 1 or change.drop
    return (write.button("chat.button.undo", command),) if fits and not moved else ()


async def unsubscribe(room: Room, request: Unsubscribe) -> Reply:
    """Send fewer, or none."""
    room.may_change()
    existing = await room.own()
    write = room.write
    if not existing:
        others = await room.subscriptions()
        return write.reply("chat.operators_alone" if others else "chat.nothing_here")
    await room.apply(unsubscribed(existing, request))
    left = await room.subscriptions()
    if not left:
        return write.reply("chat.unsubscribed_all", (write.button("chat.button.subscribe", "sub:"),))
    key = "chat.unsubscribed" if any(s.origin == "chat" for s in left) else "chat.unsubscribed_but_operators"
    return Reply((write.line(key), *(described(s, write) for s in left)))


async def mute(room: Room, request: MuteFor) -> Reply:
    """Hear no more of something for a while."""
    room.may_change()
    if request.kind is MuteKind.SOURCE:
        await _known_source(room, request.value)
    if request.kind is MuteKind.STORY and await room.store.story(request.value) is None:
        raise await no_story(room, request.value, "mute story")
    made = make_mute(room.asker.to, request.kind, request.value, length=request.length, now=room.now)
    write = room.write
    undo = f"unmute {made.value}"
    fits = len(f"cmd:{undo}".encode()) <= MAX_ACTION
    buttons = ((write.button("chat.button.unmute", f"cmd:{undo}"),),) if fits else ()
    before = next((m for m in await room.store.mutes(room.now) if m.id == made.id), None)
    if before is not None and before.until - room.now >= request.length * _SAME:
        return Reply((write.line("chat.muted_already"), muted(before, write, room.now)), buttons)
    await room.store.add_mute(made, room.now)
    return Reply((write.line("chat.muted"), muted(made, write, room.now)), buttons)


async def _known_source(room: Room, name: str) -> None:
    known = await room.store.source_states()
    if name not in known:
        near = tuple(f"mute source {hint}" for hint in near_word(name, known))
        raise ChatError("chat.error.no_source", suggestions=near, values={"word": name})


async def no_story(room: Room, slug: str, command: str) -> ChatError:
    """What to say of a story that is not known: the nearest ones, or those that were told last."""
    alerts = await room.store.recent_alerts(_KNOWN_STORIES)
    slugs = list(dict.fromkeys(alert.story for alert in alerts))
    near = [s for s in slugs if s.startswith(slug)] or near_word(slug, slugs)
    return ChatError(
        "chat.error.no_story",
        suggestions=tuple(f"{command} {hint}" for hint in near[:3]) or ("latest",),
        near=bool(near),
        values={"word": slug[:80]},
    )


async def unmute(room: Room, request: Unmute) -> Reply:
    """Hear of something again, or of everything."""
    room.may_change()
    here = [m for m in await room.store.mutes(room.now) if m.to == room.asker.to]
    ended = here if request.value is None else [m for m in here if m.value.lower() == request.value.lower()]
    write = room.write
    if not ended:
        if request.value is None or not here:
            return write.reply("chat.nothing_muted")
        raise ChatError(
            "chat.error.not_muted",
            suggestions=tuple(f"unmute {m.value}" for m in here[:3]),
            near=False,
            values={"word": request.value[:80]},
        )
    for m in ended:
        await room.store.remove_mute(m.id)
    return write.reply("chat.unmuted", names=", ".join(m.value for m in ended))


async def quiet(room: Room, request: Quiet) -> Reply:
    """Show, set or end quiet hours."""
    existing = await room.own()
    write = room.write
    if not request.change:
        now = next((s.quiet for s in await room.subscriptions() if s.quiet is not None), None)
        if now is None:
            return write.reply("chat.quiet.none")
        return write.reply("chat.quiet.is", quiet=format_quiet(now))
    room.may_change()
    _needed(existing)
    change = None
    for s in existing:
        part = planned([s], [s], quiet=request.plan, digest=s.digest)
        await room.apply(part)
        change = change or part.put
    if request.plan is None:
        return write.reply("chat.quiet.off" if change else "chat.quiet.none")
    key = "chat.quiet.set" if change else "chat.quiet.already"
    return write.reply(key, _off(write, "quiet"), quiet=format_quiet(request.plan))


async def digest(room: Room, request: Digest) -> Reply:
    """Show, set or end a digest."""
    existing = await room.own()
    write = room.write
    if not request.change:
        now = next((s.digest for s in await room.subscriptions() if s.digest is not None), None)
        if now is None:
            return write.reply("chat.digest.none")
        return write.reply("chat.digest.is", digest=format_digest(now))
    room.may_change()
    _needed(existing)
    plan = request.plan
    if plan is not None and not request.zoned and plan.market is None:
        # Nobody types their zone twice.
        zone = next((s.quiet.zone for s in existing if s.quiet is not None), plan.zone)
        plan = replace(plan, zone=zone)
    change = None
    for s in existing:
        part = planned([s], [s], quiet=s.quiet, digest=plan)
        await room.apply(part)
        change = change or part.put
    if plan is None:
        return write.reply("chat.digest.off" if change else "chat.digest.none")
    reply = write.reply(
        "chat.digest.set" if change else "chat.digest.already", _off(write, "digest"), digest=format_digest(plan)
    )
    if request.zoned or plan.market is not None:
        return reply
    return replace(reply, lines=(*reply.lines, write.line("chat.digest.zone", zone=plan.zone)))


def _needed(existing: Sequence[Subscription]) -> None:
    if not existing:
        raise ChatError("chat.error.subscribe_first", suggestions=("subscribe",), near=False)


def _off(write: Writer, command: str) -> tuple[Button, ...]:
    return (write.button("chat.button.off", f"cmd:{command} off"),)


async def language(room: Room, request: Language) -> Reply:
    """Choose the language of this chat, or show which there are."""
    write = room.write
    if request.code is None:
        row = tuple(
            write.button("chat.language.name", f"cmd:language {code}", name=texts_of(code).say("chat.language.own"))
            for code in LANGUAGES
        )
        return write.reply("chat.language.which", row)
    room.may_change()
    await room.store.set_reader(replace(room.reader, language=request.code))
    chosen = Writer(texts_of(request.code), write.cmd)
    return chosen.reply("chat.language.set")


async def vote(room: Room, alert: Alert, *, useful: bool) -> Reply:
    """Keep what a person thinks of an alert; the last word counts."""
    store, write = room.store, room.write
    former = await store.record_vote(Vote(alert.id, room.asker.person, useful, room.now))
    useful_votes, noise_votes = await store.vote_counts(alert.id)
    changed = "chat.vote.already" if former == useful else "chat.vote.changed"
    key = "chat.vote.new" if former is None else changed
    said = write.say("button.useful" if useful else "button.noise")
    counts = write.line("chat.vote.counts", useful=useful_votes, noise=noise_votes)
    return Reply(((*write.line(key, vote=said), Span(" "), *counts),))
