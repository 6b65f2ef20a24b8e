"""What a reviewer checks of a move: the messages that link, and which places a community links to, week by week."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from seawall.detectors.migration_found import Found, day_of
from seawall.detectors.migration_scene import Told
from seawall.detectors.migration_words import most_by_one
from seawall.measures.flow.acts import Ints
from seawall.measures.flow.measure import begins, numbered
from seawall.measures.flow.scene import Level

LISTED = 200
WEEKS_BEFORE, WEEKS_AFTER = 8, 10
MOST_PLACES = 6


def evidence(one: Found) -> tuple[str, ...]:
    """Ids of messages: the first one with the link of each account, then the others, by time."""
    _, first = np.unique(one.move.rows.account, return_index=True)
    rows = dict.fromkeys([*np.sort(first).tolist(), *range(len(one.move.rows.at))])
    return tuple(one.messages[row].as_py() for row in list(rows)[:LISTED])


def details(known: Told, one: Found) -> dict[str, Any]:
    """Figures that JSON can hold."""
    move, left = one.move, one.move.leaving
    return {
        "platform": one.platform,
        "community": one.channel,
        "place": one.place,
        "kind": one.kind,
        "gathering": move.gathering,
        "members": move.members,
        "followed": move.followed,
        "linked": move.linked,
        "share_interval": [move.low, move.high],
        "p_uptake": move.p_uptake,
        "elsewhere": [move.elsewhere, move.elsewhere_members],
        "new_places": one.move.compared,
        "messages": len(one.messages),
        "one_account": most_by_one(one),
        "leaving": None if left is None else {
            "before": day_of(left.looked).isoformat(),
            **{name: getattr(left, name) for name in (
                "linked", "silent", "others", "others_silent", "p_silent",
                "farewells", "farewells_expected", "p_farewell",
            )},
        },
        "mirrored": None if one.mirrored is None else {
            name: getattr(one.mirrored, name) for name in ("channel", "texts", "copied", "p")
        },
        "flow": flow(known, one),
    }  # fmt: skip


def flow(known: Told, one: Found) -> dict[str, Any]:
    """Members who wrote, and who linked to a place, by week: the place of the move first, then those most linked to."""
    level = known.scene.channels if one.move.level == "channel" else known.scene.platforms
    community, collected = one.move.community, level.known[one.move.community]
    middle = int(numbered(one.move.rows.day[:1], "week")[0])
    last = int(numbered(np.array([max(collected.end - 1, int(one.move.rows.day[0]))]), "week")[0])
    first = max(middle - WEEKS_BEFORE, int(numbered(np.array([collected.first]), "week")[0]))
    weeks = np.arange(first, min(middle + WEEKS_AFTER, last) + 1)
    edges = begins(np.append(weeks, weeks[-1] + 1), "week")
    who, day = level.acts.within(community, int(edges[0]), int(edges[-1]))
    missing = [collected.missing(a, b) for a, b in pairwise(edges.tolist())]
    return {
        "weeks": [day_of(int(edge)).isoformat() for edge in edges[:-1]],
        "active": _distinct(np.searchsorted(edges, day, side="right") - 1, who, len(weeks)),
        "missing_days": missing,
        "places": list(_places(known, level, community, edges, one.move.place)),
    }


def _places(known: Told, level: Level, community: int, edges: Ints, chosen: int) -> Any:
    linked = level.linked
    own = (linked.community == community) & (linked.day >= edges[0]) & (linked.day < edges[-1])
    rows = linked.part(own)
    total = {place: len(np.unique(rows.account[rows.place == place])) for place in np.unique(rows.place).tolist()}
    order = sorted(total, key=lambda place: (place != chosen, -total[place], place))
    for place in order[:MOST_PLACES]:
        mine = rows.part(rows.place == place)
        yield {
            "place": known.scene.places.name[place],
            "kind": known.scene.places.kind[place],
            "accounts": total[place],
            "linked": _distinct(np.searchsorted(edges, mine.day, side="right") - 1, mine.account, len(edges) - 1),
            "moved_to": place == chosen,
        }


def _distinct(week: Ints, who: Any, number: int) -> list[int]:
    pairs = np.unique(np.stack([week.astype(np.uint64), who]), axis=1)
    counts: list[int] = np.bincount(pairs[0].astype(np.int64), minlength=number).tolist()
    return counts


def subjects(one: Found) -> Mapping[str, str]:
    """What the alert is about, first the community."""
    home = {"channel": one.channel} if one.channel else {"platform": one.platform}
    return {**home, "place": one.place}
