"""What a channel and an account did, in counts: behaviour only, nothing about words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from seawall.casebook.glances import Glance
from seawall.workspace.looking_filter import MessageFilter
from seawall.workspace.looking_held import Coded, HeldActs, HeldLake, Rows
from seawall.workspace.looking_timeline import TimelineSeen, timeline

HOUR, DAY = 3_600_000_000, 86_400_000_000
MOST_NAMED = 20
"""So many channels of an account, and accounts of a channel, are listed: those with the most messages."""

Counted = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ActCount:
    """Interactions of one kind and direction."""

    kind: str
    outwards: bool  # whether the account did it, or it was done towards the account
    count: int
    others: int  # different accounts on the other side


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """What is known of an account's behaviour."""

    account_id: str
    told: dict[str, Any]  # a row of the lake's accounts; empty where it has none
    messages: int
    kinds: Counted
    platforms: Counted
    channels: Counted  # of MOST_NAMED at most
    channels_total: int
    hours: tuple[int, ...]  # messages by hour of the day (UTC), 24
    weekdays: tuple[int, ...]  # messages by day of the week (UTC), from Monday, 7
    acts: tuple[ActCount, ...]
    timeline: TimelineSeen | None
    alerts: tuple[Glance, ...]  # that name it, the latest first
    alerts_total: int


@dataclass(frozen=True, slots=True)
class ChannelSeen:
    """What is known of a channel."""

    channel_id: str
    told: dict[str, Any]  # a row of the lake's channels; empty where it has none
    messages: int
    platforms: Counted
    kinds: Counted
    accounts: Counted  # of MOST_NAMED at most
    accounts_total: int
    acts: Counted  # interactions in it, by kind
    timeline: TimelineSeen | None
    alerts: tuple[Glance, ...]
    alerts_total: int


def hours_of(held: HeldLake, rows: Rows) -> tuple[int, ...]:
    """Messages by hour of the day (UTC)."""
    return tuple(np.bincount(held.messages.times[rows] % DAY // HOUR, minlength=24).tolist())


def weekdays_of(held: HeldLake, rows: Rows) -> tuple[int, ...]:
    """Messages by day of the week (UTC), from Monday; 1 January 1970 was a Thursday."""
    return tuple(np.bincount((held.messages.times[rows] // DAY + 3) % 7, minlength=7).tolist())


def acts_of(acts: HeldActs, account: str) -> Iterator[ActCount]:
    """The interactions of an account by kind, those that it did first."""
    for outwards, own, other in ((True, acts.source, acts.target), (False, acts.target, acts.source)):
        rows = np.flatnonzero(own.codes == own.code(account))
        for kind, count in acts.kind.counted(rows):
            same = rows[acts.kind.codes[rows] == acts.kind.code(kind)]
            yield ActCount(kind, outwards, count, _different(other, same))


def _different(column: Coded, rows: Rows) -> int:
    codes = column.codes[rows]
    return len(np.unique(codes[codes >= 0]))


def account_seen(held: HeldLake, account: str, alerts: tuple[Glance, ...], total: int) -> AccountSeen | None:
    """What is known of an account; None where nothing is."""
    chosen = MessageFilter(account=account)
    rows, told = held.messages.rows(chosen), held.account(account)
    acts = tuple(acts_of(held.acts, account))
    if not len(rows) and told is None and not acts and not total:
        return None
    channels = held.messages.channel.counted(rows)
    return AccountSeen(
        account_id=account,
        told=told or {},
        messages=len(rows),
        kinds=tuple(held.messages.kind.counted(rows)),
        platforms=tuple(held.messages.platform.counted(rows)),
        channels=tuple(channels[:MOST_NAMED]),
        channels_total=len(channels),
        hours=hours_of(held, rows),
        weekdays=weekdays_of(held, rows),
        acts=acts,
        timeline=timeline(held, chosen, "Messages of this account", (), rows) if len(rows) else None,
        alerts=alerts,
        alerts_total=total,
    )


def channel_seen(held: HeldLake, channel: str, alerts: tuple[Glance, ...], total: int) -> ChannelSeen | None:
    """What is known of a channel; None where nothing is."""
    chosen = MessageFilter(channel=channel)
    rows, told = held.messages.rows(chosen), held.channels.get(channel)
    if not len(rows) and told is None and not total:
        return None
    accounts = held.messages.account.counted(rows)
    acts = np.flatnonzero(held.acts.channel.codes == held.acts.channel.code(channel))
    return ChannelSeen(
        channel_id=channel,
        told=told or {},
        messages=len(rows),
        platforms=tuple(held.messages.platform.counted(rows)),
        kinds=tuple(held.messages.kind.counted(rows)),
        accounts=tuple(accounts[:MOST_NAMED]),
        accounts_total=len(accounts),
        acts=tuple(held.acts.kind.counted(acts)),
        timeline=timeline(held, chosen, "Messages in this channel", (), rows) if len(rows) else None,
        alerts=alerts,
        alerts_total=total,
    )
