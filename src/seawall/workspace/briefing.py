"""Gathers what a brief says: from lake, casebook and detectors, for someone who was not there."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.brief import (
    AlertShown,
    BriefContent,
    CaseShown,
    DecisionShown,
    Evidence,
    Gap,
    InputRead,
    Method,
    Network,
    SpreadShown,
    Timeline,
    render,
)
from seawall.casebook import CaseFile, KeptAlert
from seawall.detectors import DETECTORS
from seawall.detectors.surge_collected import Collected
from seawall.lake import Lake
from seawall.lake.among import among
from seawall.measures import expectation
from seawall.workspace.behind import Held, held, wanted
from seawall.workspace.brief_digests import BRIEFS, keep_digest
from seawall.workspace.coverage import STATED
from seawall.workspace.funnel_shown import funnel_of
from seawall.workspace.going import going_of
from seawall.workspace.moves_shown import flow_of, succession_of, uptake_of
from seawall.workspace.pictures import (
    edges_of,
    multiples_of,
    network_of,
    overall_network,
    shared_of,
    timeline_of,
    windows_of,
)
from seawall.workspace.settings import disk_refused, write_private
from seawall.workspace.spread_shown import spreads_of

if TYPE_CHECKING:
    from seawall.workspace.workspace import Workspace

MOST_CASES = 40
MOST_EVIDENCE = 8
HIDDEN = "The reason is hidden until a second person has decided."
PARTS = ("seawall", "deltalake", "duckdb", "numba", "numpy", "pyarrow", "scipy")


def write_brief(workspace: Workspace, out: Path | None) -> Path:
    """Write the brief of the workspace as it is now; where it was written.

    Raises:
        StorageError: the file cannot be written.
    """
    content = gather(workspace)
    path = out or workspace.path / "briefs" / f"{content.made_at:%Y-%m-%d-%H%M%S}.html"
    try:
        path.unlink(missing_ok=True)
        page = render(content)
        if path.parent == workspace.path / BRIEFS:
            keep_digest(workspace.path, path.name, page)
        write_private(path, page)
    except OSError as error:
        raise disk_refused(error, path) from error
    return path


def gather(workspace: Workspace) -> BriefContent:
    """All that the brief says, as plain data."""
    files = workspace.casebook.settled_files()
    shown = files[:MOST_CASES]
    going = going_of(workspace, files)
    with workspace.reading() as lake:
        evidence = _evidence(lake, shown)
        spreads = spreads_of(lake, shown)
        alerts = [kept for file in files for kept in file.alerts]
        behind = held(lake, wanted(edges_of(kept.alert for kept in alerts)))
        folder = workspace.path.resolve().name
        return BriefContent(
            title=f"Brief: {workspace.path.resolve().name}",
            workspace=workspace.path.resolve().name,
            made_at=datetime.now(UTC),
            lake_version=lake.version(),
            versions={part: version(part) for part in PARTS} | {"Python": platform.python_version()},
            messages=lake.count("messages"),
            accounts=lake.count("accounts"),
            channels=_channels(lake),
            inputs=tuple(_inputs(lake)),
            gaps=tuple(_gaps(lake)),
            timelines=tuple(_timelines(lake, alerts)),
            network=overall_network(alerts, behind, folder),
            going=going,
            cases=tuple(_case(file, evidence, behind, folder, spreads) for file in shown),
            cases_total=len(files),
            methods=tuple(_methods(alerts)),
            commands=_commands(workspace, lake),
        )


def _channels(lake: Lake) -> int:
    counted = lake.query("SELECT count(DISTINCT channel_id) AS channels FROM messages", {"messages": ("channel_id",)})
    return int(counted["channels"][0].as_py())


def _inputs(lake: Lake) -> Iterator[InputRead]:
    batches = lake.query(
        "SELECT feed, any_value(source) AS source, any_value(platform) AS platform, sum(records) AS records, "
        "sum(kept) AS kept, sum(rejected) AS rejected, sum(duplicate) AS duplicate FROM batches "
        "WHERE source <> 'stated' GROUP BY feed ORDER BY min(committed_at), feed",
        {"batches": ("feed", "source", "platform", "records", "kept", "rejected", "duplicate", "committed_at")},
    ).to_pylist()
    reasons = lake.query(
        "SELECT file, field || ': ' || reason AS reason, count(*) AS records FROM quarantine "
        "GROUP BY ALL ORDER BY records DESC, reason",
        {"quarantine": ("file", "field", "reason")},
    ).to_pylist()
    spans = {
        row["file"]: row
        for row in lake.query(
            "SELECT raw_ref.file AS file, min(sent_at) AS first, max(sent_at) AS last FROM messages GROUP BY ALL",
            {"messages": ("raw_ref", "sent_at")},
        ).to_pylist()
    }
    for row in batches:
        file = row["feed"].split(":")[1][:16]
        span = spans.get(file, {})
        yield InputRead(
            label=f"input {file[:8]}",
            source=row["source"],
            platform=row["platform"],
            records=int(row["records"]),
            kept=int(row["kept"]),
            rejected=int(row["rejected"]),
            duplicate=int(row["duplicate"]),
            first=span.get("first"),
            last=span.get("last"),
            reasons=tuple((reason["reason"], reason["records"]) for reason in reasons if reason["file"] == file),
        )


def _gaps(lake: Lake) -> Iterator[Gap]:
    rows = lake.reader("coverage").read_all().to_pylist()
    for row in sorted(rows, key=lambda row: (row["platform"], row["start"])):
        if not row["complete"]:
            how = "stated by a person" if row["how"] == STATED else row["how"]
            yield Gap(source=row["platform"], start=row["start"], end=row["end"], how=how)


def _timelines(lake: Lake, alerts: Sequence[KeptAlert]) -> Iterator[Timeline]:
    """Messages a day of each platform, with what was expected and the surges that were found."""
    counts = lake.query(
        "SELECT platform AS series, date_trunc('day', sent_at) AS at, count(*) AS count FROM messages GROUP BY ALL",
        {"messages": ("platform", "sent_at")},
    )
    if not counts.num_rows:
        return
    expected = expectation(counts, bin="1d", coverage=_collected(lake))
    for name in pc.unique(expected["series"]).to_pylist():
        rows = expected.filter(pc.equal(expected["series"], name))
        yield Timeline(
            title=f"Messages on {name}",
            unit="messages per day",
            source="all messages in the lake; a day ends at midnight UTC",
            bin=timedelta(days=1),
            at=tuple(rows["at"].to_pylist()),
            observed=tuple(rows["observed"].to_pylist()),
            **{name: _told(rows[name]) for name in ("expected", "low", "high")},
            windows=windows_of(alerts, platform=name),
        )


def _told(column: pa.ChunkedArray) -> tuple[float | None, ...]:
    """The values; nothing at all where none is known."""
    return tuple(column.to_pylist()) if column.null_count < len(column) else ()


def _collected(lake: Lake) -> pa.Table:
    """What was collected of each platform; from first to last message where nobody stated it."""
    spans = lake.query(
        "SELECT platform, min(sent_at) AS start, max(sent_at) AS last FROM messages GROUP BY ALL",
        {"messages": ("platform", "sent_at")},
    ).to_pylist()
    known = Collected(
        lake.reader("coverage").read_all().to_pylist(),
        {row["platform"]: (_day(row["start"]), _day(row["last"]) + timedelta(days=1)) for row in spans},
    )
    rows = [(row["platform"], *interval) for row in spans for interval in known.of(row["platform"])]
    return pa.table(dict(zip(("series", "start", "end"), map(list, zip(*rows, strict=True)), strict=True)))


def _day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _evidence(lake: Lake, files: Sequence[CaseFile]) -> dict[str, Evidence]:
    """The messages that the shown alerts rest on, by id."""
    wanted = [id_ for file in files for kept in file.alerts for id_ in kept.alert.evidence[:MOST_EVIDENCE]]
    if not wanted:
        return {}
    columns = ("message_id", "sent_at", "account_id", "channel_id", "visibility", "language", "text")
    kinds = {
        row["channel_id"]: row["kind"] for row in lake.reader("channels", ("channel_id", "kind")).read_all().to_pylist()
    }
    rows = lake.reader("messages", columns, where=among("message_id", wanted)).read_all().to_pylist()
    return {
        row["message_id"]: Evidence(
            id=row["message_id"],
            at=row["sent_at"],
            account=row["account_id"],
            channel=row["channel_id"],
            channel_kind=kinds.get(row["channel_id"]),
            visibility=row["visibility"],
            language=row["language"],
            text=row["text"],
        )
        for row in rows
    }


def _case(
    file: CaseFile, evidence: Mapping[str, Evidence], behind: Held, folder: str, spreads: Mapping[str, SpreadShown]
) -> CaseShown:
    case = file.case
    return CaseShown(
        case_id=case.case_id,
        status=case.status,
        severity=case.severity,
        confidence=case.confidence,
        sentence=case.sentence,
        start=case.start,
        end=case.end,
        alerts=tuple(
            replace(_alert(kept, evidence, network_of(kept.alert, behind, folder)), spread=spreads.get(kept.alert_id))
            for kept in file.alerts
        ),
        decisions=tuple(
            DecisionShown(
                made.reviewer, made.at, made.outcome.value, made.stage, HIDDEN if made.hidden else made.reason
            )
            for made in case.decisions
        ),
    )


def _alert(kept: KeptAlert, evidence: Mapping[str, Evidence], network: Network | None) -> AlertShown:
    alert = kept.alert
    interval = alert.details.get("factor_interval") or (None, None)
    return AlertShown(
        alert_id=kept.alert_id,
        revision=kept.revision,
        detector=alert.detector,
        version=alert.version,
        sentence=alert.sentence,
        start=alert.start,
        end=alert.end,
        score=alert.score,
        observed=alert.observed,
        expected=alert.expected,
        p=alert.p,
        q=alert.q,
        factor=alert.details.get("factor"),
        factor_low=interval[0],
        factor_high=interval[1],
        doubt=alert.doubt,
        evidence=tuple(evidence[id_] for id_ in alert.evidence[:MOST_EVIDENCE] if id_ in evidence),
        evidence_total=len(alert.evidence),
        timeline=timeline_of(alert),
        network=network,
        multiples=multiples_of(alert),
        shared=tuple(shared_of(alert)),
        funnel=funnel_of(alert),
        flow=flow_of(alert),
        uptake=uptake_of(alert),
        succession=succession_of(alert),
    )


def _methods(alerts: Sequence[KeptAlert]) -> Iterator[Method]:
    """The detectors with the parameters that they ran with, those without an alert with their usual ones."""
    for detector in DETECTORS:
        ran = {str(kept.alert.parameters): kept.alert for kept in alerts if kept.alert.detector == detector.name}
        about = (type(detector).__doc__ or "").strip().splitlines()[0]
        usual: dict[str, Any] = asdict(detector)  # type: ignore[call-overload]
        for parameters in [dict(alert.parameters) for alert in ran.values()] or [usual]:
            yield Method(detector.name, detector.version, about, parameters)


def _commands(workspace: Workspace, lake: Lake) -> tuple[str, ...]:
    name = workspace.path.name
    inputs = lake.query("SELECT count(DISTINCT feed) AS feeds FROM batches", {"batches": ("feed",)})["feeds"][0].as_py()
    return (
        f"seawall init {name}",
        f"seawall add {name} FILE   # the {inputs} inputs above, in their order, with the same options",
        f"seawall detect {name}",
        f"seawall brief {name}",
    )
