"""What an alert says of a hub: its sentence, and what speaks against it. It names nobody, and quotes its numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from statistics import median

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.funnel_found import Hub
from seawall.detectors.wording import counted, period
from seawall.model import SIMULATED, UTC_MICROSECONDS, is_simulated

DAY_S = 86_400.0
FEW = 8
"""Of fewer newcomers the alert says that they are few."""

KINDS_OF_STAGES = {
    "follow": "follows",
    "dm": "direct messages",
    "mention": "mentions",
}
"""Kinds without which a stage cannot be seen, and how they are called."""


def sentence(platform: str, hub: Hub) -> str:
    """One sentence with its numbers."""
    many = len(hub.accounts)
    who = "An account" if many == 1 else f"{many} accounts with one script"
    known = (
        "who had no dealings with one another"
        if not hub.acquainted
        else f"{hub.acquainted:,} of whom had dealings with others of them"
    )
    said = (
        f"{who} approached {counted(len(hub.newcomers), 'account')} "
        f"{period(hub.first_at, hub.newcomers[-1].first_at)}, {known}"
    )
    ladder = ", ".join(_steps(hub))
    head = SIMULATED if is_simulated(platform) else ""
    return f"{head}{said}{'; ' + ladder if ladder else ''}: this is funnel-like."


def _steps(hub: Hub) -> Iterator[str]:
    words = {
        "follow_back": "followed back or answered",
        "direct": "came to direct messages",
        "contact": "got an outside address",
        "sustained": "wrote on for days",
        "hand_off": "went on with another account",
    }
    for stage, did in words.items():
        count = len(hub.came_to(stage))
        if count:
            days = median_days(hub, stage)
            yield f"{count:,} {did}" + ("" if days is None else f" (after {days:.1f} days, median)")


def median_days(hub: Hub, stage: str) -> float | None:
    """Median days from the approach until a stage was reached; None where no interaction tells it."""
    told = [
        (one.reached[stage] - one.first_at).total_seconds() / DAY_S for one in hub.newcomers if stage in one.reached
    ]
    return median(told) if told else None


def doubt(platform: str, hub: Hub, kinds: Collection[str], coverage: pa.Table) -> tuple[str, ...]:
    """What speaks against it, or would look the same.

    Args:
        platform: where it was.
        hub: whom it is about.
        kinds: the kinds of interactions that are known of the platform.
        coverage: ``platform, start, end, complete``.
    """
    return tuple(_doubts(platform, hub, kinds, coverage))


def _doubts(platform: str, hub: Hub, kinds: Collection[str], coverage: pa.Table) -> Iterator[str]:
    if hub.was_approached:
        yield (
            "The account was itself approached in the same way earlier, and may be passing on what was done to it. "
            "Think of support first."
        )
    yield _alike(hub)
    if len(hub.newcomers) < FEW:
        yield f"It rests on {counted(len(hub.newcomers), 'person')}: dating and making friends can look like this."
    if hub.acquainted:
        yield (
            f"{hub.acquainted:,} of {len(hub.newcomers):,} had dealings with one another: a club's welcome committee "
            "meets people who come to know each other."
        )
    missing = [name for kind, name in KINDS_OF_STAGES.items() if kind not in kinds]
    if missing:
        yield f"Of this platform no {' and no '.join(missing)} are known: stages that rest on them were not seen."
    gaps = _gaps(platform, hub.first_at, hub.last_at, coverage)
    if gaps:
        yield f"Collection is known to be incomplete in {counted(gaps, 'stretch', 'stretches')} of this time."
    yield "Seawall knows none of the words: what was said may explain all of it."


def _alike(hub: Hub) -> str:
    """Which lawful work has these numbers."""
    contact, wrote_on = len(hub.came_to("contact")), len(hub.came_to("sustained"))
    direct, handed = len(hub.came_to("direct")), len(hub.came_to("hand_off"))
    many = len(hub.newcomers)
    if handed:
        return (
            "Refugee aid, mentoring programmes and support desks also write for days and then hand people on to "
            f"colleagues, as here {handed:,} of {many:,}."
        )
    if wrote_on:
        return (
            f"Mentoring, chaplaincy, refugee aid and dating also lead to days of private messages, as here with "
            f"{wrote_on:,} of {many:,}."
        )
    if contact:
        return (
            "Job recruiters and sales people also approach many strangers and give them an address, as here "
            f"{contact:,} of {many:,}."
        )
    if direct:
        return f"Customer support and welcome committees also write to many strangers, as here {direct:,} of {many:,}."
    return "A popular creator, and whoever welcomes new members, also has dealings with many strangers."


def _gaps(platform: str, start: datetime, end: datetime, coverage: pa.Table) -> int:
    """How many stretches of incomplete collection touch a time."""
    if not coverage.num_rows:
        return 0
    here = pc.and_(pc.equal(coverage["platform"], platform), pc.invert(coverage["complete"]))
    begin, finish = (pa.scalar(at, UTC_MICROSECONDS) for at in (start, end))
    touching = pc.and_(pc.less_equal(coverage["start"], finish), pc.greater(coverage["end"], begin))
    return int(pc.sum(pc.and_(here, touching), min_count=0).as_py())
