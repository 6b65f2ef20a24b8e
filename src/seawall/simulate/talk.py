"""What ordinary ties consist of: talk in public, follows, private talk among friends, now and then an address."""

from __future__ import annotations

import numpy as np

from seawall.simulate.clock import by_day
from seawall.simulate.rows import (
    DAY,
    KIND,
    LONG,
    MEDIUM,
    MINUTE,
    SHORT,
    Codes,
    Keys,
    Longs,
    Mask,
    Reals,
    Rows,
    Smalls,
    mixed,
)
from seawall.simulate.society import Ties

FOLLOWS, FOLLOWS_CLOSE, FOLLOWS_BACK = 0.32, 0.55, 0.42
DIRECT, DIRECT_CLOSE, DIRECT_MUTUAL = 0.07, 0.16, 0.42
"""Share of ties that come to private talk: anywhere, within a community, where both follow."""
UNANSWERED, SESSIONS, MESSAGES, ALONE = 0.33, 0.4, 0.2, 0.75
"""Share of private talks that nobody answers; geometric laws of the sittings of the others, of the messages of a
sitting, and of the messages that are not answered."""
ADDRESS = 0.13
"""Share of private talks in which one gives the other an address outside."""
REPEATED = 0.12
"""Share of messages that are a common phrase."""
PHRASES = 400
ADDRESS_KINDS = (0.25, 0.25, 0.28, 0.17, 0.05)
"""Of e-mail, phone, handle, invite link and payment address."""
_PHRASE_SEED = 7_000_003
_PUBLIC = ("mention", "reply", "reaction", "repost")
_PUBLIC_SHARE = (0.35, 0.42, 0.17, 0.06)
LAYERS = ("public", "follow", "direct", "rare")
"""What a tie consists of: talk in public, follows, private talk, and what is rare (unfollows, invitations, blocks)."""
ROWS_PER_TIE = 4.15
"""About how many rows a tie becomes."""


def ordinary(rng: np.random.Generator, ties: Ties, begin: int, layers: tuple[str, ...] = LAYERS) -> Rows:
    """All rows of these ties, in no order.

    Args:
        rng: where chance comes from.
        ties: who has to do with whom, from when on.
        begin: microseconds at which day 0 begins.
        layers: which of ``LAYERS`` are wanted; chance is the same for each, whichever are.
    """
    follow, mutual, since = _follows(rng, ties, begin)
    made = {
        "public": _public(rng, ties, begin),
        "follow": follow,
        "direct": _direct(rng, ties, mutual, since, begin),
        "rare": _rarely(rng, ties, begin),
    }
    return Rows.joined([made[name] for name in layers])


def micros(days: Reals, offset: Reals, begin: int) -> Longs:
    """Days of even time -> microseconds at which people are awake."""
    return begin + (by_day(days, offset) * DAY).astype(np.int64)


def replies(rng: np.random.Generator, count: int) -> tuple[Keys, Smalls]:
    """Reply keys, most of them of one message, and length classes."""
    keys = rng.integers(1, 2**64, count, np.uint64)
    common = rng.random(count) < REPEATED
    which = np.minimum(rng.zipf(1.35, int(common.sum())), PHRASES)
    keys[common] = mixed(which.astype(np.uint64) + np.uint64(_PHRASE_SEED))
    lengths = np.array([SHORT, MEDIUM, LONG], np.int8)[np.searchsorted([0.55, 0.92], rng.random(count), "right")]
    lengths[common] = SHORT
    return keys, lengths


def own_address(account: Codes, kind: Smalls) -> Keys:
    """The key of an account's own address of a kind: the same whomever it is given to."""
    return mixed(mixed(account.astype(np.uint64) * np.uint64(8) + kind.astype(np.uint64)) ^ np.uint64(_PHRASE_SEED))


def _public(rng: np.random.Generator, ties: Ties, begin: int) -> Rows:
    count = rng.geometric(np.where(ties.close, 0.3, 0.5))
    of, first = expanded(count)
    days = ties.start[of] + np.where(first, 0.0, rng.random(len(of))) * ties.days[of]
    back = ~first & (rng.random(len(of)) < 0.45)
    kind = np.searchsorted(np.cumsum(_PUBLIC_SHARE)[:-1], rng.random(len(of)) * np.where(first, 0.77, 1.0), "right")
    codes = np.array([KIND[name] for name in _PUBLIC], np.int8)[kind]
    reply, length = replies(rng, len(of))
    silent = kind >= 2
    reply[silent], length[silent] = 0, -1
    source, target = _directed(ties, of, back)
    return Rows.of(
        micros(days, ties.offset[of], begin),
        kind=codes, source=source, target=target, channel=ties.channel[of], reply=reply, length=length,
    )  # fmt: skip


def _follows(rng: np.random.Generator, ties: Ties, begin: int) -> tuple[Rows, Mask, Reals]:
    """Rows of follows; which ties are mutual; and the day since when."""
    follows = rng.random(len(ties)) < np.where(ties.close, FOLLOWS_CLOSE, FOLLOWS)
    mutual = follows & (rng.random(len(ties)) < FOLLOWS_BACK)
    at = ties.start + rng.lognormal(np.log(0.2), 1.3, len(ties))
    back = at + rng.lognormal(np.log(0.6), 1.4, len(ties))
    parts = []
    for which, days, returned in ((follows, at, False), (mutual, back, True)):
        of = np.flatnonzero(which)
        source, target = _directed(ties, of, np.full(len(of), returned))
        when = micros(days[of], ties.offset[of], begin)
        parts.append(Rows.of(when, kind=KIND["follow"], source=source, target=target))
    return Rows.joined(parts), mutual, back


def _direct(rng: np.random.Generator, ties: Ties, mutual: Mask, since: Reals, begin: int) -> Rows:
    chance = np.where(mutual, DIRECT_MUTUAL, np.where(ties.close, DIRECT_CLOSE, DIRECT))
    pair = np.flatnonzero(rng.random(len(ties)) < chance)
    start = np.where(mutual, np.maximum(ties.start, since), ties.start)[pair] + rng.lognormal(0, 1.2, len(pair))
    alone = rng.random(len(pair)) < UNANSWERED
    session, opening = expanded(np.where(alone, 1, rng.geometric(SESSIONS, len(pair))))
    days = start[session] + np.where(opening, 0.0, rng.random(len(session))) * ties.days[pair][session]
    begins = micros(days, ties.offset[pair][session], begin)
    message, first = expanded(rng.geometric(np.where(alone[session], ALONE, MESSAGES)))
    at = begins[message] + _within(rng, message, first)
    of = pair[session[message]]
    turn = np.cumsum(rng.random(len(of)) < 0.7)
    turned: Mask = np.equal((turn - turn[np.flatnonzero(first)][message]) % 2, 1)
    back: Mask = (turned ^ (rng.random(len(session)) < 0.45)[message]) & ~alone[session[message]]
    source, target = _directed(ties, of, back)
    reply, length = replies(rng, len(of))
    contact, address = addresses(rng, session[message], source)
    return Rows.of(
        at, kind=KIND["dm"], source=source, target=target, reply=reply, length=length, contact=contact, address=address
    )


def _within(rng: np.random.Generator, of: Longs, first: Mask) -> Longs:
    """Microseconds since a sitting began: people answer within minutes, sometimes hours."""
    gap = np.where(first, 0.0, rng.lognormal(np.log(4.0), 1.7, len(of)))
    passed = np.cumsum(np.minimum(gap, 600.0))
    since: Longs = ((passed - passed[np.flatnonzero(first)][of]) * MINUTE).astype(np.int64)
    return since


def addresses(rng: np.random.Generator, talk: Longs, source: Codes) -> tuple[Smalls, Keys]:
    """For some talks one message that passes the sender's own address: its kind, and the key.

    Args:
        rng: where chance comes from.
        talk: which talk each message belongs to, rising.
        source: who wrote it.
    """
    contact, address = np.full(len(talk), -1, np.int8), np.zeros(len(talk), np.uint64)
    starts = np.flatnonzero(np.diff(talk, prepend=-1))
    sizes = np.diff(np.append(starts, len(talk)))
    place = starts + (rng.random(len(starts)) * sizes).astype(np.int64)
    place = place[rng.random(len(starts)) < ADDRESS]
    kind = np.searchsorted(np.cumsum(ADDRESS_KINDS)[:-1], rng.random(len(place)), "right").astype(np.int8)
    contact[place], address[place] = kind, own_address(source[place], kind)
    return contact, address


def _rarely(rng: np.random.Generator, ties: Ties, begin: int) -> Rows:
    """Unfollows, invitations, blocks and reports."""
    parts = []
    for name, share in (("unfollow", 0.006), ("invite", 0.006), ("block", 0.002), ("report", 0.001)):
        of = np.flatnonzero(rng.random(len(ties)) < share)
        source, target = _directed(ties, of, rng.random(len(of)) < (0.1 if name == "invite" else 0.6))
        when = micros(ties.start[of] + 0.02 + ties.days[of] * rng.random(len(of)), ties.offset[of], begin)
        channel = ties.channel[of] if name == "invite" else np.int32(-1)
        parts.append(Rows.of(when, kind=KIND[name], source=source, target=target, channel=channel))
    return Rows.joined(parts)


def _directed(ties: Ties, of: Longs, back: Mask) -> tuple[Codes, Codes]:
    return np.where(back, ties.target[of], ties.source[of]), np.where(back, ties.source[of], ties.target[of])


def expanded(counts: Longs) -> tuple[Longs, Mask]:
    """For each of so many repetitions the place of what is repeated, and whether it is the first of it.

    >>> [one.tolist() for one in expanded(np.array([2, 1]))]
    [[0, 0, 1], [True, False, True]]
    """
    of = np.repeat(np.arange(len(counts)), counts)
    return of, np.diff(of, prepend=-1) > 0
