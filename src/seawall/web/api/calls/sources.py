"""Sources and coverage: what is collected, what was set aside, and when nothing was collected."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from seawall.casebook.rules import Act
from seawall.web.api.calling import Called
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Shape

calls = Calls("Sources")


class ConnectionTold(Shape):
    """A live source, without its secrets."""

    name: str
    source: str
    host: str
    visibility: str | None
    basis: str | None


class InputTold(Shape):
    """What was committed of a source on a platform: records = kept + rejected + duplicate."""

    source: str
    platform: str
    live: bool
    batches: int
    feeds: int
    records: int
    kept: int
    rejected: int
    duplicate: int
    newest: datetime


class ReasonTold(Shape):
    """Why records were set aside."""

    source: str
    reason: str
    records: int


class SourcesTold(Shape):
    """What is collected."""

    connections: list[ConnectionTold]
    inputs: list[InputTold]
    reasons: list[ReasonTold]
    as_of: datetime


class SpanTold(Shape):
    """From a time on, before another."""

    start: datetime
    end: datetime


class CollectedTold(Shape):
    """When a platform was collected."""

    platform: str
    collected: list[SpanTold]
    told: bool = Field(description="Whether somebody tells it; otherwise from its first to its last message.")


class GapTold(SpanTold):
    """A time of which somebody or something says that nothing was collected."""

    platform: str
    channel: str | None
    how: str
    stated: bool


class CoverageTold(Shape):
    """When something was collected, and when not: a gap is not a zero."""

    platforms: list[CollectedTold]
    gaps: list[GapTold] = Field(description="The latest 200.")
    gaps_total: int
    as_of: datetime


@calls.read("/sources", may=Act.READ_SOURCES, name="sources", answer=SourcesTold)
def sources(calling: Called) -> SourcesTold:
    """Connections, what came in, and why records were set aside."""
    seen = calling.workspace.sources_seen()
    return SourcesTold(
        connections=[ConnectionTold.made_of(one) for one in seen.connections],
        inputs=[InputTold.made_of(one) for one in seen.inputs],
        reasons=[ReasonTold.model_validate(one) for one in seen.reasons],
        as_of=seen.as_of,
    )


@calls.read("/coverage", may=Act.READ_SOURCES, name="coverage", answer=CoverageTold)
def coverage(calling: Called) -> CoverageTold:
    """When each platform was collected, and the gaps."""
    seen = calling.workspace.sources_seen()
    return CoverageTold(
        platforms=[
            CollectedTold(
                platform=one.platform,
                collected=[SpanTold(start=first, end=last) for first, last in one.collected],
                told=one.told,
            )
            for one in seen.coverage
        ],
        gaps=[GapTold.made_of(one) for one in seen.gaps],
        gaps_total=seen.gaps_total,
        as_of=seen.as_of,
    )
