"""How fast surges are: the whole chain on 10,000 series of 1,000 days, its growth, and what others take for a part."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from functools import partial

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.surge_packages import has
from benchmarks.surge_world import DAY
from benchmarks.table import Row
from seawall.measures import surges
from seawall.measures.bursts.kernel import all_expectations
from seawall.measures.bursts.plan import DAY as DAY_WIDTH
from seawall.measures.bursts.plan import plan_for, scan_lengths
from seawall.measures.bursts.scan import scan
from seawall.measures.compiled import compiled

NAME = "Speed of surges"
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
SEED = 9001
SERIES, DAYS = 10_000, 1_000
TRIES = 3
SQL = """
SELECT series, "at", (count - avg(count) OVER past) / greatest(stddev_samp(count) OVER past, 0.5) AS z
FROM counts WINDOW past AS (PARTITION BY series ORDER BY "at" ROWS BETWEEN 105 PRECEDING AND 15 PRECEDING)
"""


def counts_of(series: int, days: int) -> npt.NDArray[np.int64]:
    """Ordinary negative-binomial counts, series x days."""
    rng = np.random.default_rng(SEED)
    mean = rng.lognormal(3, 1, (series, 1))
    return rng.poisson(rng.gamma(10, mean / 10, (series, days)))


def table_of(counts: npt.NDArray[np.int64]) -> pa.Table:
    """The counts as ``surges`` takes them."""
    series, days = counts.shape
    at = np.datetime64("2022-01-01", "us") + np.arange(days) * DAY
    return pa.table({"series": np.repeat(np.arange(series), days), "at": np.tile(at, series), "count": counts.ravel()})


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of the fastest of a few tries."""
    best = (float("inf"), float("inf"))
    for _ in range(TRIES):
        began, used = time.perf_counter(), time.process_time()
        work()
        best = min(best, (time.perf_counter() - began, time.process_time() - used))
    return best


def chain_rows() -> Iterator[Row]:
    """The whole chain, its growth and its cost for a cell."""
    counts = counts_of(SERIES, DAYS)
    whole, half = table_of(counts), table_of(counts[: SERIES // 2])
    surges(half.slice(0, DAYS), bin="1d")
    (half_wall, _), (wall, cpu) = seconds(lambda: surges(half, bin="1d")), seconds(lambda: surges(whole, bin="1d"))
    speed = counts.size / cpu / 1e6
    note = f"{len(os.sched_getaffinity(0))} processors, {cpu:.2f} CPU-seconds; fastest of {TRIES}"
    yield Row("10,000 series x 1,000 days, whole chain", wall, "s", "<= 2", note=note)
    yield Row("whole chain, cells per CPU-second", speed, "million")
    note = f"{wall:.2f} s for all, {half_wall:.2f} s for half"
    yield Row("growth exponent from 5,000 to 10,000 series", float(np.log2(wall / half_wall)), "", "<= 1.1", note=note)


@compiled
def all_scans(counts: Floats, baseline: Floats, lengths: Ints, scores: Floats, best: Floats) -> None:
    """The scan alone, of every series; the baseline is the same in all."""
    known = np.ones(counts.shape[1], np.bool_)
    for series in range(counts.shape[0]):
        scan(counts[series], known, baseline, lengths, scores, best)


def kernel_rows() -> Iterator[Row]:
    """The scan and what it scans against, each alone and on one processor."""
    unit = "million cells per CPU-second"
    plan, lengths = plan_for(DAY_WIDTH), scan_lengths(DAY_WIDTH)
    counts = counts_of(2_000, DAYS).astype(np.float64)
    offsets, known = np.arange(2_001) * DAYS, np.ones(counts.size, bool)
    first, expected = np.zeros(2_000, np.int64), np.empty((4, counts.size))
    fit = partial(all_expectations, counts.ravel(), known, offsets, first, plan, expected)
    fit()
    scores, best = np.empty((2, DAYS)), np.empty((2, DAYS))
    work = partial(all_scans, counts, expected[:, :DAYS].copy(), lengths, scores, best)
    work()
    note = f"{len(lengths)} lengths, upwards and downwards, expectations given; one processor"
    yield Row("raw kernel: the scan", counts.size / seconds(work)[1] / 1e6, unit, ">= 50", note=note)
    note = "the robust regression on 13 weeks, every week anew; one processor"
    yield Row("raw kernel: the expectations", counts.size / seconds(fit)[1] / 1e6, unit, note=note)


def peer_rows() -> Iterator[Row]:
    """What others take, on a part, in million cells per CPU-second."""
    unit = "million cells per CPU-second"
    counts = counts_of(1_000, DAYS)
    table = table_of(counts)
    with duckdb.connect() as connection:
        connection.register("counts", table)
        _, cpu = seconds(lambda: connection.sql(SQL).to_arrow_table())
    yield Row("peer: SQL window, z of a day", counts.size / cpu / 1e6, unit, note="DuckDB, 1,000 series")
    if has("river"):
        _, cpu = seconds(lambda: drift(counts[:100]))
        yield Row("peer: ADWIN (river)", counts[:100].size / cpu / 1e6, unit, note="100 series, its defaults")
    if has("ruptures"):
        _, cpu = seconds(lambda: segments(counts[:50]))
        yield Row("peer: KernelCPD (ruptures)", counts[:50].size / cpu / 1e6, unit, note="50 series, linear, offline")


def drift(counts: npt.NDArray[np.int64]) -> None:
    """River's ADWIN on each series."""
    from river.drift import ADWIN

    for row in np.log1p(counts).tolist():
        detector = ADWIN()
        for value in row:
            detector.update(value)


def segments(counts: npt.NDArray[np.int64]) -> None:
    """The penalised segmentation of ruptures in C on each series."""
    from ruptures import KernelCPD

    for row in np.log1p(counts):
        KernelCPD(kernel="linear", min_size=2).fit(row[:, None]).predict(pen=3 * np.log(len(row)))


def run() -> list[Row]:
    """The figures, in about a minute."""
    return [*chain_rows(), *kernel_rows(), *peer_rows()]
