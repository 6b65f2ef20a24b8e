"""Surges while they happen: the stream is the batch, is told what it must, and takes nothing that it cannot use."""

from __future__ import annotations

import csv
import io
import json
import math
import pickle
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import ModuleType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import SurgeStream, stream_scores
from seawall.measures.bursts import scores, stream_long, stream_plan
from seawall.measures.bursts.plan import DAY, HOUR, parse_bin
from seawall.measures.bursts.stream_short import ShortBins
from tests.measures.bursts import stream_reference as slow
from tests.scorers import scorer

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
PEERS_BEST = 86.43
"""What the best published detector reaches on the same series, at its own best threshold (nab_peers_dev.json)."""


def counts_of(seed: int, bins: int, level: float, unknown: float = 0.05) -> list[int | None]:
    """Overdispersed counts with a burst, some bins not collected."""
    rng = np.random.default_rng(seed)
    mean = level * np.exp(rng.normal(0, 0.3, bins))
    begin = rng.integers(0, bins)
    mean[begin : begin + rng.integers(1, 12)] *= rng.uniform(2, 30)
    return [int(n) if keep else None for n, keep in zip(rng.poisson(mean), rng.random(bins) >= unknown, strict=True)]


def tables(counts: list[int | None], width: timedelta) -> tuple[pa.Table, pa.Table]:
    """``counts`` and ``coverage`` of one series that begins and ends with collected bins."""
    known = [(BEGIN + i * width, n) for i, n in enumerate(counts) if n is not None]
    at = [time for time, _ in known]
    table = pa.table({"series": ["roses"] * len(at), "at": at, "count": [n for _, n in known]})
    return table, pa.table({"series": ["roses"] * len(at), "start": at, "end": [time + width for time in at]})


def streamed(bin_: str, counts: list[int | None], stream: SurgeStream | None = None) -> list[float]:
    """The score of each bin, one after the other."""
    width = timedelta(microseconds=parse_bin(bin_))
    stream = stream or SurgeStream(bin=bin_)
    return [stream.update(BEGIN + i * width, count) for i, count in enumerate(counts)]


@settings(max_examples=30)
@given(
    seed=st.integers(0, 2**32 - 1),
    level=st.sampled_from([0.05, 3.0, 400.0]),
    form=st.sampled_from([("5m", 700), ("1h", 300), ("1d", 90), ("1w", 40)]),
    moves=st.lists(st.tuples(st.floats(0, 1), st.sampled_from(["save", "pickle", "file"])), max_size=5),
)
def test_stream_is_the_batch_bit_for_bit(
    seed: int, level: float, form: tuple[str, int], moves: list[tuple[float, str]]
) -> None:
    """Each score is that of the batch on data up to its bin, whatever saves and pickles lie between."""
    bin_, bins = form
    counts = [5, *counts_of(seed, bins, level), 7]
    width = timedelta(microseconds=parse_bin(bin_))
    stream, found = SurgeStream(bin=bin_), []
    places = {int(share * len(counts)): how for share, how in moves}
    for i, count in enumerate(counts):
        if places.get(i) == "save":
            stream = SurgeStream.restore(stream.save())
        elif places.get(i) == "pickle":
            stream = pickle.loads(pickle.dumps(stream))  # noqa: S301
        elif places.get(i) == "file":
            pq.write_table(stream.save(), file := io.BytesIO())
            stream = SurgeStream.restore(pq.read_table(io.BytesIO(file.getvalue())))
        found.append(stream.update(BEGIN + i * width, count))
    for size in (len(counts), len(counts) // 2):
        if counts[size - 1] is not None:
            rows, coverage = tables(counts[:size], width)
            assert found[:size] == stream_scores(rows, bin=bin_, coverage=coverage).column("score").to_pylist()


@settings(max_examples=20)
@given(
    seed=st.integers(0, 2**32 - 1),
    level=st.sampled_from([0.1, 3.0, 400.0]),
    width=st.sampled_from([HOUR, 3 * HOUR]),
    first=st.integers(-50, 50),
)
def test_short_bins_are_scored_as_the_plain_reference_does(seed: int, level: float, width: int, first: int) -> None:
    """The compiled step agrees with scores that are worked out from the whole past with lists."""
    counts = counts_of(seed, 250, level)
    values = np.array([math.nan if n is None else n for n in counts])
    odds = slow.odds_of_short(counts, first, width)
    quiet = round(stream_plan.QUIET * DAY / width)
    want = slow.told_once(odds, quiet, math.inf)
    np.testing.assert_allclose(ShortBins(width).run(first, values), want, rtol=1e-6, atol=1e-9)


@settings(max_examples=8)
@given(seed=st.integers(0, 2**32 - 1), bin_=st.sampled_from(["1d", "1w"]))
def test_long_bins_are_scored_from_the_heights_of_the_batch(seed: int, bin_: str) -> None:
    """A stream of days or weeks that has forgotten all but its tail agrees with ``scores`` on the whole series."""
    counts = [5, *counts_of(seed, 420 if bin_ == "1d" else 90, 20.0), 7]
    rows, coverage = tables(counts, timedelta(microseconds=parse_bin(bin_)))
    heights = scores(rows, bin=bin_, coverage=coverage)
    odds = slow.odds_of_long(heights.column("up").to_pylist(), heights.column("down").to_pylist())
    want = slow.told_once(odds, stream_long.QUIET, stream_long.AGAIN)
    np.testing.assert_allclose(streamed(bin_, counts), want, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("bin_", ["5m", "1d"])
@pytest.mark.parametrize("gap", [3, 90, 1000])
def test_bins_that_are_left_out_were_not_collected(bin_: str, gap: int) -> None:
    """Leaving bins out gives the scores that None for each of them gives."""
    width = timedelta(microseconds=parse_bin(bin_))
    before, after = counts_of(1, 600, 9.0), counts_of(2, 200, 9.0)
    told, left_out = SurgeStream(bin=bin_), SurgeStream(bin=bin_)
    for i, count in enumerate([*before, *[None] * gap, *after]):
        score = told.update(BEGIN + i * width, count)
        if not len(before) <= i < len(before) + gap:
            assert left_out.update(BEGIN + i * width, count) == score


@pytest.mark.parametrize(("bin_", "days"), [("1m", 11), ("5m", 15), ("1h", 30)])
def test_a_burst_is_told_at_once_and_once(bin_: str, days: int) -> None:
    """A tenfold burst of hours is an alert in its first bins and then no more; nothing on the day before it is."""
    rng = np.random.default_rng(3)
    per_day = DAY // parse_bin(bin_)
    mean = np.full(days * per_day, 12.0)
    begin = len(mean) - per_day // 2
    mean[begin : begin + per_day // 6] *= 10
    found = np.array(streamed(bin_, rng.poisson(rng.gamma(10, mean / 10)).tolist()))
    alerts = np.flatnonzero(found >= SurgeStream.ALERT)
    alerts = alerts[alerts >= begin - per_day]
    assert len(alerts) == 1
    assert begin <= alerts[0] < begin + 3


def test_silence_is_told_too() -> None:
    """A busy series that falls silent alerts; one that is merely not collected does not."""
    rng = np.random.default_rng(4)
    busy = rng.poisson(rng.gamma(10, 4.0, 288 * 15)).tolist()
    assert max(streamed("5m", [*busy, *[None] * 100])[len(busy) :]) == 0.0
    assert max(streamed("5m", [*busy, *[0] * 12])[len(busy) :]) >= SurgeStream.ALERT


def test_a_declared_campaign_is_told_within_days() -> None:
    """Ten days at thrice the usual volume in daily counts are an alert by the third day; nothing before them is."""
    rng = np.random.default_rng(5)
    mean = np.full(380, 40.0) * np.where(np.arange(380) % 7 < 2, 0.6, 1.0)
    mean[365:375] *= 3
    found = np.array(streamed("1d", rng.poisson(rng.gamma(20, mean / 20)).tolist()))
    alerts = np.flatnonzero(found >= SurgeStream.ALERT)
    assert 365 <= alerts[0] <= 367


@pytest.mark.parametrize("bin_", ["5m", "1d", "4w"])
@pytest.mark.parametrize("count", [0, 7, 2**46])
def test_constant_series_never_alert(bin_: str, count: int) -> None:
    """A series of one value, however large, is never unusual."""
    assert max(streamed(bin_, [count] * 400)) < SurgeStream.ALERT


@pytest.mark.parametrize(
    ("at", "count", "what"),
    [
        (BEGIN, -1, "not a count"),
        (BEGIN, 1.5, "not a count"),
        (BEGIN, math.nan, "not a count"),
        (BEGIN, math.inf, "not a count"),
        (BEGIN, 2**60, "not a count"),
        (BEGIN, "7", "not a count"),
        (BEGIN, True, "not a count"),
        ("2026-03-02", 1, "not a time"),
        (np.datetime64("NaT"), 1, "not a time"),
        (BEGIN - timedelta(minutes=5), 1, "given before"),
        (BEGIN - timedelta(minutes=10), 1, "earlier"),
        (BEGIN + timedelta(days=365 * 200), 1, "too far"),
    ],
)
def test_what_cannot_be_used_is_refused_and_changes_nothing(at: object, count: object, what: str) -> None:
    """A wrong time or count is an error with a place and a mend, and the stream stays as it was."""
    stream = SurgeStream(bin="5m")
    stream.update(BEGIN - timedelta(minutes=5), 3)
    before = stream.save()
    with pytest.raises(MeasureError, match=what) as caught:
        stream.update(at, count)  # type: ignore[arg-type]
    assert caught.value.where is not None
    assert caught.value.mend is not None
    assert stream.save() == before


def test_times_of_any_kind_are_one() -> None:
    """A time with another zone, without one, or of numpy, anywhere in the bin, is the same bin."""
    kinds = [
        BEGIN,
        BEGIN.replace(tzinfo=None),
        BEGIN.astimezone(timezone(timedelta(hours=5))) + timedelta(minutes=4, seconds=59),
        np.datetime64("2026-03-02T00:00"),
    ]
    states = []
    for at in kinds:
        stream = SurgeStream(bin="5m")
        stream.update(at, 3)
        states.append(stream.save())
    assert all(state == states[0] for state in states)


@pytest.mark.parametrize("bin_", ["5m", "1d"])
def test_a_damaged_saved_stream_is_refused(bin_: str) -> None:
    """A saved stream of another version, or with a part that is missing, short or empty, is an error."""
    saved = SurgeStream(bin=bin_).save()
    part = saved.column_names[2]
    damaged = [
        saved.drop_columns(["version"]),
        saved.set_column(0, "version", pa.array([99], pa.int32())),
        saved.drop_columns([part]),
        saved.set_column(2, part, pa.array([[]], saved.column(part).type)),
        saved.set_column(2, part, pa.array([None], saved.column(part).type)),
        pa.concat_tables([saved, saved]),
        "not a table",
    ]
    for table in damaged:
        with pytest.raises(MeasureError):
            SurgeStream.restore(table)


def test_memory_is_bounded() -> None:
    """The saved form is as large after a long series as before it."""
    for bin_ in ("5m", "1d"):
        stream = SurgeStream(bin=bin_)
        before = stream.save().nbytes
        streamed(bin_, counts_of(1, 1000, 9.0), stream)
        assert stream.save().nbytes == before
        assert len(pickle.dumps(stream)) < 10_000


@pytest.fixture(scope="session")
def nab_score(shared_data: Path) -> ModuleType:
    """The scorer of NAB."""
    return scorer(shared_data, "nab_score")


@pytest.mark.data
def test_real_streams_of_tweets_are_above_every_published_detector(
    shared_data: Path, nab_score: ModuleType, tmp_path: Path
) -> None:
    """With the one fixed threshold, NAB's score on five series is above the best of any peer at its best threshold."""
    folder = shared_data / "surges" / "nab"
    windows = json.loads((folder / "windows.json").read_text(encoding="utf-8"))
    for name in windows:
        with (folder / name).open(newline="") as rows, (tmp_path / name).open("w", newline="") as out:
            writer, stream = csv.writer(out), SurgeStream(bin="5m")
            writer.writerow(["timestamp", "anomaly_score"])
            for row in csv.DictReader(rows):
                score = stream.update(datetime.fromisoformat(row["timestamp"]), int(float(row["value"])))
                writer.writerow([row["timestamp"], repr(score)])
    corpus = nab_score.read_corpus(tmp_path, windows)
    assert nab_score.evaluate(corpus, "standard", SurgeStream.ALERT).normalised > PEERS_BEST
