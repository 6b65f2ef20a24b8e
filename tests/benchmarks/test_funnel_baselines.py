"""The baselines of the funnel's benchmark learn what there is to learn, and are judged by the same figures."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from benchmarks.funnel_baselines import DEGREES, RATES, Labelled, Seen, fitted, scored

from seawall.evaluation import evaluate, figures
from tests.evaluation.made import two_funnels

COLUMNS = (*DEGREES, *RATES)


def made(seed: int) -> Labelled:
    """Three hundred accounts, thirty of them hubs that pass addresses to many; everything else is noise."""
    rng = np.random.default_rng(seed)
    truth = (np.arange(300) < 30).astype(np.int64)
    counts = rng.poisson(5, (300, len(COLUMNS))).astype(float)
    counts[:, COLUMNS.index("address partners")] = rng.poisson(0.5 + 20 * truth)
    accounts = pa.array([f"a{number}" for number in range(300)])
    return Labelled(Seen(accounts, COLUMNS, counts, np.log1p(counts[:, :4])), truth, np.ones(300))


@pytest.fixture(scope="module")
def scorers() -> dict[str, object]:
    return dict(fitted([made(1), made(2)]))


def test_each_baseline_is_fitted(scorers: dict[str, object]) -> None:
    """Thresholds, boosting, isolation forest and motifs; each gives every account a score."""
    assert len(scorers) == 5
    for score in scorers.values():
        assert score(made(3).seen).shape == (300,)  # type: ignore[operator]


@pytest.mark.parametrize("name", ["degree threshold", "gradient boosting on counts"])
def test_what_tells_hubs_is_found(scorers: dict[str, object], name: str) -> None:
    """The one count that tells hubs is chosen, or learnt: on a world of another seed the thirty hubs rank first."""
    other = made(3)
    scores = scorers[name](other.seen)  # type: ignore[operator]
    assert other.truth[np.argsort(-scores)[:30]].mean() > 0.9


def test_a_baseline_is_judged_like_the_measure() -> None:
    """Its scores are a result: figures take them; alerts come at the end of the world."""
    accounts = pa.array(["h1", "h2", "h3", "a0"])
    end = pa.scalar(datetime(2026, 1, 31, tzinfo=UTC), pa.timestamp("us", "UTC"))
    result = scored(accounts, np.array([4.0, 3.0, 1.0, 2.0]), 2.5, end)
    found = figures([evaluate(two_funnels(), result)])
    assert found["recall"].value == pytest.approx(2 / 3)
    assert found["before_hand_off"].value == 0
