"""The sentence of a text that spread fast, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow.compute as pc

from seawall.detectors.spread_found import Fast
from seawall.detectors.wording import counted, moment, seconds
from seawall.model.instants import EPOCH, INSTANT

MINUTE = 60_000_000
FEW_TEXTS = 100
"""With fewer copied texts to compare with, the alert says so."""
MUCH, MOST = 0.5, 0.8
"""From these parts on, one account, or copies with a link, make up much or most of it."""
BUSY = 1.5


@dataclass(frozen=True)
class Circumstances:
    """What else is known of where a text spread."""

    stated: bool  # somebody, or a live source, told what was collected
    missing: float  # hours of the episode that were not collected
    exact: bool  # copies were found by their match key alone


def instant(at: int) -> datetime:
    """A time from UTC microseconds."""
    return EPOCH + at * INSTANT


def spread_sentence(one: Fast) -> str:
    """One sentence that carries the numbers of a spread."""
    told, did = one.told, "reposted" if one.reposted else "posted"
    others = f"{one.texts:,} {'reposted' if one.reposted else 'copied'} texts"
    what, span = told.look
    reached = counted(told.observed, what[:-1])
    where = f" in {counted(one.channels, 'channel')}" if one.channels else ""
    return (
        f"One text reached {reached} on {one.platform} within {seconds(span / 1e6)} from {moment(instant(told.began))} "
        f"on; the fastest of the {others} there would be expected to reach {told.expected:,.0f} "
        f"({told.low:,.0f}–{told.high:,.0f}); in all {counted(one.accounts, 'account')} {did} it "
        f"{counted(len(one.copies), 'time')}{where}."
    )


def top_share(one: Fast) -> float:
    """The part of the copies that one account wrote."""
    _, counts = np.unique(one.copies.account, return_counts=True)
    return float(counts.max() / len(one.copies))


def linked(one: Fast) -> int:
    """How many copies carry a link."""
    return int(pc.sum(one.copies.table["linked"]).as_py())


def found_doubts(one: Fast, about: Circumstances) -> Iterator[str]:
    """What was seen that speaks against it."""
    copies = len(one.copies)
    if top_share(one) > MUCH:
        yield (
            f"One account wrote {top_share(one):.0%} of the copies: a person or a program that posts everywhere looks "
            "the same."
        )
    if linked(one) >= MOST * copies:
        yield f"{linked(one):,} of {copies:,} copies carry a link, as headlines do that people pass on."
    if one.reposted:
        yield "These are reposts, which cost one touch of a button: a post that many like spreads the same way."
    if one.earlier:
        yield (
            f"The text had been seen {counted(one.earlier, 'time')} before, after a silence each time, and reached "
            f"{one.earlier_peak:,} at most within that span."
        )
    if one.told.busy >= BUSY:
        yield (
            f"It was a busy day, with {one.told.busy:.1f} times as many messages as usual; the expectation allows for "
            "it."
        )
    if about.missing > 0:
        yield f"{about.missing:,.1f} hours of this time were not collected: it may have begun, or gone on, unseen."
    if one.texts < FEW_TEXTS:
        yield f"Only {counted(one.texts, 'copied text')} of this platform to compare with."
    if not about.stated:
        yield "Nobody stated what was collected: that the text is new rests on the first message that is here."


def general_doubts(one: Fast, about: Circumstances) -> Iterator[str]:
    """What is true of every alert of this kind."""
    if not np.any(one.copies.at % MINUTE):
        yield "Times are told to the minute, so that the order within a minute is not known."
    if about.exact:
        yield "Only texts with the same match key were counted; seawall detect also joins edited copies."
    yield (
        "News, an official announcement, a chain letter or a joke spread as fast; whether it is one of these was not "
        "looked at."
    )
