"""A channel: how much was written in it, when, by how many, and the alerts that name it."""

from __future__ import annotations

from starlette.responses import Response

from seawall.casebook.rules import Act
from seawall.errors import InputError
from seawall.web.looked_words import ACT_KINDS, CHANNEL_KINDS, MESSAGE_KINDS, UNITS, VISIBILITIES
from seawall.web.outcomes import STATUSES
from seawall.web.refusals import Hidden
from seawall.web.routes import Pages
from seawall.web.visit import Visit

pages = Pages()


@pages.get("/channels/{channel_id:path}", may=Act.READ_CHANNEL, name="channel")
def channel(visit: Visit, channel_id: str) -> Response:
    """Counts over time, who wrote most, and the alerts that name it."""
    try:
        seen = visit.workspace.channel_seen(channel_id)
    except InputError:
        raise Hidden from None
    return visit.page(
        "channel.html",
        seen=seen,
        units=UNITS,
        kind_rows=[(visit._(MESSAGE_KINDS.get(name, name)), count) for name, count in seen.kinds],
        act_rows=[(visit._(ACT_KINDS.get(name, name)), count) for name, count in seen.acts],
        channel_kinds=CHANNEL_KINDS,
        visibilities=VISIBILITIES,
        statuses=STATUSES,
        may_explore=visit.may(Act.EXPLORE),
        may_read=visit.may(Act.READ_CASES),
    )
