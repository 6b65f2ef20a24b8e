"""Spread: of planted spreads how many are told, and of ordinary, viral and news texts how many are told too."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy import stats

from benchmarks.spread_world import HARD, JUDGING, PLANTED, Setting, World, world
from benchmarks.table import Row
from seawall.detectors.spread import SpreadDetector
from seawall.detectors.spread_copies import SCHEMA, Copies
from seawall.detectors.spread_episodes import episodes
from seawall.detectors.spread_known import HOUR, Known
from seawall.measures.keys import identity_keys
from seawall.measures.text.match_key import match_keys
from seawall.model import COVERAGE

NAME = "Spread of copies"
DATA = Path(os.environ.get("SEAWALL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
FITTING_SEEDS, JUDGING_SEEDS = range(1, 11), range(101, 121)
FIXED = 20
"""What a fixed threshold would tell: so many accounts within an hour."""

Counts = Mapping[str, Counter[str]]


def told(one: World) -> set[int]:
    """The texts that the detector tells."""
    return {spread.cluster for spread in SpreadDetector().found(one.copies, None, one.known)}


def told_by_threshold(one: World) -> set[int]:
    """The texts that reached ``FIXED`` accounts within an hour."""
    found = episodes(Copies.of(one.copies), 24 * HOUR, (HOUR,))
    fast = np.flatnonzero(found.peaks["accounts", HOUR] >= FIXED)
    return set(found.copies.cluster[found.first[fast]].tolist())


def counted(setting: Setting, seeds: range) -> dict[str, tuple[Counter[str], Counter[str]]]:
    """For the detector and for the threshold: texts of each kind, and those of them that are told."""
    sums = {name: (Counter[str](), Counter[str]()) for name in ("detector", "threshold")}
    for seed in seeds:
        one = world(seed, setting)
        for name, found in (("detector", told(one)), ("threshold", told_by_threshold(one))):
            sums[name][0].update(one.kinds.values())
            sums[name][1].update(one.kinds[key] for key in found)
    return sums


def interval(hits: int, of: int) -> str:
    """95 %, of a part (Clopper and Pearson)."""
    low = stats.beta.ppf(0.025, hits, of - hits + 1) if hits else 0.0
    high = stats.beta.ppf(0.975, hits + 1, of - hits) if hits < of else 1.0
    return f"{hits} of {of}, 95 % interval {low:.3g} to {high:.3g}"


def judged(name: str, setting: Setting) -> Iterator[Row]:
    """The rows of one setting."""
    sums = counted(setting, JUDGING_SEEDS)
    (texts, found), (_, fixed) = sums["detector"], sums["threshold"]
    peer = f"{FIXED} accounts in an hour"
    for kind in PLANTED:
        note = interval(found[kind], texts[kind])
        yield Row(
            f"{name}: planted, {kind}: told", found[kind] / texts[kind], "", None, peer, fixed[kind] / texts[kind], note
        )
    for kind in ("ordinary", "perennial", *HARD):
        rate, other = 1000 * found[kind] / texts[kind], 1000 * fixed[kind] / texts[kind]
        yield Row(f"{name}: {kind}: told, per 1,000", rate, "", None, peer, other, interval(found[kind], texts[kind]))
    wrong = found["ordinary"] + found["perennial"]
    every = wrong + sum(found[kind] for kind in PLANTED)
    note = f"at q .1: ordinary and perennial among what is told, viral and news left out; {interval(wrong, every)}"
    yield Row(f"{name}: false discoveries", wrong / max(every, 1), "", "<= 0.1", note=note)


def real() -> Iterator[Row]:
    """The messages of an operation, in which everything is pushed: how much is told, and of exchanged delays."""
    copies, known = real_copies()
    detector = SpreadDetector()
    shared = copies.group_by(["key", "repost"]).aggregate([("account", "count_distinct")])
    texts = int(pc.sum(pc.greater(shared["account_count_distinct"], 1)).as_py())
    many = len(detector.found(copies, None, known))
    note = f"of {texts:,} copied texts of ira dev by match key; all of it is one operation: plausibility, no accuracy"
    yield Row("ira dev: told, per 1,000 copied texts", 1000 * many / texts, "", note=note)
    calm = [len(detector.found(exchanged(copies, seed), None, known)) for seed in (1, 2, 3)]
    note = f"delays after the first copy exchanged among all copies, sizes kept; seeds 1 to 3: {sum(calm)} told in all"
    yield Row(
        "ira dev, delays exchanged: told, per 1,000 copied texts", 1000 * float(np.mean(calm)) / texts, "", note=note
    )


def real_copies() -> tuple[pa.Table, Known]:
    """The developers' part of the Internet Research Agency's messages."""
    rows = pq.read_table(
        DATA / "ira" / "ira_dev.parquet", columns=["author_id", "content", "publish_date", "post_type"]
    )
    at = rows["publish_date"].cast(pa.timestamp("us")).cast(pa.int64())
    copies = pa.Table.from_arrays(
        [
            pa.array([f"x:{number}" for number in range(len(rows))]),
            pa.repeat("x", len(rows)),
            pa.nulls(len(rows), pa.string()),
            pa.array(identity_keys(rows["author_id"])),
            at,
            match_keys(rows["content"]),
            pc.equal(pc.fill_null(rows["post_type"], ""), "R"),
            pa.repeat(pa.scalar(False), len(rows)),
        ],
        schema=SCHEMA,
    )
    hours = pa.table({"platform": copies["platform"], "bin": at.to_numpy() // HOUR})
    counts = (
        hours.group_by(["platform", "bin"]).aggregate([([], "count_all")]).rename_columns(["platform", "bin", "count"])
    )
    return copies.filter(pc.is_valid(copies["key"])), Known.of(counts, COVERAGE.empty_table().to_pylist())


def exchanged(copies: pa.Table, seed: int) -> pa.Table:
    """Each text keeps the time of its first copy and how many it has; the delays of all copies are exchanged."""
    firsts = copies.group_by(["key", "repost"]).aggregate([("at", "min")])
    joined = copies.join(firsts, ["key", "repost"])
    delay = joined["at"].to_numpy() - joined["at_min"].to_numpy()
    later = np.flatnonzero(delay > 0)
    delay[later] = delay[np.random.default_rng(seed).permutation(later)]
    at = pa.array(joined["at_min"].to_numpy() + delay)
    return joined.drop_columns("at_min").set_column(joined.column_names.index("at"), "at", at).select(SCHEMA.names)


def run() -> list[Row]:
    """All rows; what was looked at while the method was made had seeds of its own."""
    return [row for name, setting in JUDGING.items() for row in judged(name, setting)] + list(real())
