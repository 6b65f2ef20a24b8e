"""The sentence of a place that emerges, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from seawall.detectors.wording import counted, period

PAGES = 0.8
"""From this part on, most links lead to pages of their own, as those to news do."""
ONE = 0.5
"""From this part of the links on, one account makes up much of it."""
YOUNG_DAYS = 60
FEW = 40


@dataclass(frozen=True)
class Circumstances:
    """What else is known of the links to a place until it was found.

    Args:
        pages: the part of them that no other link shares its address with.
        top_account: the part that one account wrote.
        collected_days: from the first link of all to the day on which it was found.
        judged: places that it was compared with.
        listed: whether a list of popular domains was given.
    """

    pages: float
    top_account: float
    collected_days: int
    judged: int
    listed: bool


def emerging_sentence(found: dict[str, Any], channels: int) -> str:
    """One sentence that carries the numbers of a place; ``channels`` is how many have linked to it by now."""
    when = period(found["first_at"], found["found_at"] - timedelta(microseconds=1))
    more = f"; by now {channels:,} have" if channels > found["channels"] else ""
    return (
        f"{counted(found['channels'], 'channel')} linked to {found['place']} {when}, and came back to it more often "
        f"than channels usually do to what is new: in its sharpest rise {found['observed']:,} took it up, where "
        f"{found['expected']:.1f} would be expected if it had always been linked to as often{more}."
    )


def emerging_doubts(about: Circumstances) -> Iterator[str]:
    """What was seen that speaks against it."""
    if about.pages >= PAGES:
        yield f"{about.pages:.0%} of its links lead to pages of their own, as those to a newspaper or a shop do."
    if about.top_account >= ONE:
        yield f"One account wrote {about.top_account:.0%} of the links to it."
    if about.collected_days < YOUNG_DAYS:
        yield f"Links are known for {counted(about.collected_days, 'day')} only: what is new here may be old elsewhere."
    if about.judged < FEW:
        yield f"Only {counted(about.judged, 'place')} that five channels took up to compare with."
    if not about.listed:
        yield "No list of popular domains was given: a service that the world knows may be new to this lake alone."


GENERAL = (
    "A new newspaper, shop, event or service that many take to looks the same; what the place is was not looked at."
)
