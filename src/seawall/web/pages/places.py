"""Where links lead: places over time, those that emerge, all of them, one of them, and what cannot be concluded."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from seawall.brief.flow_picture import draw, shares
from seawall.brief.timeline import NARROW, WIDE
from seawall.casebook.rules import Act
from seawall.errors import InputError
from seawall.model import SIMULATED_PLATFORM
from seawall.web.looked import as_field
from seawall.web.looked_words import CHANNEL_KINDS, INDICATOR_STATES, MESSAGE_KINDS
from seawall.web.outcomes import STATUSES
from seawall.web.places_looked import PlacesLooked, page_of
from seawall.web.places_words import CHANNEL_UNITS, ENDS, KINDS, PLACES_DOING, PLACES_LEFT_OUT, ROLES, TABS
from seawall.web.refusals import Hidden
from seawall.web.routes import Pages
from seawall.web.visit import Visit, Visiting
from seawall.workspace.looking_places import PlacesFound, place_page

MOST_EMERGING = 50
LONGEST_PLACE = 2_000

pages = Pages()
pages.section("Places", "places", order=31)


@pages.get("/places", may=Act.EXPLORE, name="places")
def places(visit: Visit) -> Response:
    """Where links lead over time, what emerges, and all places that fit a filter."""
    looked = PlacesLooked.of(visit.request.query_params)
    seen = visit.workspace.places_seen(start=looked.start, end=looked.end)
    shown = {} if seen.found is None else _shown(visit, seen.found, looked)
    return visit.page("places.html", seen=seen, looked=looked, as_field=as_field, **frame(visit), **shown)


@pages.get("/places/one", may=Act.EXPLORE, name="places.place")
def place(visit: Visit) -> Response:
    """One place: who links to it, when, and the messages that do."""
    told = visit.request.query_params
    name, page = told.get("place", "").strip()[:LONGEST_PLACE], page_of(told.get("page", ""))
    if not name:
        raise Hidden
    try:
        seen = visit.workspace.place_seen(name, page=page)
    except InputError:
        raise Hidden from None
    found = seen.found
    ids = [] if found is None else [one.channel_id for one in found.messages if one.channel_id]
    ids += [] if found is None else [id_ for id_, _count in found.channels]
    return visit.page(
        "place.html",
        name=name,
        seen=seen,
        place=found,
        titles=visit.workspace.channel_titles(ids),
        statuses=STATUSES,
        states=INDICATOR_STATES,
        message_kinds=MESSAGE_KINDS,
        channel_kinds=CHANNEL_KINDS,
        units=CHANNEL_UNITS,
        ends=ENDS,
        as_field=as_field,
        may_read=visit.may(Act.READ_CASES),
        may_list=visit.may(Act.READ_INDICATORS),
        **frame(visit),
    )


@pages.get("/places/limits", may=Act.EXPLORE, name="places.limits")
def limits(visit: Visit) -> Response:
    """What cannot be concluded from places, lives and comparisons."""
    return visit.page("places_limits.html", **frame(visit))


def frame(visit: Visiting) -> dict[str, Any]:
    """What each page of this section needs."""
    platforms = [name for name, _count in visit.workspace.platforms_seen()]
    return {
        "tabs": TABS,
        "kinds": KINDS,
        "roles": ROLES,
        "doing": PLACES_DOING,
        "platforms": platforms,
        "is_simulated": any(name.lower().startswith(SIMULATED_PLATFORM) for name in platforms),
    }


def _shown(visit: Visiting, found: PlacesFound, looked: PlacesLooked) -> dict[str, Any]:
    drawn = [(flow, draw(flow, WIDE), draw(flow, NARROW)) for flow in found.flows]
    communities = [flow.community for flow in found.flows] + [str(one["community"]) for one in found.moves]
    rising = found.emerging.sort_by([("found_at", "descending"), ("place", "ascending")])
    return {
        "found": found,
        "flows": drawn,
        "shares": shares,
        "titles": visit.workspace.channel_titles(communities),
        "emerging": rising.slice(0, MOST_EMERGING).to_pylist(),
        "listed": place_page(found.chosen(looked.wanted), looked.page),
        "by_kind": found.counted("kind"),
        "by_role": found.counted("role"),
        "left_out": PLACES_LEFT_OUT,
    }
