"""What is unusual now, and counts of messages over time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field, StringConstraints

from seawall.casebook.rules import Act
from seawall.model import Severity
from seawall.web.api.calling import Called, Calling
from seawall.web.api.calls.sources import SpanTold
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Name, Shape, Span
from seawall.workspace.looking_filter import MessageFilter
from seawall.workspace.looking_timeline import TimelineSeen

Key = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]

calls = Calls("Timelines")


class Chosen(Span):
    """Which messages."""

    platform: Name | None = None
    channel: Name | None = None
    account: Name | None = Field(None, description="A pseudonym. That it was looked at is audited.")
    text: Key | None = Field(None, description="The name of a text: messages with the same words.")

    def filter(self) -> MessageFilter:
        """What the workspace is asked."""
        names = {"platform": self.platform, "channel": self.channel, "account": self.account}
        return MessageFilter(self.start, self.end, **{key: one or None for key, one in names.items()}, text=self.text)


class OfPlatform(Span):
    """Which platform's time."""

    platform: Name | None = Field(None, description="The one with the most messages, where none is told.")


class BinTold(Shape):
    """A step of time."""

    at: datetime
    observed: float | None = Field(description="null = not collected; never to be read as zero.")
    expected: float | None
    low: float | None
    high: float | None


class SurgeTold(SpanTold):
    """A surge or a collapse."""

    direction: str
    observed: float
    expected: float
    factor: float
    q: float | None
    case_id: str | None = Field(description="null: this token does not read cases.")


class TimelineTold(Shape):
    """Counts over time, 200 steps at most."""

    unit: str
    source: str
    step_seconds: float
    bins: list[BinTold]
    gaps: list[SpanTold]
    surges: list[SurgeTold]
    messages: int
    as_of: datetime


class MaybeTimeline(Shape):
    """A timeline; null = nothing was collected yet."""

    timeline: TimelineTold | None


class WaitingTold(Shape):
    """Cases that wait for a person."""

    severity: Severity
    cases: int


class PlatformTold(Shape):
    """A platform."""

    name: str
    messages: int
    first: datetime
    last: datetime


class OverviewTold(MaybeTimeline):
    """What is unusual now."""

    waiting: list[WaitingTold]
    decided: int
    platforms: list[PlatformTold]
    platform: str | None = Field(description="Whose timeline it is.")
    messages: int
    as_of: datetime | None


@calls.read("/overview", may=Act.READ_OVERVIEW, name="overview", answer=OverviewTold)
def overview(calling: Called, wanted: Annotated[OfPlatform, Query()]) -> OverviewTold:
    """What waits, and a platform over time with its surges; its latest 90 days, where no time is told."""
    seen = calling.workspace.overview(platform=wanted.platform, start=wanted.start, end=wanted.end)
    return OverviewTold(
        waiting=[WaitingTold(severity=name, cases=count) for name, count in seen.waiting.open.items()],
        decided=seen.waiting.decided,
        platforms=[PlatformTold.made_of(one) for one in seen.platforms],
        platform=seen.platform,
        timeline=told(calling, seen.timeline),
        messages=seen.messages,
        as_of=seen.as_of,
    )


@calls.read("/timeline", may=Act.EXPLORE, name="timeline", answer=MaybeTimeline)
def timeline(calling: Called, chosen: Annotated[Chosen, Query()]) -> MaybeTimeline:
    """The messages of a filter over time."""
    return MaybeTimeline(timeline=told(calling, calling.workspace.look(chosen.filter())))


def told(calling: Calling, seen: TimelineSeen | None) -> TimelineTold | None:
    """A timeline as this caller may see it."""
    if seen is None:
        return None
    line, reads = seen.line, calling.may(Act.READ_CASES)
    bands = [values or (None,) * len(line.at) for values in (line.expected, line.low, line.high)]
    return TimelineTold(
        unit=line.unit,
        source=line.source,
        step_seconds=line.bin.total_seconds(),
        bins=[
            BinTold(at=at, observed=observed, expected=expected, low=low, high=high)
            for at, observed, expected, low, high in zip(line.at, line.observed, *bands, strict=True)
        ],
        gaps=[SpanTold(start=first, end=last) for first, last in seen.gaps],
        surges=[
            SurgeTold(
                **{name: getattr(one.window, name) for name in SurgeTold.model_fields if name != "case_id"},
                case_id=one.case_id if reads else None,
            )
            for one in seen.windows
        ],
        messages=seen.messages,
        as_of=seen.as_of,
    )
