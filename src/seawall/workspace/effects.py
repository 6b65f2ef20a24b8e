"""Before and after actions, read from the lake: counts by day and channel, coverage, and what people decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.surge_collected import Collected
from seawall.errors import ConfigurationError, InputError
from seawall.lake import Lake
from seawall.measures.bursts.rows import utc_times
from seawall.measures.effects import Effect, Moves, displacement, effect, lives, returns
from seawall.measures.effects.result import joined
from seawall.measures.effects.rows import TIMES, UNITS, named
from seawall.measures.place import place_keys
from seawall.model import UTC_MICROSECONDS, Outcome
from seawall.protocols import Progress
from seawall.workspace.effects_called import Called
from seawall.workspace.opened import OpenedFolder
from seawall.workspace.placing import links_of

MEASURES = ("messages", "accounts", "forwards", "new channels")
"""What is counted of a day: messages, accounts that wrote, reposts; and of a platform, channels that began."""
NEW = "new channels"
DECIDED = "These are the days on which reviewers decided to refer, not those on which a platform acted."
ACTIONS = pa.schema([("at", UTC_MICROSECONDS), ("unit", pa.string()), ("action", pa.string())])
_DAYS = """
SELECT date_trunc('day', sent_at) AS at, platform, coalesce(channel_id, platform) AS unit, count(*) AS messages,
       count(DISTINCT account_id) AS accounts, count(*) FILTER (kind = 'repost') AS forwards
FROM messages WHERE visibility <> 'direct' AND kind NOT IN ('edit', 'service') GROUP BY ALL ORDER BY ALL
"""
PASSED_THROUGH = ("shortener", "infrastructure")
"""Roles of places to which nobody goes to stay."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class EffectFound:
    """What a workspace tells of before and after.

    ``effect``, ``displacement``, ``returns``, ``lives``: see ``seawall.measures``. ``linked``: displacement by where
    links lead, shorteners and infrastructure left out. ``left_out``: what was not looked
    at, by reason, with its count. ``names``: titles, or handles, of channels that may be named. ``doubt``: sentences
    that hold for all of it. ``platforms``: whose records these are.
    """

    effect: Effect
    displacement: Moves
    linked: Moves
    returns: Moves
    lives: Moves
    left_out: dict[str, int]
    names: dict[str, str]
    doubt: tuple[str, ...]
    platforms: tuple[str, ...]
    lake_version: str


def effect_of(
    workspace: OpenedFolder,
    actions: Any,
    decisions: bool,
    controls: Collection[str] | None,
    measures: Sequence[str] | None,
    window: int,
    progress: Progress | None,
) -> EffectFound:
    """See ``EffectReading.effect``."""
    chosen = _checked(measures, actions, decisions)
    told = {"table": "messages", "for": "effect", "measures": list(chosen), "decisions": decisions}
    workspace.casebook.audit.append(workspace.reviewer, "read", told)
    _tell(progress, "reading messages")
    with workspace.reading() as lake:
        days = lake.query(
            _DAYS, {"messages": ["sent_at", "platform", "channel_id", "account_id", "kind", "visibility"]}
        )
        channels = lake.reader("channels").read_all()
        coverage = lake.reader("coverage").read_all().to_pylist()
        left_out: Counter[str] = Counter()
        given = _decided(workspace) if decisions else _given(actions)
        called = Called(workspace.path, channels, days)
        asked = _resolved(given, called, left_out)
        spared = None if controls is None else _spared(controls, called)
        active = _active(lake, asked, window)
        version = lake.version()
    _tell(progress, "holding before against after")
    days = _whole_days(days)
    gaps = _gaps(days, coverage)
    found = effect(_long(days, chosen), asked, controls=spared, window=window, gaps=gaps)
    if NEW in chosen:
        born = effect(_born(channels, days), _of_platforms(asked, days), window=window, gaps=gaps)
        found = joined([found, born])
    _tell(progress, "following accounts")
    moves = displacement(active, asked, window=window)
    linked = displacement(_linking(workspace, active, asked, window), asked, window=window)
    back = returns(active, asked, window=window, silent=min(7, window - 1))
    lived = lives(_spells(channels), asked, window=window)
    for part in (found, moves, linked, back, lived):
        left_out |= Counter({row["reason"]: row["count"] for row in part.left_out.to_pylist()})  # one reason, one count
    doubt = (DECIDED,) if decisions else ()
    platforms = tuple(sorted(set(days["platform"].to_pylist())))
    return EffectFound(found, moves, linked, back, lived, dict(left_out), _names(channels), doubt, platforms, version)


def _checked(measures: Sequence[str] | None, actions: Any, decisions: bool) -> tuple[str, ...]:
    if (actions is None) == (not decisions):
        raise ConfigurationError(
            "It must be told what was done: actions, or decisions, and not both.", where="actions",
            mend="Give a table of actions, or ask for the decisions of this workspace.",
        )  # fmt: skip
    chosen = tuple(dict.fromkeys(measures or MEASURES))
    if not set(chosen) <= set(MEASURES):
        raise ConfigurationError(
            "A measure does not exist.", where="measures", mend=f"Choose from: {', '.join(MEASURES)}."
        )
    return chosen


def _given(actions: Any) -> pa.Table:
    """``ACTIONS`` of a table ``at`` (or ``date``), ``channel`` (or ``unit``), ``kind`` or ``action``, as told."""
    table = named(actions, {"at": TIMES}, "actions")
    rows = len(table)
    unit = next((table[name] for name in UNITS if name in table.column_names), None)
    name = next((table[one] for one in ("action", "kind") if one in table.column_names), None)
    nothing = pa.nulls(rows, pa.string())
    at = utc_times(table["at"], "actions, column at")
    day = pc.strftime(at, format="%Y-%m-%d")
    called = nothing if name is None else pc.binary_join_element_wise(name.cast(pa.string()), day, " ")
    return pa.table([at, nothing if unit is None else unit.cast(pa.string()), called], schema=ACTIONS)


def _decided(workspace: OpenedFolder) -> pa.Table:
    """Cases that were referred, at the time of the decision, with the channels that their alerts speak of."""
    alerts = workspace.casebook.alerts()
    subjects: dict[str, set[str]] = {}
    for row in alerts.select(["case_id", "subjects"]).to_pylist():
        found = {one["id"] for one in row["subjects"] if one["kind"] in ("channel", "platform")}
        subjects.setdefault(row["case_id"], set()).update(found)
    rows = [
        {"at": case["decided_at"], "unit": unit, "action": f"case {case['case_id']}"}
        for case in workspace.casebook.cases(viewer=workspace.reviewer).to_pylist()
        if case["outcome"] == Outcome.REFER.value and case["decided_at"] is not None
        for unit in sorted(subjects.get(case["case_id"], ()))
    ]
    if not rows:
        raise InputError(
            "No case was referred whose alerts speak of a channel.", where="decisions",
            mend="Give a table of actions instead, or decide cases first.",
        )  # fmt: skip
    return pa.Table.from_pylist(rows, ACTIONS)


def _resolved(given: pa.Table, named: Called, left_out: Counter[str]) -> pa.Table:
    """The actions with units of the lake; those on unknown channels are left out."""
    rows = []
    for row in given.to_pylist():
        units = [None] if row["unit"] is None else named.units(row["unit"])
        if not units:
            left_out["an action on a channel that is not in this workspace"] += 1
        rows += [row | {"unit": unit} for unit in units]
    if not rows:
        raise InputError(
            "No action is on a channel or platform of this workspace.", where="actions",
            mend="Name channels by their id, handle or title, platforms by their name, or leave the channel empty.",
        )  # fmt: skip
    return pa.Table.from_pylist(rows, ACTIONS)


def _spared(names: Collection[str], named: Called) -> list[str]:
    found = [named.units(name) for name in names]
    if not all(found):
        raise InputError(
            "A control is no channel or platform of this workspace.", where="controls",
            mend="Name channels by their id, handle or title, or platforms.",
        )  # fmt: skip
    return list(dict.fromkeys(unit for units in found for unit in units))


def _whole_days(days: pa.Table) -> pa.Table:
    """Without the first and the last day of all, of which only a part may be there."""
    first, last = (one.as_py() for one in pc.min_max(days["at"]).values()) if len(days) else (None, None)
    if first is None or last - first < 3 * _DAY:
        raise InputError("There are too few days with messages.", where="the lake", mend="Add more records first.")
    inside = pc.and_(pc.greater(days["at"], pa.scalar(first)), pc.less(days["at"], pa.scalar(last)))
    return days.filter(inside)


def _long(days: pa.Table, measures: Sequence[str]) -> pa.Table:
    """``at, unit, measure, value``: a row for each measure of channels."""
    empty = pa.table({name: days[name][:0] for name in ("at", "unit")}).append_column("value", pa.array([], pa.int64()))
    parts = [empty.append_column("measure", pa.array([], pa.string()))]
    for measure in measures:
        if measure != NEW:
            value = days[measure].cast(pa.int64())
            named_so = pa.array([measure] * len(days), pa.string())
            parts.append(pa.table({"at": days["at"], "unit": days["unit"], "value": value, "measure": named_so}))
    return pa.concat_tables(parts)


def _born(channels: pa.Table, days: pa.Table) -> pa.Table:
    """Channels that began, by day and platform, from the first day with messages to the last."""
    first, last = (one.as_py() for one in pc.min_max(days["at"]).values())
    at = pc.floor_temporal(channels["created_at"], unit="day")
    inside = pc.and_(pc.greater_equal(at, pa.scalar(first, at.type)), pc.less_equal(at, pa.scalar(last, at.type)))
    began = pa.table({"at": at, "unit": channels["platform"]}).filter(pc.fill_null(inside, False))
    platforms = sorted(set(days["platform"].to_pylist()))
    ends = [{"at": at, "unit": platform, "value": 0} for platform in platforms for at in (first, last)]
    told = began.append_column("value", pa.array([1] * len(began), pa.int64()))
    both = pa.concat_tables([told, pa.Table.from_pylist(ends, told.schema)])
    return both.append_column("measure", pa.array([NEW] * len(both), pa.string()))


def _of_platforms(asked: pa.Table, days: pa.Table) -> pa.Table:
    """The actions, on the platforms of their channels."""
    home = dict(zip(days["unit"].to_pylist(), days["platform"].to_pylist(), strict=True))
    rows = {(row["at"], row["unit"] and home.get(row["unit"]), row["action"]): None for row in asked.to_pylist()}
    return pa.Table.from_pylist([dict(zip(ACTIONS.names, one, strict=True)) for one in rows], ACTIONS)


def _gaps(days: pa.Table, coverage: Sequence[dict[str, Any]]) -> pa.Table:
    """When a channel, or a platform, was not collected, as far as anybody tells."""
    first, last = (one.as_py() for one in pc.min_max(days["at"]).values())
    whole = (first, last + _DAY)
    homes = dict(zip(days["unit"].to_pylist(), days["platform"].to_pylist(), strict=True))
    homes |= {platform: platform for platform in homes.values()}
    told = {row["platform"] for row in coverage}
    collected = Collected(coverage, dict.fromkeys(set(homes.values()), whole), *whole)
    rows = []
    for unit, platform in homes.items():
        begin: datetime = first
        for start, end in [*(collected.of(platform, unit) if platform in told else [whole]), (whole[1], whole[1])]:
            if start > begin:
                rows.append({"unit": unit, "start": begin, "end": start})
            begin = max(begin, end)
    return pa.Table.from_pylist(
        rows, pa.schema([("unit", pa.string()), ("start", UTC_MICROSECONDS), ("end", UTC_MICROSECONDS)])
    )


def _active(lake: Lake, asked: pa.Table, window: int) -> pa.Table:
    """Who wrote where, around all actions."""
    first, last = (one.as_py() for one in pc.min_max(asked["at"]).values())
    around = (window + 1) * _DAY
    rows = lake.reader(
        "messages", ["sent_at", "account_id", "channel_id", "platform", "visibility", "kind"],
        start=first - around, end=last + around, where="visibility <> 'direct' AND kind NOT IN ('edit', 'service')",
    ).read_all()  # fmt: skip
    return pa.table({
        "at": rows["sent_at"], "account": rows["account_id"],
        "unit": pc.coalesce(rows["channel_id"], rows["platform"]),
    })  # fmt: skip


def _linking(workspace: OpenedFolder, active: pa.Table, asked: pa.Table, window: int) -> pa.Table:
    """Who wrote where, and to which place each link of it leads."""
    first, last = (one.as_py() for one in pc.min_max(asked["at"]).values())
    around = (window + 1) * _DAY
    links = links_of(workspace, first - around, last + around, None, None, "effect")
    keys = place_keys(links.select(["url", "domain", "place"]))
    passing = pc.is_in(keys["role"], value_set=pa.array(PASSED_THROUGH))
    leading = pa.table({
        "at": links["at"], "account": links["account"], "unit": pc.coalesce(links["channel"], links["platform"]),
        "destination": pc.if_else(passing, pa.scalar(None, pa.string()), keys["place"]),
    })  # fmt: skip
    silent = active.append_column("destination", pa.nulls(len(active), pa.string()))
    return pa.concat_tables([silent, leading.cast(silent.schema)])


def _spells(channels: pa.Table) -> pa.Table:
    born = channels.filter(pc.is_valid(channels["created_at"]))
    return pa.table({"start": born["created_at"], "end": born["ended_at"]})


def _names(channels: pa.Table) -> dict[str, str]:
    rows = zip(*(channels[name].to_pylist() for name in ("channel_id", "title", "handle")), strict=True)
    return {unit: title or handle for unit, title, handle in rows if title or handle}


def _tell(progress: Progress | None, what: str) -> None:
    if progress is not None:
        progress(what, 0, None)
