"""Surges on real data: NAB's tweets, TCPD's change points, crises in the news, and the busiest days of the IRA set."""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from benchmarks.table import Row
from seawall.measures import SurgeStream, surges
from seawall.measures.levels import change_points

NAME = "Surges in real data"
DATA = Path(os.environ.get("SEAWALL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
FIXED_THRESHOLD = SurgeStream.ALERT
"""Of the stream: ``SurgeStream.ALERT``. What it means, once in ten days, was chosen with these five series in sight."""
CUT = (("2016-09-15", "2016-11-16"), ("2017-07-15", "2017-09-16"))
"""Days that the IRA set leaves out, [start, end)."""
BUSIEST = 10
DAY = timedelta(days=1)
PAST_DAYS = 120
LEAST_PAST = timedelta(weeks=8)
"""Of a series, before which no confident answer is wanted."""


def tool(name: str) -> ModuleType:
    """A scoring program of the shared tools, as a module."""
    path = DATA.parent / "tools" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def nab_rows() -> Iterator[Row]:
    """The five series, streamed, at the best threshold and at the fixed one."""
    scorer, folder = tool("nab_score"), DATA / "surges" / "nab"
    corpus = {}
    for name, windows in json.loads((folder / "windows.json").read_text()).items():
        corpus[name] = streamed(scorer, folder / Path(name).name, windows)
    peers = json.loads((DATA / "surges" / "nab_peers_dev.json").read_text())["detectors"]
    for what, key, threshold in (
        ("best threshold for these series", "best_threshold_on_these_series", None),
        ("threshold fixed beforehand", "published_corpus_threshold", FIXED_THRESHOLD),
    ):
        best = max(peers, key=lambda peer: peers[peer]["standard"][key]["normalised"])
        reached = peers[best]["standard"][key]["normalised"]
        result = scorer.evaluate(corpus, "standard", threshold)
        note = f"{result.found} of {result.windows} windows, {result.false_positive_rows} false rows; streaming form"
        claim, bound = f"NAB, 5 series of tweets, standard, {what}", f">= {np.ceil(reached * 100) / 100:.2f}"
        yield Row(claim, result.normalised, "", bound, best, reached, note)


def streamed(scorer: ModuleType, path: Path, windows: list[list[str]]) -> Any:
    """One file's scores as the scorer takes them."""
    stream = SurgeStream(bin="5m")
    with path.open(newline="") as handle:
        rows = [(datetime.fromisoformat(row["timestamp"]), int(float(row["value"]))) for row in csv.DictReader(handle)]
    times = np.array([at for at, _ in rows], dtype="datetime64[us]")
    ranges = []
    for window in windows:
        inside = np.flatnonzero((times >= np.datetime64(window[0])) & (times <= np.datetime64(window[1])))
        ranges.append((int(inside[0]), int(inside[-1])))
    return scorer.Series(np.array([stream.update(at, count) for at, count in rows]), ranges)


def tcpd_rows() -> Iterator[Row]:
    """Cover and F1 of the change points, on all series and without those that are synthetic."""
    scorer, folder = tool("cover"), DATA / "surges" / "tcpd"
    annotations = json.loads((folder / "annotations.json").read_text())
    peers = json.loads((DATA / "surges" / "tcpd_peers_dev.json").read_text())
    found, lengths = {}, {}
    for name in peers["series"]:
        values = series_of(json.loads((folder / f"{name}.json").read_text()))
        found[name], lengths[name] = [int(point) for point in change_points(values)], len(values)
    real, default = peers["mean_published_selection"], peers["published_default"]["mean"]
    fewer = [name for name in peers["series"] if name not in default["binseg"]["without"]]
    groups = (
        ("16 series", peers["series"], peers["mean"]),
        ("12 real series", real["series"], {**real["mean"], **published(real["published_default_mean"])}),
        ("15 series with published results", fewer, published(default)),
    )
    for what, names, means in groups:
        mean, _ = scorer.score_all(annotations, found, {name: lengths[name] for name in names})
        for measure in ("cover", "f1"):
            best = max(means, key=lambda peer: means[peer][measure])
            bound, note = (
                f">= {means[best][measure]}",
                f"precision {mean['precision']:.3f}, recall {mean['recall']:.3f}",
            )
            yield Row(f"TCPD {measure}, {what}", mean[measure], "", bound, best, means[best][measure], note)


def published(means: Mapping[str, Any]) -> dict[str, Any]:
    """Published default results, named as such."""
    return {f"{peer} as published": mean for peer, mean in means.items()}


def series_of(told: Mapping[str, Any]) -> np.ndarray:
    """The values of a series, one column a dimension; missing ones are NaN."""
    columns = [[np.nan if value is None else float(value) for value in one["raw"]] for one in told["series"]]
    values = np.array(columns).T
    return values[:, 0] if values.shape[1] == 1 else values


def ira_rows() -> Iterator[Row]:
    """The busiest days of all messages, and the busiest of each language."""
    table = pq.read_table(DATA / "ira" / "ira_dev.parquet", columns=["language", "publish_date"])
    at = pc.floor_temporal(table["publish_date"], unit="day")
    days = pa.table({"at": at, "language": table["language"], "all": pa.array(["all"] * len(table))})
    coverage = covered(pc.min(at).as_py(), pc.max(at).as_py() + DAY)
    for what, key, many, bound in (
        ("the busiest day of all messages", "all", 1, ">= 1"),
        ("the busiest day of each language", "language", 1, ">= 1"),
        ("the ten busiest days of all messages", "all", BUSIEST, None),
    ):
        counts = counted(days.filter(pc.is_valid(days[key])), key)
        names = [name for name, total in totals(counts).items() if total >= 10_000]
        windows = surges(counts, bin="1d", coverage=coverage).to_pylist()
        wanted = [(name, day) for name in names for day in busiest(counts, name, many)]
        hit = [pair for pair in wanted if inside(windows, *pair)]
        missed = ", ".join(f"{day:%Y-%m-%d}" for name, day in wanted if (name, day) not in hit)
        note = f"{len(hit)} of {len(wanted)}; {len(windows)} windows" + (f"; not in one: {missed}" if missed else "")
        yield Row(f"IRA: in a window, {what}", len(hit) / len(wanted), "", bound, note=note)


def media_rows() -> Iterator[Row]:
    """The busiest days of the IRA on each of three platforms."""
    table = pa.csv.read_csv(DATA / "surges" / "ira_3media" / "ts_data.csv").to_pylist()
    at = [datetime.strptime(row["date"], "%m/%d/%Y") for row in table]  # noqa: DTZ007 (days of no stated zone)
    columns = ("sock_fb", "sock_tw", "sock_reddit")
    rows = [
        (name, day, int(row[name]))
        for row, day in zip(table, at, strict=True)
        for name in columns
        if row[name] not in (None, "NA")
    ]
    counts = pa.table(
        dict(zip(("series", "at", "count"), (list(part) for part in zip(*rows, strict=True)), strict=True))
    )
    coverage = pa.table({"series": counts["series"], "start": counts["at"], "end": [day + DAY for _, day, _ in rows]})
    windows = surges(counts, bin="1d", coverage=coverage).to_pylist()
    later = counts.filter(pc.greater_equal(counts["at"], pa.scalar(min(at) + LEAST_PAST)))
    wanted = [(name, day) for name in columns for day in busiest(later, name, 1)]
    hit = [inside(windows, name, day) for name, day in wanted]
    days = ", ".join(
        f"{day:%Y-%m-%d} {'found' if found else 'not found'}" for (_, day), found in zip(wanted, hit, strict=True)
    )
    note = f"Facebook advertisements, tweets, Reddit posts, after the first eight weeks: {days}"
    yield Row("IRA: in a window, the busiest day of each platform", float(np.mean(hit)), "", ">= 1", note=note)


def crisis_rows(seed: int = 9001) -> Iterator[Row]:
    """Crises after an ordinary past that is simulated, because the set begins with the event."""
    table = pq.read_table(DATA / "surges" / "crisislex" / "t26_dev.parquet", columns=["event", "timestamp"])
    at = pc.floor_temporal(table["timestamp"], unit="day")
    counts = counted(pa.table({"event": table["event"], "at": at}), "event")
    windows = surges(pa.concat_tables([simulated_past(counts, seed), counts]), bin="1d").to_pylist()
    hit = [inside(windows, name, day) for name in sorted(totals(counts)) for day in busiest(counts, name, 1)]
    note = f"{sum(hit)} of {len(hit)} crises; {PAST_DAYS} ordinary days before each are simulated at its quietest level"
    yield Row("CrisisLex: the busiest day of each crisis in a window", float(np.mean(hit)), "", ">= 1", note=note)


def simulated_past(counts: pa.Table, seed: int) -> pa.Table:
    """Ordinary days before the first of each series, at the level of its quietest days."""
    rng, rows = np.random.default_rng(seed), []
    for name in sorted(totals(counts)):
        begin, level = ordinary(counts, name)
        drawn = rng.negative_binomial(5, 5 / (5 + level), PAST_DAYS)
        rows += [(name, begin - DAY * (back + 1), count) for back, count in enumerate(drawn.tolist())]
    names, days, values = zip(*rows, strict=True)
    return pa.table({"series": names, "at": days, "count": values}).cast(counts.schema)


def ordinary(counts: pa.Table, name: str) -> tuple[datetime, float]:
    """The first day of an event, and the mean of its quietest quarter of days."""
    mine = counts.filter(pc.equal(counts["series"], name))
    values = np.sort(mine["count"].to_numpy())
    return pc.min(mine["at"]).as_py(), float(values[: max(len(values) // 4, 1)].mean())


def counted(days: pa.Table, key: str) -> pa.Table:
    """Messages a day of each value of ``key``."""
    sums = days.group_by([key, "at"]).aggregate([([], "count_all")])
    return pa.table({"series": sums[key], "at": sums["at"], "count": sums["count_all"]})


def totals(counts: pa.Table) -> dict[str, int]:
    """Messages of each series."""
    sums = counts.group_by("series").aggregate([("count", "sum")])
    return dict(zip(sums["series"].to_pylist(), sums["count_sum"].to_pylist(), strict=True))


def busiest(counts: pa.Table, name: str, many: int) -> list[datetime]:
    """The busiest days of a series."""
    mine = counts.filter(pc.equal(counts["series"], name)).sort_by([("count", "descending")])
    return [day.replace(tzinfo=None) for day in mine["at"][:many].to_pylist()]


def inside(windows: list[dict[str, Any]], name: str, day: datetime) -> bool:
    """Whether a day lies in a window upwards of its series."""
    return any(
        row["series"] == name and row["direction"] == "up"
        and row["start"].replace(tzinfo=None) <= day < row["end"].replace(tzinfo=None)
        for row in windows
    )  # fmt: skip


def covered(begin: datetime, end: datetime) -> pa.Table:
    """What the IRA set covers: everything but the two stretches that are cut out."""
    zone = begin.tzinfo
    cuts = [tuple(datetime.fromisoformat(day).replace(tzinfo=zone) for day in cut) for cut in CUT]
    starts, ends = [begin, *(after for _, after in cuts)], [*(first for first, _ in cuts), end]
    return pa.table({"series": pa.nulls(len(starts), pa.string()), "start": starts, "end": ends})


def run() -> list[Row]:
    """The figures, in about a minute; nothing where the shared data are absent."""
    if not (DATA / "surges").exists():
        return []
    return [*nab_rows(), *tcpd_rows(), *ira_rows(), *media_rows(), *crisis_rows()]
