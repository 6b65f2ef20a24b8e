"""A synthetic platform without funnels: ordinary life, and the people who write to very many."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from seawall.errors import ConfigurationError
from seawall.simulate.names import account_names
from seawall.simulate.rows import DAY, KIND, Codes, Reals, Rows, identities
from seawall.simulate.seeds import stream
from seawall.simulate.society import Society, drawn, society, ties
from seawall.simulate.talk import ROWS_PER_TIE, micros, ordinary, replies

BEGIN = datetime(2025, 1, 6, tzinfo=UTC)
INTERACTIONS_PER_ACCOUNT = 10.0
ANNOUNCERS, ANNOUNCED = 0.0006, 90.0
"""Share of accounts that tell very many others one thing, and the median of how many."""
COLLECTORS, COLLECTED, COLLECTED_BACK = 0.002, 120.0, 0.16
"""Share of accounts that follow very many others, the median of how many, and the share that follows back."""


def background(
    seed: int, accounts: int = 20_000, days: float = 60.0, *, interactions: int | None = None, begin: datetime = BEGIN
) -> pa.Table:
    """Ordinary life on a platform that there is not.

    Communities (Zipf), activity and popularity after Pareto, ties that are answered or not, friends of friends,
    follows and private talks that come after them, sittings of minutes to hours, addresses among friends, nights
    without much talk, accounts that join, people who tell or follow very many strangers.

    Args:
        seed: the same seed and settings give the same bytes.
        accounts: how many there are; each may be silent.
        days: how long.
        interactions: about how many rows; ten for each account if left out.
        begin: when it begins (UTC if it tells no zone).

    Returns:
        A table of ``seawall.simulate.SIMULATED``, sorted by time.

    Raises:
        ConfigurationError: too few accounts or days.
    """
    if accounts < 10 or not 0 < days <= 5000:
        raise ConfigurationError(
            "A platform needs at least 10 accounts and a time of at most 5,000 days.",
            where="background", mend="As in: background(1, accounts=20_000, days=60)",
        )  # fmt: skip
    rng = stream(seed, 1)
    since = begin if begin.tzinfo else begin.replace(tzinfo=UTC)
    first = int(since.timestamp()) * 1_000_000
    people = society(rng, accounts, days)
    wanted = round(accounts * INTERACTIONS_PER_ACCOUNT) if interactions is None else interactions
    rows = _rows(rng, people, wanted, days, first)
    names = account_names(accounts, rng)
    rooms = pa.array([f"room-{number}" for number in rng.permutation(len(people.offset))])
    return rows.table(names, rooms, identities(seed, 0, len(rows)))


def _rows(rng: np.random.Generator, people: Society, wanted: int, days: float, begin: int) -> Rows:
    parts = [_joins(people, begin), _announced(rng, people, days, begin), _collected(rng, people, days, begin)]
    left = max(0, wanted - sum(map(len, parts)))
    parts.append(ordinary(rng, ties(rng, people, round(left / ROWS_PER_TIE), days), begin))
    rows = Rows.joined(parts)
    parts.clear()
    inside = np.flatnonzero((rows.at >= begin) & (rows.at < begin + round(days * DAY)))
    return rows.taken(inside[np.argsort(rows.at[inside], kind="stable")])


def _joins(people: Society, begin: int) -> Rows:
    who = np.flatnonzero(people.joined >= 0).astype(np.int32)
    room = people.community[who]
    return Rows.of(
        micros(people.joined[who] - 0.003, people.offset[room], begin), kind=KIND["join"], source=who, channel=room
    )


def _many(
    rng: np.random.Generator, people: Society, share: float, median: float, days: float
) -> tuple[Codes, Codes, Reals]:
    """For the accounts that have the habit: each act's account, whom it reaches, and on which day."""
    count = len(people.community)
    who = np.flatnonzero(rng.random(count) < share).astype(np.int32)
    size = np.minimum(rng.lognormal(np.log(median), 0.8, len(who)), count / 4).astype(np.int64)
    source = np.repeat(who, size)
    target = drawn(rng, people.popularity, len(source))
    begins = np.maximum(people.joined[who], 0) + rng.random(len(who)) * days * 0.5
    lasts = np.minimum(rng.exponential(20.0, len(who)) + 0.5, days)
    when = np.repeat(begins, size) + rng.random(len(source)) * np.repeat(lasts, size)
    other = source != target
    return source[other], target[other], when[other]


def _announced(rng: np.random.Generator, people: Society, days: float, begin: int) -> Rows:
    source, target, when = _many(rng, people, ANNOUNCERS, ANNOUNCED, days)
    at = micros(when, people.offset[people.community[source]], begin)
    reply, length = replies(rng, len(source))
    own = rng.integers(1, 2**64, len(people.community), np.uint64)
    private = rng.random(len(people.community)) < 0.4
    same = rng.random(len(source)) < 0.85
    kind = np.where(private[source], KIND["dm"], KIND["mention"]).astype(np.int8)
    told = Rows.of(
        at, kind=kind, source=source, target=target, reply=np.where(same, own[source], reply), length=length,
        channel=np.where(private[source], -1, people.community[target]),
    )  # fmt: skip
    answered = told.taken(rng.random(len(source)) < 0.06)
    words, length = replies(rng, len(answered))
    later = answered.at + rng.exponential(0.2 * DAY, len(answered)).astype(np.int64)
    back = replace(answered, at=later, source=answered.target, target=answered.source, reply=words, length=length)
    return Rows.joined([told, back])


def _collected(rng: np.random.Generator, people: Society, days: float, begin: int) -> Rows:
    source, target, when = _many(rng, people, COLLECTORS, COLLECTED, days)
    at = micros(when, people.offset[people.community[source]], begin)
    told = Rows.of(at, kind=KIND["follow"], source=source, target=target)
    answered = told.taken(rng.random(len(source)) < COLLECTED_BACK)
    later = answered.at + rng.exponential(0.8 * DAY, len(answered)).astype(np.int64)
    return Rows.joined([told, replace(answered, at=later, source=answered.target, target=answered.source)])
