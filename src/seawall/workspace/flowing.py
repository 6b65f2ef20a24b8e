"""Links and members of the lake -> flows, and what a page shows of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.brief.flow_content import Flow, FlowPage, Stream
from seawall.brief.words import counted
from seawall.detectors.surge_collected import Collected
from seawall.lake import Lake
from seawall.measures.flow import Flows, flows
from seawall.model import Visibility
from seawall.protocols import Progress
from seawall.workspace.opened import OpenedFolder

COLUMNS = ("message_id", "platform", "channel_id", "account_id", "sent_at", "kind", "visibility", "links")
LEFT_OUT = ("edit", "service")
MOST_COMMUNITIES, MOST_PLACES = 8, 6
Q = 0.05
"""A place up to this q is shown as one that a community moves to."""


def flows_of(
    workspace: OpenedFolder,
    start: datetime | None,
    end: datetime | None,
    period: str,
    progress: Progress | None,
    *,
    whole: bool = False,
) -> Flows:
    """See ``FlowReading.flows``."""
    told = {"table": "messages", "for": "flows", **{key: str(at) for key, at in (("start", start), ("end", end)) if at}}
    workspace.casebook.audit.append(workspace.reviewer, "read", told)
    with workspace.reading() as lake:
        links, members, direct = _read(lake, start, end, progress, whole)
        coverage = _collected(lake, members, start, end)
    if progress is not None:
        progress("counting members", 0, None)
    names = ["at", "channel", "account"]
    found = flows(links, members=members.select(names), period=period, coverage=coverage)
    return replace(found, left_out={**found.left_out, "direct_messages": direct}) if direct else found


def _read(
    lake: Lake, start: datetime | None, end: datetime | None, progress: Progress | None, whole: bool
) -> tuple[pa.Table, pa.Table, int]:
    """A row a link, a row a message, and how many direct messages were left out."""
    links, members, direct, done = [], [], 0, 0
    for batch in lake.reader("messages", COLUMNS, start=start, end=end):
        done += len(batch)
        if progress is not None:
            progress("reading messages", done, None)
        rows = pa.Table.from_batches([batch])
        private = pc.equal(rows["visibility"], Visibility.DIRECT)
        direct += pc.sum(private).as_py() or 0
        rows = rows.filter(pc.invert(pc.or_(private, pc.is_in(rows["kind"], value_set=pa.array(LEFT_OUT)))))
        told = pa.table(
            {
                "at": rows["sent_at"],
                "channel": rows["platform"] if whole else pc.coalesce(rows["channel_id"], rows["platform"]),
                "account": rows["account_id"],
                "message": rows["message_id"],
                "platform": rows["platform"],
            }
        )
        lists = rows["links"].combine_chunks()
        parts = pc.list_flatten(lists)
        columns = {name: pc.struct_field(parts, name) for name in ("url", "domain", "place")}
        linking = told.take(pc.list_parent_indices(lists))
        for name, column in columns.items():
            linking = linking.append_column(name, column)
        links.append(linking)
        members.append(told)
    if not members:
        return _nothing("url", "domain", "place"), _nothing(), 0
    return pa.concat_tables(links), pa.concat_tables(members), direct


def _nothing(*more: str) -> pa.Table:
    words = {name: pa.array([], pa.string()) for name in ("channel", "account", "message", "platform", *more)}
    return pa.table({"at": pa.array([], pa.timestamp("us", "UTC")), **words})


def _collected(lake: Lake, members: pa.Table, start: datetime | None, end: datetime | None) -> pa.Table:
    """What was collected of each community; from its platform's first to last day where nobody stated it."""
    edges = members.group_by("platform").aggregate([("at", "min"), ("at", "max")]).to_pylist()
    spans = {row["platform"]: (_midnight(row["at_min"]), _midnight(row["at_max"]) + timedelta(days=1)) for row in edges}
    known = Collected(lake.reader("coverage").read_all().to_pylist(), spans, start, end)
    rows = []
    for row in members.group_by(["platform", "channel"]).aggregate([]).to_pylist():
        channel = None if row["channel"] == row["platform"] else row["channel"]
        rows += [(row["channel"], begin, stop) for begin, stop in known.of(row["platform"], channel)]
    rows += [(None, begin, stop) for name in spans for begin, stop in known.of(name)]
    moments = pa.timestamp("us", "UTC")
    kinds = (("channel", pa.string()), ("start", moments), ("end", moments))
    return pa.table({name: pa.array([row[part] for row in rows], kind) for part, (name, kind) in enumerate(kinds)})


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def flow_page(workspace: OpenedFolder, found: Flows, command: str | None) -> FlowPage:
    """The page of flows: communities with moves first, then those in which most members wrote."""
    shown = list(flows_shown(found))
    with workspace.reading() as lake:
        version_of_lake = lake.version()
    return FlowPage(
        title=f"Flows: {workspace.path.resolve().name}",
        sentence=sentence(found),
        workspace=workspace.path.resolve().name,
        made_at=datetime.now(UTC),
        lake_version=version_of_lake,
        version=version("seawall"),
        flows=tuple(shown[:MOST_COMMUNITIES]),
        hidden=max(len(shown) - MOST_COMMUNITIES, 0),
        left_out=found.left_out,
        command=command,
    )


def sentence(found: Flows) -> str:
    """What was found, in one sentence."""
    if not len(found):
        return "No message of this time links to a place, so nothing is told of where members link to."
    places = counted(len(pc.unique(found.table["place"])), "place")
    communities = counted(len(pc.unique(found.table["community"])), "community", "communities")
    moves = [row for row in found.moves.to_pylist() if row["q"] <= Q]
    if not moves:
        return f"Members of {communities} link to {places}; nowhere do unusually many of them link to a new one."
    first = moves[0]
    where = f"of {first['community']}" if first["community"] else "of all communities together"
    surest = f"{first['followed']:,} of {first['members']:,} members {where} to {first['place']}"
    return (
        f"Members of {communities} link to {places}; unusually many to {counted(len(moves), 'new one')}, the surest: "
        f"{surest}, {first['expected']:.1f} expected."
    )


def flows_shown(found: Flows, also: Collection[str] = ()) -> Iterator[Flow]:
    """Each community as a picture shows it; ``also``: places that are known to be new and unusually much linked to."""
    moves: set[tuple[str | None, str]] = {(None, place) for place in also}
    moves |= {(row["community"], row["place"]) for row in found.moves.to_pylist() if row["q"] <= Q}
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in found.table.to_pylist():
        rows.setdefault(row["community"], []).append(row)
    periods: dict[str, list[Mapping[str, Any]]] = {}
    for row in found.periods.to_pylist():
        periods.setdefault(row["community"], []).append(row)
    moved = {community for community, _ in moves}
    most = {name: max(row["active"] for row in told) for name, told in periods.items()}
    for name in sorted(rows, key=lambda name: (name not in moved, -most[name], -len(rows[name]), name)):
        yield _flow(found, name, rows[name], periods[name], moves)


def _flow(
    found: Flows,
    name: str,
    rows: Sequence[Mapping[str, Any]],
    periods: Sequence[Mapping[str, Any]],
    moves: set[tuple[str | None, str]],
) -> Flow:
    at = [row["period"] for row in periods]
    number = {when: place for place, when in enumerate(at)}
    linked: dict[str, list[int]] = {}
    for row in rows:
        linked.setdefault(row["place"], [0] * len(at))[number[row["period"]]] = row["linked"]
    kinds = {row["place"]: row["kind"] for row in rows}
    streams = [
        Stream(place, kinds[place], tuple(counts), sum(counts), bool({(name, place), (None, place)} & moves))
        for place, counts in linked.items()
    ]
    streams.sort(key=lambda one: (not one.moved_to, -one.members, one.place))
    return Flow(
        community=name,
        period=found.period,
        at=tuple(at),
        end=at[-1] + timedelta(days=periods[-1]["days"]),
        active=tuple(row["active"] if row["known"] or row["active"] else None for row in periods),
        missing=tuple(row["days"] - row["known"] for row in periods),
        streams=tuple(streams[:MOST_PLACES]),
        hidden=max(len(streams) - MOST_PLACES, 0),
    )
