"""Where links lead, how long channels live, what was counted before and after, and what came after ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from pydantic import Field

from seawall.casebook.rules import Act
from seawall.web.api.calling import Called
from seawall.web.api.paging import mark, place, strange
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Name, Numbered, Paging, Shape, Span
from seawall.workspace.looking_beside import Beside
from seawall.workspace.looking_places import PlaceFilter

State = Literal["ready", "working", "failed"]
MOST_CURVE = 200

calls = Calls("Places")


class PartOf(Shape):
    """A part of a list that is computed beside the calls; ask again while ``state`` is "working"."""

    state: State
    doing: str
    problem: str
    as_of: datetime | None
    total: int = Field(description="Rows of all pages together.")
    next: str | None = Field(description="Give it as `after` to have the next page; null = this is the last one.")


class WantedPlaces(Paging, Span):
    """Which places; links of messages of a time."""

    kind: Name = Field("", description="As `kind` of a place.")
    role: Name = Field("", description="As `role` of a place.")


class WantedOfTime(Paging, Span):
    """Which part of a list, of links of a time."""


class PlaceTold(Shape):
    """A place: where links lead."""

    place: str
    kind: str
    role: str
    domain: str | None
    first_at: datetime
    last_at: datetime
    messages: int
    channels: int
    accounts: int


class PlacesTold(PartOf):
    """Places, those of most channels first."""

    rows: list[PlaceTold]


class EmergingTold(Shape):
    """A place that emerges."""

    place: str
    kind: str
    domain: str | None
    first_at: datetime
    fifth_channel_at: datetime
    found_at: datetime
    channels: int
    observed: int
    expected: float
    p: float
    q: float


class EmergingPlaces(PartOf):
    """Places that emerge, the earliest found first."""

    rows: list[EmergingTold]


class WantedLives(Shape):
    """What curves are drawn by."""

    by: Literal["channel_kind", "platform", "visibility", "all"] = "channel_kind"


class HalfTold(Shape):
    """A group: by which age, in days, half had ended; null = not reached."""

    group: str | None
    spells: int
    ended: int
    age: float | None
    low: float | None
    high: float | None


class PointTold(Shape):
    """A point of a curve; age in days."""

    group: str | None
    time: float
    survival: float
    low: float | None
    high: float | None
    at_risk: int


class SurvivalTold(Shape):
    """How long channels live."""

    state: State
    doing: str
    problem: str
    as_of: datetime | None
    sentence: str
    groups: list[HalfTold]
    curve: list[PointTold] = Field(description="Of 200 points at most, evenly taken from all.")
    left_out: list[Numbered]


class WantedEffects(Paging):
    """Around which actions."""

    of: Literal["decisions", "list"] = Field(
        "decisions", description="Cases that were referred, or the actions.csv of the workspace."
    )


class EffectTold(Shape):
    """Before and after one action, in one measure, a day; null = cannot be told."""

    action: str
    at: datetime
    measure: str
    verdict: str
    ratio: float | None
    low: float | None
    high: float | None
    before: float | None
    after: float | None
    expected: float | None
    units: int | None
    controls: int | None
    reason: str | None
    doubt: list[str] | None


class EffectsTold(PartOf):
    """Before and after actions, by action and measure."""

    rows: list[EffectTold]


class CandidateTold(Shape):
    """A channel that may have come after another; reasons by name, in nats."""

    channel: str
    probability: float
    reasons: dict[str, float]


class EndTold(Shape):
    """A channel that ended; ``successor`` null = no successor."""

    ended: str
    at: datetime
    successor: str | None
    none: float = Field(description="The probability that it has no successor among the channels here.")
    candidates: list[CandidateTold]


class SuccessorsTold(PartOf):
    """Channels that ended, the latest first. Broadcast channels and groups only."""

    rows: list[EndTold]


@calls.read("/places", may=Act.EXPLORE, name="places", answer=PlacesTold, also=(202,))
def places(calling: Called, wanted: Annotated[WantedPlaces, Query()], response: Response) -> PlacesTold:
    """Where links lead; 202 while it is computed: ask again. The read is audited."""
    seen = calling.workspace.places_seen(start=wanted.start, end=wanted.end)
    rows = [] if seen.found is None else seen.found.chosen(PlaceFilter(wanted.kind, wanted.role))
    return PlacesTold(**_part(seen, rows, wanted, "places", response))


@calls.read("/places/emerging", may=Act.EXPLORE, name="places.emerging", answer=EmergingPlaces, also=(202,))
def emerging(calling: Called, wanted: Annotated[WantedOfTime, Query()], response: Response) -> EmergingPlaces:
    """Places that channel after channel takes to; 202 while it is computed: ask again. The read is audited."""
    seen = calling.workspace.places_seen(start=wanted.start, end=wanted.end)
    rows = [] if seen.found is None else seen.found.emerging.select(list(EmergingTold.model_fields))
    return EmergingPlaces(**_part(seen, rows, wanted, "emerging", response))


@calls.read("/survival", may=Act.EXPLORE, name="survival", answer=SurvivalTold, also=(202,))
def survival(calling: Called, wanted: Annotated[WantedLives, Query()], response: Response) -> SurvivalTold:
    """How long channels live; 202 while it is computed: ask again. The read is audited."""
    seen = calling.workspace.survival_seen(by=None if wanted.by == "all" else wanted.by)
    _say(seen, response)
    found = seen.found
    halves: list[dict[str, Any]] = [] if found is None else found.median.to_pylist()
    points: list[dict[str, Any]] = [] if found is None else found.curve.to_pylist()
    return SurvivalTold(
        **_state(seen),
        sentence="" if found is None else found.sentence,
        groups=[HalfTold(**_fields(HalfTold, {"group": None, **row})) for row in halves],
        curve=[PointTold(**_fields(PointTold, {"group": None, **row})) for row in _evenly(points)],
        left_out=[Numbered(name=name, count=count) for name, count in (found.left_out if found else {}).items()],
    )


@calls.read("/effects", may=Act.EXPLORE, name="effects", answer=EffectsTold, also=(202,))
def effects(calling: Called, wanted: Annotated[WantedEffects, Query()], response: Response) -> EffectsTold:
    """Before and after actions; 202 while it is computed: ask again. The scope `read_cases` is needed, too."""
    calling.need(Act.READ_CASES)
    seen = calling.workspace.effect_seen(decisions=wanted.of == "decisions")
    rows = [] if seen.found is None else seen.found.effect.table.select(list(EffectTold.model_fields))
    return EffectsTold(**_part(seen, rows, wanted, "effects", response))


@calls.read("/successors", may=Act.EXPLORE, name="successors", answer=SuccessorsTold, also=(202,))
def successors(calling: Called, wanted: Annotated[Paging, Query()], response: Response) -> SuccessorsTold:
    """Channels that ended and what came after them; 202 while it is computed: ask again. The read is audited."""
    seen = calling.workspace.successors_seen()
    ends = [] if seen.found is None else seen.found.chosen("")
    part = _part(seen, ends, wanted, "successors", response)
    told = [] if seen.found is None else list(seen.found.seen(part["rows"]))
    rows = [
        EndTold(
            **{name: one.told[name] for name in ("ended", "at", "successor", "none")},
            candidates=[
                CandidateTold(
                    channel=each.channel,
                    probability=each.probability,
                    reasons={row["term"]: row["nats"] for row in each.reasons},
                )
                for each in (*((one.likeliest,) if one.likeliest else ()), *one.others)
            ],
        )
        for one in told
    ]
    return SuccessorsTold(**{**part, "rows": rows})


def _state(seen: Beside[Any]) -> dict[str, Any]:
    return {"state": seen.state, "doing": seen.doing, "problem": seen.problem, "as_of": seen.as_of}


def _say(seen: Beside[Any], response: Response) -> None:
    if seen.state == "working":
        response.status_code = 202


def _part(seen: Beside[Any], rows: Any, wanted: Paging, of: str, response: Response) -> dict[str, Any]:
    """A page of the rows of an Arrow table or a list, with how far they are."""
    _say(seen, response)
    start = 0 if wanted.after is None else int(place(wanted.after, of, int)[0])
    if start < 0:
        raise strange()
    end = start + wanted.limit
    some: Sequence[Mapping[str, Any]] = (
        rows[start:end] if isinstance(rows, list) else rows.slice(start, end - start).to_pylist()
    )
    following = mark(of, end) if end < len(rows) else None
    return {**_state(seen), "total": len(rows), "next": following, "rows": some}


def _fields(shape: type[Shape], row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in shape.model_fields}


def _evenly(points: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """At most ``MOST_CURVE`` of the points, the first and the last among them."""
    if len(points) <= MOST_CURVE:
        return points
    return [points[round(number * (len(points) - 1) / (MOST_CURVE - 1))] for number in range(MOST_CURVE)]
