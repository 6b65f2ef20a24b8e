"""Who acted together: groups and pairs of pseudonyms; a claim about behaviour, not about people."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import Field

from seawall.casebook.rules import Act
from seawall.web.api.calling import Called
from seawall.web.api.calls.timelines import Chosen
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Shape
from seawall.workspace.looking_jobs import NetworkAsked

calls = Calls("Networks")


class Wanted(Chosen):
    """Which network."""

    window: float = Field(60, ge=1, le=86_400, description="Seconds within which two acts are together.")
    least: int | None = Field(
        None, ge=1, le=1_000_000, description="Pairs on so many things; without it, pairs that chance does not explain."
    )


class PairTold(Shape):
    """Two accounts that acted together."""

    source: str
    target: str
    weight: int
    layers: list[str]
    leads: float | None = Field(description="The part of the things on which source was first.")
    q: float | None


class GroupTold(Shape):
    """A community."""

    number: int
    accounts: int
    core: int
    pairs: int
    leaders: list[str]


class NetworkTold(Shape):
    """A network, or how far its computation is."""

    state: Literal["ready", "working", "failed"]
    doing: str
    done: int
    total: int | None
    problem: str
    accounts: int
    pairs: int
    groups: list[GroupTold] = Field(description="The largest 200.")
    groups_total: int
    listed: list[PairTold] = Field(description="The heaviest 200.")
    as_of: datetime | None


@calls.read("/network", may=Act.EXPLORE, name="network", answer=NetworkTold, also=(202,))
def network(calling: Called, wanted: Annotated[Wanted, Query()], response: Response) -> NetworkTold:
    """The network of the messages of a filter; 202 while it is computed: ask again. The read is audited."""
    seen = calling.workspace.network_seen(NetworkAsked(wanted.filter(), wanted.window, wanted.least))
    if seen.state == "working":
        response.status_code = 202
    return NetworkTold.made_of(seen)
