"""The sentences of a fall of production and of its recovery, and what speaks against them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from seawall.detectors.output_levels import BASELINE, FULL_WEEKS, Change, Level
from seawall.detectors.wording import MONTHS, counted, period

MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
THINGS = {"video": "Videos", "image": "Images", "audio": "Audio recordings", "document": "Documents"}
"""What is made -> how a sentence begins."""


@dataclass(frozen=True)
class Beside:
    """What else changed on the platform at that time: parts of what was usual, None where nothing was usual."""

    messages: float | None  # all messages of the platform
    media: float | None  # all media of the platform but this series
    silent: tuple[str, ...]  # sources that stopped for a time in which much was due of them
    told: bool  # somebody stated what was collected


def day(number: int) -> datetime:
    """Midnight UTC of a day, counted from Monday 5 January 1970.

    >>> day(7).isoformat()
    '1970-01-12T00:00:00+00:00'
    """
    return MONDAY + timedelta(days=number)


def output_title(kind: str, platform: str, channel: str | None) -> str:
    """What a series counts.

    >>> output_title("video", "garden", "c01")
    'Videos on garden in channel c01'
    """
    return f"{THINGS[kind]} on {platform}" + (f" in channel {channel}" if channel else "")


def output_sentence(title: str, change: Change, *, running: bool) -> str:
    """One sentence that carries the numbers of a change."""
    window, before = change.window, change.before
    seen = f"{window.items:,.0f} seen on {counted(window.days, 'day')}"
    expected = f"{_few(change.expected)} expected"
    rates = f"{_month(window)} in 28 days"
    if change.down:
        when = f"since {_date(window.start)}" if running else period(day(window.start), day(window.end - 1))
        weeks = min(-(-(before.end - before.start) // 7), BASELINE)
        return (
            f"{title} fell to {rates}, from {_month(before)}, {when}: {seen}, {expected} from the "
            f"{counted(weeks, 'week')} before."
        )
    return (
        f"{title} came back to {rates}, from {_month(before)}, on {_date(window.start)}: {seen}, {expected} at the low "
        f"level; before the fall it was {_month(change.ordinary)}."
    )


def output_doubts(change: Change, beside: Beside, masked: int) -> Iterator[str]:
    """What speaks against a change: at least one sentence."""
    if change.history < 1.0:
        yield f"Fewer than {FULL_WEEKS} weeks before it could be compared, so the expectation is uncertain."
    for source in beside.silent:
        yield (
            f"The source {source} told nothing for a time in which much was due: a collector that stopped looks the "
            "same."
        )
    if change.down and beside.messages is not None and beside.messages <= 0.5:
        yield (
            f"Messages of all kinds on this platform fell as well, to {100 * beside.messages:.0f} %: people may have "
            "gone, or collection broke."
        )
    elif change.down and beside.media is not None and beside.media <= 0.1:
        yield (
            "Hardly any media of another kind or channel came from this platform either: a collector that no longer "
            "reads media looks the same."
        )
    if masked:
        yield f"{counted(masked, 'day')} of it and of the weeks before were not collected and are left out."
    if not beside.told:
        yield "Nobody stated what was collected; days without a message were taken as silent."
    if change.down:
        yield "A fall alone does not say why: holidays, moderation, another channel or another platform look the same."
    else:
        yield "That output is back does not say whether the same people make it."


def _month(level: Level) -> str:
    return _few(28 * level.rate)


def _few(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 or number == int(number) else f"{number:.1f}"


def _date(number: int) -> str:
    at = day(number)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year} UTC"
