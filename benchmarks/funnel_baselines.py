"""What a funnel detector must beat: thresholds, gradient boosting, isolation forest and temporal motifs.

All are fitted on worlds that the project's generator draws from its fitting ranges, on the background on which they are
judged, and see each evaluation world to its end, which the measure does not wait for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sklearn.ensemble import HistGradientBoostingClassifier, IsolationForest
from sklearn.metrics import average_precision_score

from benchmarks.funnel_counts import Coded, Floats, Ints, counts, labels, motifs
from seawall.evaluation import World

DEGREES = ("partners out", "public partners out", "follow partners out", "dm partners out", "address partners")
RATES = ("acts a day", "partners a day", "partners on the busiest day")
CONFIGURATIONS: tuple[Mapping[str, Any], ...] = (
    {"max_iter": 150, "learning_rate": 0.06, "min_samples_leaf": 5, "l2_regularization": 1.0},
    {"max_iter": 300, "learning_rate": 0.03, "min_samples_leaf": 10, "max_leaf_nodes": 8, "l2_regularization": 1.0},
    {"max_iter": 150, "learning_rate": 0.06, "min_samples_leaf": 5, "class_weight": "balanced"},
)
EVERY, MANY = 5, 5000
Scorer = Callable[["Seen"], Floats]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a baseline knows of a world."""

    accounts: pa.Array
    names: tuple[str, ...]
    counts: Floats
    motifs: Floats


@dataclass(frozen=True, slots=True)
class Labelled:
    """A fitting world; accounts that only take persons over are left out.

    Where there are many accounts, one in EVERY of those that nobody planted is kept and weighs as much as all.
    """

    seen: Seen
    truth: Ints
    weights: Floats


@dataclass(frozen=True, slots=True)
class Scored:
    """A baseline's result: alerts come when the world has ended."""

    hubs: pa.Table


def seen(interactions: pa.Table, accounts: pa.Table | pa.Array) -> Seen:
    """Counts and motifs of all accounts."""
    coded = Coded.of(interactions, accounts)
    names, table = counts(coded)
    return Seen(coded.accounts, tuple(names), table, np.log1p(motifs(coded)))


def labelled(world: World) -> Labelled:
    """A world to fit on."""
    all_of_it = seen(world.interactions, world.accounts)
    truth, counted = labels(all_of_it.accounts, world.hubs, world.pairs)
    planted = pc.is_in(all_of_it.accounts, world.hubs["account"].combine_chunks()).to_numpy(zero_copy_only=False)
    every = EVERY if len(truth) > MANY else 1
    counted &= planted | (np.random.default_rng(len(truth)).random(len(truth)) < 1 / every)
    kept = Seen(
        all_of_it.accounts.filter(pa.array(counted)),
        all_of_it.names,
        all_of_it.counts[counted],
        all_of_it.motifs[counted],
    )
    return Labelled(kept, truth[counted], np.where(planted[counted], 1.0, every))


def scored(accounts: pa.Array, scores: Floats, bound: float | None, end: pa.Scalar) -> Scored:
    """Scores as a result; alerts for those at the bound."""
    alerts = np.zeros(len(scores), bool) if bound is None else scores >= bound
    at = pa.array(np.full(len(scores), end.cast(pa.int64()).as_py()), pa.int64(), mask=~alerts)
    return Scored(pa.table({"hub": accounts, "score": scores, "alert_at": at.cast(pa.timestamp("us", "UTC"))}))


def fitted(worlds: Sequence[Labelled], seed: int = 0) -> Mapping[str, Scorer]:
    """Each baseline by its name, fitted."""
    return {
        "degree threshold": _best_column(worlds, DEGREES),
        "rate threshold": _best_column(worlds, RATES),
        "gradient boosting on counts": _boosted(worlds, lambda one: one.counts, seed),
        "isolation forest": _isolated(worlds, seed),
        "temporal motifs": _boosted(worlds, lambda one: one.motifs, seed),
    }


def _best_column(worlds: Sequence[Labelled], names: Sequence[str]) -> Scorer:
    """The one count whose order of accounts is best on the fitting worlds."""

    def column(name: str) -> Scorer:
        return lambda one: one.counts[:, one.names.index(name)]

    def goodness(name: str) -> float:
        return float(np.mean([_precision(world, column(name)(world.seen)) for world in worlds]))

    return column(max(names, key=goodness))


def _precision(world: Labelled, scores: Floats) -> float:
    return float(average_precision_score(world.truth, scores, sample_weight=world.weights))


def _boosted(worlds: Sequence[Labelled], columns: Callable[[Seen], Floats], seed: int) -> Scorer:
    """Gradient boosting in the configuration that does best on fitting worlds which it was not fitted on."""
    tables = [columns(world.seen) for world in worlds]

    def model(configuration: Mapping[str, Any], places: Sequence[int]) -> HistGradientBoostingClassifier:
        made = HistGradientBoostingClassifier(early_stopping=False, random_state=seed, **configuration)
        truth, weights = (np.concatenate([getattr(worlds[i], name) for i in places]) for name in ("truth", "weights"))
        return made.fit(np.vstack([tables[i] for i in places]), truth, weights)

    def goodness(configuration: Mapping[str, Any]) -> float:
        found = []
        for fold in range(2):
            held = [place for place in range(len(tables)) if place % 2 == fold]
            made = model(configuration, [place for place in range(len(tables)) if place % 2 != fold])
            found += [_precision(worlds[i], made.decision_function(tables[i])) for i in held]
        return float(np.mean(found))

    best = max(CONFIGURATIONS, key=goodness) if len(tables) > 1 else CONFIGURATIONS[0]
    final = model(best, range(len(tables)))

    def score(one: Seen) -> Floats:
        odds: Floats = final.decision_function(columns(one))
        return odds

    return score


def _isolated(worlds: Sequence[Labelled], seed: int) -> Scorer:
    """Isolation forest on the same counts, without the truth."""
    forest = IsolationForest(n_estimators=200, random_state=seed)
    forest.fit(np.log1p(np.vstack([world.seen.counts for world in worlds])))

    def score(one: Seen) -> Floats:
        odd: Floats = -forest.score_samples(np.log1p(one.counts))
        return odd

    return score
