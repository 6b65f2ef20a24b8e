"""Beside lifelines, where it is installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest
from benchmarks.survival_peer import ABSENT, ask, present

from seawall.measures.lifetimes import cumulative_incidence, log_rank, median, restricted_mean, survival

pytestmark = pytest.mark.skipif(not present(), reason=ABSENT)

TOLERANCE = 1e-9


def drawn(seed: int, *, tied: bool, delayed: bool) -> dict[str, np.ndarray]:
    """Spells by chance: ages in days, whole ones where tied."""
    random = np.random.default_rng(seed)
    size = int(random.integers(2, 80))
    age = random.integers(0, 25, size).astype(float) if tied else random.exponential(60, size)
    begin = np.where(random.random(size) < 0.5, 0.0, age * random.random(size) * 0.9) if delayed else np.zeros(size)
    begin = np.floor(begin) if tied else begin
    kept = (begin < age) | (begin == 0)
    made = {"age": age, "ended": random.random(size) < 0.7, "begin": begin, "kind": random.integers(1, 3, size)}
    return {name: values[kept] for name, values in made.items()}


def as_spells(made: dict[str, np.ndarray]) -> pa.Table:
    start = np.random.default_rng(len(made["age"])).integers(0, 900, len(made["age"])).astype(float)
    return pa.table(
        {"start": start, "end": start + made["age"], "event": made["ended"], "entry": start + made["begin"]}
    )


@pytest.mark.parametrize("delayed", [False, True])
@pytest.mark.parametrize("tied", [False, True])
def test_curves_are_those_of_lifelines(tied: bool, delayed: bool) -> None:
    """Ages, survival, bands, numbers at risk, medians and restricted means agree to 1e-9 in fifty tables."""
    tables = [drawn(seed, tied=tied, delayed=delayed) for seed in range(50)]
    cases = [
        {
            "what": "curve",
            "time": one["age"].tolist(),
            "event": one["ended"].tolist(),
            "horizon": float(one["age"].max()),
        }
        | ({"entry": one["begin"].tolist()} if delayed else {})
        for one in tables
    ]
    compared = 0
    for made, told in zip(tables, ask(cases), strict=True):
        if "refused" in told:
            continue  # lifelines gives no curve where nobody is at risk early on
        compared += 1
        spells = as_spells(made)
        found = survival(spells if delayed else spells.drop_columns("entry"))
        for name in ("time", "survival", "low", "high", "at_risk"):
            assert found[name].to_pylist() == pytest.approx(told[name], abs=TOLERANCE), name
        (middle,) = median(spells).to_pylist()
        if not any(abs(value - 0.5) < TOLERANCE for value in told["survival"]):  # there rounding decides in lifelines
            assert middle["age"] == (None if told["median"] is None else pytest.approx(told["median"], abs=TOLERANCE))
        if not delayed:
            (mean,) = restricted_mean(spells, float(made["age"].max())).to_pylist()
            assert mean["mean"] == pytest.approx(told["mean"], abs=1e-8)
    assert compared > 40


@pytest.mark.parametrize("delayed", [False, True])
def test_competing_ends_are_those_of_lifelines(delayed: bool) -> None:
    """Incidence and its limits agree to 1e-9 where no ages are tied, which lifelines moves apart by chance."""
    tables = [drawn(seed, tied=False, delayed=delayed) for seed in range(30)]
    kinds = [np.where(one["ended"], one["kind"], 0) for one in tables]
    cases = [
        {"what": "incidence", "time": one["age"].tolist(), "event": kind.tolist(), "of": 1}
        | ({"entry": one["begin"].tolist()} if delayed else {})
        for one, kind in zip(tables, kinds, strict=True)
        if (kind == 1).any()
    ]
    told = iter(ask(cases))
    for made, kind in zip(tables, kinds, strict=True):
        if not (kind == 1).any():
            continue
        peer = next(told)
        words = pa.array(np.array(["alive", "renamed", "dormant"])[kind])
        spells = as_spells(made).set_column(2, "event", words)
        rows = [row for row in cumulative_incidence(spells).to_pylist() if row["kind"] == "renamed"]
        place = [int(np.argmin(np.abs(np.array(peer["time"]) - row["time"]))) for row in rows]
        for name in ("incidence", "low", "high"):
            expected = [peer[name][one] for one in place]
            pairs = [(row[name], one) for row, one in zip(rows, expected, strict=True) if one is not None]
            assert [mine for mine, _ in pairs] == pytest.approx([theirs for _, theirs in pairs], abs=TOLERANCE), name


def test_the_log_rank_test_is_that_of_lifelines() -> None:
    """Statistic and p agree for two and three groups, with ties."""
    cases, mine = [], []
    for seed in range(30):
        made = drawn(seed, tied=True, delayed=False)
        group = np.random.default_rng(seed).integers(0, 2 + seed % 2, len(made["age"]))
        if len(np.unique(group)) < 2 or not made["ended"].any():
            continue
        cases.append(
            {"what": "ranks", "time": made["age"].tolist(), "event": made["ended"].tolist(), "group": group.tolist()}
        )
        mine.append(log_rank(as_spells(made).drop_columns("entry").append_column("group", pa.array(group))))
    for found, told in zip(mine, ask(cases), strict=True):
        assert found.statistic == pytest.approx(told["statistic"], abs=1e-8)
        assert found.p == pytest.approx(told["p"], abs=1e-8)


def test_ends_between_two_ages_are_those_of_lifelines() -> None:
    """Turnbull's curve agrees with the one of lifelines as far as that converges, for intervals open below."""
    random = np.random.default_rng(4)
    life, step = random.exponential(50, 120), random.integers(5, 20, 120)
    low = np.floor(life / step) * step
    lived = pa.table({"start": np.zeros(120), "end": (low + step).astype(float), "last_alive": low})
    (told,) = ask([{"what": "between", "low": (low + 1e-6).tolist(), "high": (low + step).tolist()}])
    found = survival(lived)
    ages, values = found["time"].to_numpy(), found["survival"].to_numpy()
    whole = [place for place, at in enumerate(told["time"]) if float(at).is_integer()]
    peer = np.array([*told["survival"], 0.0])[np.array(whole) + 1]  # lifelines steps just after an interval's end
    own = values[np.searchsorted(ages, np.array(told["time"])[whole] + 1e-9, side="right") - 1]
    assert np.abs(own - peer).max() < 5e-3


def test_the_known_median_is_found(shared_data: Path) -> None:
    """The median of the listed addresses is 217 days, and their curve that of lifelines."""
    written = pa.string()
    options = pa_csv.ConvertOptions(column_types={"added": written, "ended": written})
    rows = pa_csv.read_csv(shared_data / "survival" / "searx_instances_spells.csv", convert_options=options)
    spells = rows.select(["added", "ended", "removed"]).rename_columns(["start", "end", "event"])
    (row,) = median(spells).to_pylist()
    assert int(row["age"]) == 217
    found = survival(spells)
    steps = pa.table(
        {"start": spells["start"].cast(pa.timestamp("us", "UTC")), "end": spells["end"].cast(pa.timestamp("us", "UTC"))}
    )
    days = pa.compute.divide(
        pa.compute.subtract(steps["end"], steps["start"]).cast(pa.int64()).cast(pa.float64()), 86.4e9
    )
    (told,) = ask([{"what": "curve", "time": days.to_pylist(), "event": spells["event"].to_pylist()}])
    for name in ("time", "survival", "low", "high", "at_risk"):
        assert found[name].to_pylist() == pytest.approx(told[name], abs=TOLERANCE), name
