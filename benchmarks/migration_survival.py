"""How long things live: a known median, equality with lifelines, speed, and how often the bands hold the truth."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv

from benchmarks.survival_peer import ask, present
from benchmarks.survival_world import SETTINGS, Lives
from benchmarks.table import Row
from seawall.measures import survival
from seawall.measures.lifetimes import median
from seawall.measures.lifetimes.bands import share_limits

NAME = "Migration: survival"

DATA = Path(os.environ.get("SEAWALL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
WORLDS, SEEDS = 400, 9_000
TABLES = 200
MILLION = 1_000_000
EVERY = 997
SHARES = (0.75, 0.5, 0.25)
"""Bands are asked at the ages that these parts of all lives outlast."""
COLUMNS = ("time", "survival", "low", "high", "at_risk")
Floats = npt.NDArray[np.float64]


def run() -> list[Row]:
    """All of them."""
    return [*_known(), *_equal(), *_speed(), *(row for lives in SETTINGS for row in _coverage(lives))]


def _known() -> list[Row]:
    """The listed addresses, whose median is known."""
    path = DATA / "survival" / "searx_instances_spells.csv"
    if not path.exists():
        return []
    options = pa_csv.ConvertOptions(column_types={"added": pa.string(), "ended": pa.string()})
    spells = pa_csv.read_csv(path, convert_options=options).select(["added", "ended", "removed"])
    spells = spells.rename_columns(["start", "end", "event"])
    (row,) = median(spells).to_pylist()
    curve = survival(spells)
    note = f"{row['spells']:,} spells, {row['ended']:,} ended; 95 % {row['low']:.1f} to {row['high']:.1f}; known: 217"
    told: dict[str, Any] = {}
    if present():
        times = [pa.compute.cast(spells[name], pa.timestamp("us", "UTC")).cast(pa.int64()) for name in ("start", "end")]
        days = (times[1].to_numpy() - times[0].to_numpy()) / 86.4e9
        (told,) = ask([{"what": "curve", "time": days.tolist(), "event": spells["event"].to_pylist()}])
        worst = max(_apart(curve, told).values())
        note += f"; curve, bands and numbers at risk differ from lifelines by {worst:.0e} at most"
    peer = "lifelines" if told else None
    return [
        Row(
            "median survival of the listed addresses",
            row["age"],
            "days",
            "within 217 218",
            peer,
            told.get("median"),
            note,
        )
    ]


def _equal() -> list[Row]:
    """Curves of many small tables beside lifelines': with ties and without, with delayed entry and without."""
    if not present():
        return []
    tables, cases = [], []
    for number in range(TABLES):
        random = np.random.default_rng([SEEDS, number])
        size, tied, delayed = int(random.integers(2, 300)), number % 2 == 1, number % 4 > 1
        age = random.integers(0, 60, size).astype(float) if tied else random.exponential(90, size)
        begin = np.where(random.random(size) < 0.5, 0.0, age * random.random(size)) if delayed else np.zeros(size)
        begin = np.floor(begin) if tied else begin
        kept = (begin < age) | (begin == 0.0)
        age, begin, event = age[kept], begin[kept], (random.random(size) < 0.7)[kept]
        spells = {"start": np.zeros(len(age)), "end": age, "event": event}
        tables.append(pa.table(spells | ({"entry": begin} if delayed else {})))
        entry = {"entry": begin.tolist()} if delayed else {}
        cases.append({"what": "curve", "time": age.tolist(), "event": event.tolist()} | entry)
    worst, compared = 0.0, 0
    for spells, told in zip(tables, ask(cases), strict=True):
        if "refused" not in told:
            compared += 1
            worst = max(worst, *_apart(survival(spells), told).values())
    note = f"largest difference of age, survival, band or number at risk in {compared} tables"
    note += f"; lifelines refused {TABLES - compared}" if compared < TABLES else ""
    return [Row("curves equal to lifelines", worst, "", "<= 1e-9", note=note)]


def _apart(curve: pa.Table, told: dict[str, Any]) -> dict[str, float]:
    """The largest difference by column; infinite where the ages are not the same ones."""
    if len(curve) != len(told["time"]):
        return {"time": float("inf")}
    return {name: float(np.abs(curve[name].to_numpy() - np.array(told[name], float)).max()) for name in COLUMNS}


def _speed() -> list[Row]:
    """A million spells, beside lifelines."""
    random = np.random.default_rng(SEEDS)
    start = random.integers(0, 10**15, MILLION)
    life = random.exponential(200 * 86.4e9, MILLION).astype(np.int64)
    event = random.random(MILLION) < 0.7
    stamp = pa.timestamp("us", "UTC")
    spells = pa.table({"start": pa.array(start, stamp), "end": pa.array(start + life, stamp), "event": event})
    took = []
    for _ in range(5):
        begin = time.perf_counter()
        curve = survival(spells)
        took.append(time.perf_counter() - begin)
    note = "median of 5 calls with bands and numbers at risk; all ages differ"
    seconds = None
    if present():
        with tempfile.TemporaryDirectory() as folder:
            file = str(Path(folder) / "rows.npz")
            np.savez(file, time=life / 86.4e9, event=event)
            (told,) = ask([{"what": "speed", "file": file, "tries": 2, "every": EVERY}])
        seconds = told["seconds"]
        apart = np.abs(curve["survival"].to_numpy()[::EVERY] - np.array(told["survival"])).max()
        note += f"; the curves differ by {apart:.0e} at most; lifelines' best of 2"
    peer = None if seconds is None else "lifelines"
    return [Row("one million spells", float(np.median(took)), "s", "<= 1", peer, seconds, note)]


def _coverage(lives: Lives) -> list[Row]:
    """How often the bands held the law at three ages; at the median's that is how often its limits held it."""
    ages = np.array([lives.scale * (-np.log(share)) ** (1 / lives.shape) for share in SHARES])
    truth = lives.alive(ages)
    held = np.zeros(len(SHARES))
    for seed in range(WORLDS):
        spells = lives.spells_of(SEEDS + seed)
        curve = survival(spells, until=lives.observed)
        place = np.searchsorted(curve["time"].to_numpy(), ages, side="right") - 1
        low, high = (curve[name].to_numpy()[place] for name in ("low", "high"))
        held += (low <= truth) & (truth <= high)
    parts = ", ".join(f"{many / WORLDS:.3f} where {share:.0%} live" for many, share in zip(held, SHARES, strict=True))
    share = float(held.mean() / WORLDS)
    low, high = (float(one[0]) for one in share_limits(np.array([share * WORLDS]), np.array([float(WORLDS)]), 0.95))
    note = f"{WORLDS} worlds of {lives.spells} spells; {parts}"
    claim = f"coverage of the 95 % bands: {lives.name}"
    return [Row(claim, share, "", note=f"{note}; {low:.3f} to {high:.3f} by the number of worlds")]
