"""How long channels live, and what was counted before and after actions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log
from typing import Any

from starlette.responses import Response

from seawall.brief.effect_picture import draw as draw_effect
from seawall.brief.survival_picture import ages, at, present
from seawall.brief.survival_picture import draw as draw_lives
from seawall.brief.timeline import NARROW, WIDE
from seawall.casebook.rules import Act
from seawall.errors import InputError
from seawall.web.looked_words import CHANNEL_KINDS, VISIBILITIES
from seawall.web.pages.places import frame
from seawall.web.places_words import (
    CAME_BACK,
    ENDS,
    GROUPED,
    LIVES_LEFT_OUT,
    MEASURES,
    REASONS,
    UNITS_A_DAY,
    VERDICTS,
    WENT,
    left_out_words,
)
from seawall.web.refusals import Hidden
from seawall.web.routes import Pages
from seawall.web.visit import Visit, Visiting
from seawall.workspace.effects import EffectFound
from seawall.workspace.effects_shown import MOST_PANELS, doubts, panels
from seawall.workspace.looking_lives import DORMANT_DAYS, GROUPS, WINDOW_DAYS
from seawall.workspace.survival_found import SurvivalFound
from seawall.workspace.survival_pages import survival_shown

MOST_ROWS = 200
MOST_DESTINATIONS = 6
WIDEST = 20.0
"""Ratios beyond it, and below its inverse, are drawn at the edge."""

pages = Pages()


@pages.get("/places/survival", may=Act.EXPLORE, name="places.survival")
def survival(visit: Visit) -> Response:
    """How long channels live: curves with bands and the numbers under observation."""
    told = visit.request.query_params.get("by")
    by = GROUPS[0] if told is None or told not in (*GROUPS, "") else told
    seen = visit.workspace.survival_seen(by=by or None)
    shown = {} if seen.found is None else _lives(seen.found)
    return visit.page(
        "places_survival.html",
        seen=seen,
        by=by,
        grouped=GROUPED,
        names=CHANNEL_KINDS | VISIBILITIES,
        dormant=DORMANT_DAYS,
        ends=ENDS,
        left_out=LIVES_LEFT_OUT,
        **frame(visit),
        **shown,
    )


@pages.get("/places/effect", may=Act.EXPLORE, name="places.effect")
def effect(visit: Visit) -> Response:
    """What was counted before and after actions, held against channels on which nobody acted."""
    own = visit.workspace.has_actions
    listed = own and visit.request.query_params.get("of") == "list"
    reads = visit.may(Act.READ_CASES)
    try:
        seen = visit.workspace.effect_seen(decisions=not listed) if reads else None
    except InputError:
        raise Hidden from None
    shown = {} if seen is None or seen.found is None else _before_and_after(visit, seen.found)
    return visit.page(
        "places_effect.html",
        seen=seen,
        listed=listed,
        own=own,
        window=WINDOW_DAYS,
        measures=MEASURES,
        units=UNITS_A_DAY,
        verdicts=VERDICTS,
        reasons=REASONS,
        went=WENT,
        came_back=CAME_BACK,
        **frame(visit),
        **shown,
    )


def _lives(found: SurvivalFound) -> dict[str, Any]:
    shown = survival_shown(found)
    rows = [(age, [(at(curve, age), present(curve, age)) for curve in shown.curves]) for age in ages(shown)]
    return {"found": found, "shown": shown, "drawn": (draw_lives(shown, WIDE), draw_lives(shown, NARROW)), "rows": rows}


def _before_and_after(visit: Visiting, found: EffectFound) -> dict[str, Any]:
    order = {name: place for place, name in enumerate(MEASURES)}
    rows = sorted(found.effect.table.to_pylist(), key=lambda row: (row["at"], row["action"], order[row["measure"]]))
    drawn = list(panels(found))
    told = {(row["action"], row["measure"]): row for row in rows}
    shown = [
        (told[action, measure], panel, draw_effect(panel, WIDE), draw_effect(panel, NARROW))
        for panel in drawn[:MOST_PANELS]
        for action, _colon, measure in (panel.line.title.rpartition(": "),)
    ]
    moved, fewer = _largest(found.displacement.table.to_pylist())
    linked, fewer_places = _largest(found.linked.table.to_pylist())
    return {
        "found": found,
        "linked": linked[:MOST_ROWS],
        "fewer_places": fewer_places,
        "effects": rows[:MOST_ROWS],
        "marks": [mark(row) for row in rows[:MOST_ROWS]],
        "panels": shown,
        "hidden": max(len(drawn) - MOST_PANELS, 0),
        "moved": moved[:MOST_ROWS],
        "fewer": fewer,
        "titles": visit.workspace.channel_titles([row["destination"] for row in moved if row["destination"]]),
        "returned": found.returns.table.to_pylist()[:MOST_ROWS],
        "lived": found.lives.table.to_pylist()[:MOST_ROWS],
        "doubts": doubts(found),
        "left_out": {reason: _left_out(visit, reason) for reason in found.left_out},
    }


def _left_out(visit: Visiting, reason: str) -> str:
    base, measure = left_out_words(reason)
    return visit._(base) + (f" ({visit._(MEASURES[measure])})" if measure else "")


def _largest(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], int]:
    """The rows of displacement without all but the largest single destinations of each action; and how many went."""
    named: Counter[str] = Counter()
    kept = []
    for row in rows:
        named[row["action"]] += row["destination"] is not None
        if row["destination"] is None or named[row["action"]] <= MOST_DESTINATIONS:
            kept.append(row)
    return kept, len(rows) - len(kept)


def mark(row: Mapping[str, Any]) -> tuple[float, float, float] | None:
    """Where ends and middle of an interval of a ratio are drawn, from 0 to 120, 60 = no change; None = cannot be told.

    >>> mark({"low": 0.05, "ratio": 1.0, "high": 400.0}), mark({"low": None, "ratio": None, "high": None})
    ((0.0, 60.0, 120.0), None)
    """
    if row["ratio"] is None:
        return None
    low, ratio, high = (max(row[name], 1 / WIDEST) for name in ("low", "ratio", "high"))
    places = [round(60 + 60 * log(min(value, WIDEST)) / log(WIDEST), 1) for value in (low, ratio, high)]
    return places[0], places[1], places[2]
