"""Look at any part of the records: over time, as a network, or message by message."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.responses import JSONResponse, Response

from seawall.casebook.rules import Act
from seawall.errors import InputError, MeasureError
from seawall.web.looked import Looked, as_field
from seawall.web.looked_words import DOING, LAYERS, MESSAGE_KINDS, UNITS
from seawall.web.marking import _
from seawall.web.refusals import Hidden
from seawall.web.routes import Pages
from seawall.web.views_kept import forget_view, keep_view, views_of
from seawall.web.visit import Visit, Visiting

pages = Pages()
pages.section("Explore", "explore", order=30)

VIEW_LABELS = {"timeline": _("Timeline"), "network": _("Network"), "table": _("Messages")}


@pages.get("/explore", may=Act.EXPLORE, name="explore")
def explore(visit: Visit) -> Response:
    """A filter bar, and what fits it in one of three views."""
    looked = _looked(visit)
    return visit.page("explore.html", **_frame(visit, looked), **_view(visit, looked))


@pages.get("/explore/timeline.json", may=Act.EXPLORE, name="explore.timeline")
def timeline(visit: Visit) -> Response:
    """The counts of the timeline, for the script that draws it."""
    seen = visit.workspace.look(_looked(visit).chosen)
    return JSONResponse(seen.as_json() if seen is not None else {"at": []})


@pages.get("/explore/network.json", may=Act.EXPLORE, name="explore.network")
def network(visit: Visit) -> Response:
    """The network with its places, for the script that draws it; 202 while it is being computed."""
    looked = _looked(visit)
    told = visit.workspace.network_drawn(looked.asked, every_account=looked.every)
    if told["state"] == "working":
        told["doing"] = visit._(DOING.get(told["doing"], _("working")))
    return JSONResponse(told, 202 if told["state"] == "working" else 200)


@pages.get("/explore/edge", may=Act.EXPLORE, name="explore.edge")
def edge(visit: Visit) -> Response:
    """The messages behind a pair of accounts."""
    looked, told = _looked(visit), visit.request.query_params
    source, target = (told.get(name, "").strip() for name in ("source", "target"))
    if not source or not target or source == target:
        raise Hidden
    try:
        seen = visit.workspace.edge_seen(looked.asked, source, target, page=looked.page)
    except (InputError, MeasureError):
        raise Hidden from None
    return visit.page("explore_edge.html", looked=looked, seen=seen, layers=LAYERS, page=looked.page)


@pages.post("/explore/views", may=Act.EXPLORE, name="explore.keep")
def keep(visit: Visit) -> Response:
    """Keep this view under a name, for this person."""
    looked = _given(visit)
    wrong = keep_view(visit, visit.form["name"], urlencode(looked.query()))
    if wrong:
        frame = _frame(visit, looked)
        return visit.page("explore.html", 422, **{**frame, "name_wrong": wrong}, **_view(visit, looked))
    visit.say(visit._("The view is kept."))
    return visit.see_other("explore", query=urlencode(looked.query()))


@pages.post("/explore/views/forget", may=Act.EXPLORE, name="explore.forget")
def forget(visit: Visit) -> Response:
    """Throw a kept view away."""
    forget_view(visit, visit.form["name"])
    return visit.see_other("explore", query=urlencode(_given(visit).query()))


def _looked(visit: Visiting) -> Looked:
    return Looked.of(visit.request.query_params.multi_items())


def _given(visit: Visiting) -> Looked:
    """The filters as a form hands them on."""
    try:
        return Looked.of(parse_qsl(visit.form["filters"], max_num_fields=40))
    except ValueError:
        return Looked()


def _frame(visit: Visiting, looked: Looked) -> dict[str, Any]:
    return {
        "looked": looked,
        "platforms": visit.workspace.platforms_seen(),
        "kept": views_of(visit),
        "labels": VIEW_LABELS,
        "as_field": as_field,
        "urlencode": urlencode,
        "name_wrong": "",
    }


def _view(visit: Visiting, looked: Looked) -> dict[str, Any]:
    """What the chosen view shows, and the same as Python."""
    from seawall.workspace.looking_python import network_python, table_python, timeline_python

    workspace, folder = visit.workspace, visit.workspace.path.resolve().name
    if looked.view == "network":
        return {
            "seen": workspace.network_seen(looked.asked),
            "python": network_python(folder, looked.asked),
            "layers": LAYERS,
            "doing": DOING,
        }
    if looked.view == "table":
        seen = workspace.message_page(looked.chosen, page=looked.page)
        titles = workspace.channel_titles([one.channel_id for one in seen.rows if one.channel_id])
        return {
            "seen": seen,
            "python": table_python(folder, looked.chosen),
            "kinds": MESSAGE_KINDS,
            "titles": titles,
        }
    line = workspace.look(looked.chosen)
    python = timeline_python(folder, looked.chosen, line.line.bin) if line is not None else ""
    return {"seen": line, "python": python, "units": UNITS}
