"""What the baselines of the funnel's benchmark see is counted rightly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import numpy as np
import pyarrow as pa
from benchmarks.funnel_counts import Coded, counts, labels, motifs
from hypothesis import given, settings
from hypothesis import strategies as st

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = 3_600_000_000
acts = st.lists(st.tuples(st.integers(0, 40), st.sampled_from("abcd"), st.sampled_from("abcd")), max_size=14)


def table(rows: list[tuple[int, str, str]], **more: list[str | None]) -> pa.Table:
    """Mentions, told in hours."""
    columns: dict[str, object] = {
        "at": pa.array([BEGIN + timedelta(hours=hour) for hour, *_ in rows], pa.timestamp("us", "UTC")),
        "kind": pa.array(["mention"] * len(rows), pa.string()),
        "source": pa.array([source for _, source, _ in rows], pa.string()),
        "target": pa.array([target for *_, target in rows], pa.string()),
    }
    return pa.table(columns | more)


def slow_motifs(coded: Coded, delta: int) -> np.ndarray:
    """By looking at every two and every three acts of an account."""
    found = np.zeros((len(coded.accounts), 48))
    for who in range(len(coded.accounts)):
        own = [
            (int(at), int(target if source == who else source), int(target == who))
            for at, source, target in zip(coded.at, coded.source, coded.target, strict=True)
            if who in (source, target) and source != target
        ]
        for (t1, a, d1), (t2, b, d2) in combinations(own, 2):
            if t2 - t1 <= delta:
                found[who, (0 if a == b else 4) + d1 * 2 + d2] += 1
        for (t1, a, d1), (_, b, d2), (t3, c, d3) in combinations(own, 3):
            if t3 - t1 <= delta:
                pattern = {(True, True, True): 0, (False, True, False): 1, (False, False, True): 2}
                same = (b == c, a == b, a == c)
                code = pattern.get(same, 3 if same == (True, False, False) else 4)
                found[who, 8 + (d1 * 4 + d2 * 2 + d3) * 5 + code] += 1
    return found


@settings(deadline=None)
@given(rows=acts)
def test_motifs_are_those_of_looking_at_every_three_acts(rows: list[tuple[int, str, str]]) -> None:
    """Motifs of two and three acts within ten hours, by directions and by who is whom."""
    rows = [(place * 3 + hour % 3, source, target) for place, (hour, source, target) in enumerate(rows)]
    coded = Coded.of(table(rows), pa.array(["a", "e"]))
    assert np.array_equal(motifs(coded, 10 * HOUR), slow_motifs(coded, 10 * HOUR))


@settings(deadline=None)
@given(rows=acts)
def test_partners_are_counted_once(rows: list[tuple[int, str, str]]) -> None:
    """Different partners, active days, and the busiest day's partners, as sets give them."""
    coded = Coded.of(table(rows), pa.array(["a"]))
    names, found = counts(coded)
    for who, name in enumerate(coded.accounts.to_pylist()):
        own = [(hour // 24, target) for hour, source, target in rows if source == name and target != name]
        row = dict(zip(names, found[who], strict=True))
        assert row["partners out"] == len({target for _, target in own})
        assert row["active days"] == len({hour // 24 for hour, source, _ in rows if source == name})
        days = {day for day, _ in own}
        assert row["partners on the busiest day"] == max(
            (len({target for when, target in own if when == day}) for day in days), default=0
        )


def test_addresses_and_words_are_counted() -> None:
    """An address in a message counts as one passed; words used three times are two repetitions."""
    rows = [(1, "a", "b"), (2, "a", "c"), (3, "a", "d"), (4, "b", "a")]
    keys: list[str | None] = ["x", "x", "x", None]
    given: list[str | None] = ["email", None, None, None]
    coded = Coded.of(table(rows, reply_key=keys, contact_kind=given), pa.array(["a", "b", "c", "d"]))
    names, found = counts(coded)
    row = dict(zip(names, found[0], strict=True))
    assert (row["addresses out"], row["most repeated words"], row["repeated words"]) == (1, 3, 2)


def test_who_only_takes_persons_over_does_not_count() -> None:
    """Neither as a hub nor as anybody else."""
    hubs = pa.table({"account": ["h", "s"], "role": ["funnel", "sales"], "decoy": [False, True]})
    pairs = pa.table({"handed_to": pa.array(["z", None], pa.string())})
    truth, counted = labels(pa.array(["a", "h", "s", "z"]), hubs, pairs)
    assert truth.tolist() == [0, 1, 0, 0]
    assert counted.tolist() == [True, True, True, False]
