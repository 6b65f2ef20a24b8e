"""A world of channels of which some are taken down and open again, and the truth about who succeeds whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.model import UTC_MICROSECONDS
from seawall.simulate.names import account_names
from seawall.simulate.rows import DAY, Longs, Reals
from seawall.simulate.seeds import stream
from seawall.simulate.takedown_forwards import Connections
from seawall.simulate.takedown_lives import CHANNEL, SUCCESSOR, Life, Lives
from seawall.simulate.takedown_posts import COMMON, NONE, PAGES, Posts, Writer
from seawall.simulate.takedown_settings import TakedownSettings

BEGIN = datetime(2025, 9, 1, tzinfo=UTC)
STRINGS = pa.list_(pa.string())

POSTED = pa.schema(
    [
        ("message", pa.string()),
        ("at", UTC_MICROSECONDS),
        ("channel", pa.string()),
        ("account", pa.string()),
        ("links", STRINGS),
        ("repost_of", pa.string()),
        ("origin", pa.string()),
        ("media", STRINGS),
        ("cluster", pa.int64()),
    ]
)
"""``origin`` is the channel of the message that is forwarded; ``media`` are SHA-256; messages of one ``cluster`` have
one text."""

CHANNELS_MADE = pa.schema(
    [
        ("channel", pa.string()),
        ("kind", pa.string()),
        ("handle", pa.string()),
        ("address", pa.string()),
        ("community", pa.string()),
        ("acted_on", pa.bool_()),
        ("created_at", UTC_MICROSECONDS),
        ("ended_at", UTC_MICROSECONDS),
        ("end_reason", pa.string()),
    ]
)
"""``community`` and ``acted_on`` (the actions are on that community) are what an operator would have to know."""

TRUE_SUCCESSORS = pa.schema([("ended", pa.string()), ("successor", pa.string()), ("kind", pa.string())])
"""``kind``: succession, rename, merge (it succeeds several), split (it is one of two)."""

TRUE_ENDS = pa.schema(
    [("channel", pa.string()), ("at", UTC_MICROSECONDS), ("reason", pa.string()), ("successors", pa.int64())]
)
"""All ends of the world; 0 successors: none opened before the world ends."""

DECOYS_MADE = pa.schema([("channel", pa.string()), ("role", pa.string()), ("of", pa.string())])
"""Channels that only look like successors: fan, look_alike, copycat, same_day, spam."""

ACTIONS_MADE = pa.schema(
    [("at", UTC_MICROSECONDS), ("kind", pa.string()), ("fall", pa.float64()), ("channels", pa.int64())]
)
"""When actions began, by how much messages were to fall, and how many channels ended."""


@dataclass(frozen=True)
class TakedownWorld:
    """A simulated world and its truth: ``messages`` (``POSTED``, by time), ``channels`` (``CHANNELS_MADE``),
    ``successors``, ``ends``, ``decoys``, ``actions``, and ``settings``, which can be written as JSON.
    """

    messages: pa.Table
    channels: pa.Table
    successors: pa.Table
    ends: pa.Table
    decoys: pa.Table
    actions: pa.Table
    settings: dict[str, Any]

    @cached_property
    def links(self) -> pa.Table:
        """``at, channel, account, url, domain, place, message``: one row a link."""
        rows = self._each("links", "url")
        url = rows["url"].combine_chunks()
        known = url.dictionary_encode()
        told = [address.split("/")[2] for address in known.dictionary.to_pylist()]
        domains = pa.array(told, pa.string()).take(known.indices)
        place = pc.if_else(pc.equal(domains, "t.me"), "telegram_handle", "web")
        columns = {name: rows[name] for name in ("at", "channel", "account", "url")}
        return pa.table(columns | {"domain": domains, "place": place, "message": rows["message"]})

    @cached_property
    def forwards(self) -> pa.Table:
        """``at, channel, origin``: one row a message that was forwarded from another channel."""
        rows = self.messages.filter(pc.is_valid(self.messages["origin"]))
        return rows.select(["at", "channel", "origin"])

    @cached_property
    def media(self) -> pa.Table:
        """``at, channel, sha256``: one row a piece of media."""
        return self._each("media", "sha256").select(["at", "channel", "sha256"])

    @cached_property
    def clusters(self) -> pa.Table:
        """``at, channel, cluster``: one row a message."""
        return self.messages.select(["at", "channel", "cluster"])

    def _each(self, column: str, name: str) -> pa.Table:
        lists = self.messages[column].combine_chunks()
        rows = self.messages.take(pc.list_parent_indices(lists))
        return rows.append_column(name, lists.flatten())


def takedown_world(seed: int, *, settings: TakedownSettings | None = None) -> TakedownWorld:
    """Channels of communities that forward one another, actions that end some of them, and what comes after.

    Args:
        seed: the same seed and settings give the same world.
        settings: what to make.

    Returns:
        The world, from 1 September 2025 on (UTC).

    Raises:
        ConfigurationError: settings that cannot be.

    >>> world = takedown_world(7, settings=TakedownSettings(channels=40, days=60, actions=()))
    >>> world.channels.num_rows >= 40, world.successors.column_names
    (True, ['ended', 'successor', 'kind'])
    """
    chosen = TakedownSettings() if settings is None else settings
    lives = Lives(chosen, stream(seed, 11))
    rng = stream(seed, 12)
    members = _members(lives, rng)
    writer = Writer(lives, rng)
    posts: dict[int, Posts] = {}
    for life in lives.all:
        posts[life.number] = writer.ordinary(life, members[life.number], posts)
    Connections(lives, posts, members, writer, rng).add()
    names = _Names(lives, members, stream(seed, 13))
    return TakedownWorld(
        messages=_messages(lives, posts, names),
        channels=_channels(lives, names),
        successors=_successors(lives, names),
        ends=_ends(lives, names),
        decoys=_decoys(lives, names),
        actions=_actions(lives),
        settings=chosen.as_dict() | {"seed": seed},
    )


def _members(lives: Lives, rng: np.random.Generator) -> dict[int, Longs]:
    """Who writes in each channel: itself in a broadcast channel; some of the community's people in a group."""
    members: dict[int, Longs] = {}
    town, stays = 300, lives.settings.habit("members_follow")
    first = len(lives.all)
    for life in lives.all:
        if life.kind == "broadcast":
            members[life.number] = np.array([life.number], np.int64)
            continue
        people = first + town * life.community + np.arange(town)
        some = rng.choice(people, min(town, 3 + int(rng.lognormal(2.3, 0.6))), replace=False)
        old = [members[one][rng.random(len(members[one])) < stays] for one in life.after if one in members]
        members[life.number] = np.unique(np.concatenate([*old, some[: len(some) // 2] if old else some]))
    return members


class _Names:
    """What channels and accounts are called in the tables."""

    def __init__(self, lives: Lives, members: dict[int, Longs], rng: np.random.Generator) -> None:
        order = rng.permutation(len(lives.all))
        self.channel = {life.number: f"channel-{order[life.number]:04d}" for life in lives.all}
        people = np.unique(np.concatenate(list(members.values())))
        people = people[people >= len(order)]
        named = account_names(len(people), rng).to_pylist()
        self.account = self.channel | dict(zip(people.tolist(), named, strict=True))


def _times(days: Reals | list[float]) -> pa.Array:
    """Days of the world as times; what is infinite is null."""
    told = np.asarray(days, np.float64)
    finite = np.isfinite(told)
    micros = np.rint(np.where(finite, told, 0) * DAY).astype(np.int64) + int(BEGIN.timestamp()) * 1_000_000
    return pa.array(micros, mask=~finite).cast(UTC_MICROSECONDS)


def _messages(lives: Lives, posts: dict[int, Posts], names: _Names) -> pa.Table:
    numbers = [life.number for life in lives.all]
    sizes = np.array([len(posts[number]) for number in numbers])
    first = dict(zip(numbers, np.cumsum(sizes) - sizes, strict=True))
    whole = Posts(*(np.concatenate([getattr(posts[n], f) for n in numbers]) for f in Posts.__slots__))
    channel = np.repeat(np.array(numbers), sizes)
    order = np.argsort(whole.at, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    began = np.array([first.get(int(one), 0) for one in whole.origin]) if len(order) else whole.of
    source = np.where(whole.origin >= 0, place[np.where(whole.origin >= 0, began + whole.of, 0)], NONE)
    ids = pa.array([f"m{number:07d}" for number in range(len(order))])
    columns = {
        "message": ids,
        "at": _times(whole.at[order]),
        "channel": _named(channel[order], names.channel),
        "account": _named(whole.account[order], names.account),
        "links": _links(whole, order, lives),
        "repost_of": ids.take(pa.array(source[order], mask=source[order] < 0)),
        "origin": _named(whole.origin[order], names.channel),
        "media": _lists([whole.media[order]], _hash_of),
        "cluster": pa.array(whole.text[order]),
    }
    return pa.table({name: columns[name] for name in POSTED.names}, schema=POSTED)


def _named(numbers: Any, names: dict[int, str]) -> pa.Array:
    return pa.array([names.get(number) for number in numbers.tolist()], pa.string())


def _hash_of(number: int) -> str:
    return sha256(f"a photograph of beans, {number}".encode()).hexdigest()


def _links(posts: Posts, order: Longs, lives: Lives) -> pa.Array:
    address = {life.number: f"https://t.me/{life.handle}" for life in lives.all}

    def written(number: int) -> str:
        return address[number - COMMON] if number >= COMMON else f"https://{_domain(number // PAGES)}/{number % PAGES}"

    addressed = posts.address[order].astype(np.int64)
    return _lists([posts.site[order], np.where(addressed >= 0, addressed + COMMON, NONE)], written)


def _domain(site: int) -> str:
    words = ("seeds", "mulch", "pedals", "bulbs", "trails", "hedges", "spokes", "herbs")
    return f"{words[site % len(words)]}-{site}.example"


def _lists(columns: list[Any], written: Any) -> pa.Array:
    """Lists of what is there in each row, written out; rows without anything are empty lists."""
    both = np.stack(columns, axis=1)
    there = both >= 0
    values = both[there]
    distinct, inverse = np.unique(values, return_inverse=True)
    texts = pa.array([written(int(number)) for number in distinct], pa.string()).take(pa.array(inverse.ravel()))
    offsets = np.concatenate([[0], np.cumsum(there.sum(axis=1))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), texts)


def _channels(lives: Lives, names: _Names) -> pa.Table:
    there, days = lives.all, lives.settings.days
    columns = {
        "channel": [names.channel[life.number] for life in there],
        "kind": [life.kind for life in there],
        "handle": [life.handle for life in there],
        "address": [f"https://t.me/{life.handle}" for life in there],
        "community": [f"community-{life.community}" for life in there],
        "acted_on": [lives.is_acted_on(life.community) for life in there],
        "created_at": _times([life.opened for life in there]),
        "ended_at": _times([life.ended if life.ended < days else np.inf for life in there]),
        "end_reason": [life.end_kind if life.ended < days else None for life in there],
    }
    return pa.table(columns, schema=CHANNELS_MADE)


def _successors(lives: Lives, names: _Names) -> pa.Table:
    ended = {life.number: life for life in lives.all}
    pairs = [(ended[old], life) for life in lives.all for old in life.after]
    heirs: dict[int, int] = {}
    for old, _ in pairs:
        heirs[old.number] = heirs.get(old.number, 0) + 1
    rows = [(names.channel[old.number], names.channel[new.number], _kind(old, new, heirs)) for old, new in pairs]
    return pa.table([list(column) for column in zip(*rows, strict=True)] or [[], [], []], schema=TRUE_SUCCESSORS)


def _kind(old: Life, new: Life, heirs: dict[int, int]) -> str:
    if len(new.after) > 1:
        return "merge"
    if heirs[old.number] > 1:
        return "split"
    return "rename" if old.end_kind == "renamed" else "succession"


def _ends(lives: Lives, names: _Names) -> pa.Table:
    there = [life for life in lives.all if life.ended < lives.settings.days]
    heirs = [sum(life.number in other.after for other in lives.all) for life in there]
    columns = [
        [names.channel[life.number] for life in there], _times([life.ended for life in there]),
        [life.end_kind for life in there], heirs,
    ]  # fmt: skip
    return pa.table(columns, schema=TRUE_ENDS).sort_by("at")


def _decoys(lives: Lives, names: _Names) -> pa.Table:
    there = [life for life in lives.all if life.role not in (CHANNEL, SUCCESSOR)]
    columns = [
        [names.channel[life.number] for life in there], [life.role for life in there],
        [names.channel.get(life.of) for life in there],
    ]  # fmt: skip
    return pa.table(columns, schema=DECOYS_MADE)


def _actions(lives: Lives) -> pa.Table:
    acts = lives.settings.actions
    counts = [
        sum(
            life.end_kind == "taken_down" and lives.is_acted_on(life.community)
            and act.day <= life.ended <= act.day + act.over_days
            for life in lives.all
        )
        for act in acts
    ]  # fmt: skip
    columns = [_times([act.day for act in acts]), ["takedown"] * len(acts), [act.fall for act in acts], counts]
    return pa.table(columns, schema=ACTIONS_MADE)
