"""Successors of channels that ended: how many are right, found, and wrongly told, beside simple ways to do it.

``rows() -> list[Row]``. Worlds are simulated takedowns from wider ranges than those of the fit, with seeds of their
own, and those of a second generator (``successors_other``), on which no weight was fitted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.successors_fit import fitting_world, given
from benchmarks.successors_other import other_takedown
from benchmarks.table import Row
from seawall.measures import Successors, successors
from seawall.measures.succession.measure import gathered
from seawall.measures.succession.words import HANDLE, LINKS, RIVALS
from seawall.simulate import TakedownSettings, takedown_world

NAME = "Migration: successors"

WIDE, OTHER = range(61_000, 61_016), range(61_100, 61_124)
LEARNED = range(51_000, 51_006)
"""Seeds of the fitting ranges on which gradient boosting learns."""

Floats = npt.NDArray[np.float64]
Truth = Mapping[str, set[str]]


@dataclass(frozen=True)
class Judged:
    """One entry an end: what was said of it, and what is so."""

    probability: Floats
    right: npt.NDArray[np.bool_]
    has: npt.NDArray[np.bool_]
    told: npt.NDArray[np.bool_]
    rank: Floats

    @classmethod
    def joined(cls, parts: list[Judged]) -> Judged:
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__dataclass_fields__))

    @property
    def precision(self) -> float:
        """Of the surest, as many as half of the ends that have a successor."""
        order = np.argsort(-self.probability, kind="stable")[: int(self.has.sum()) // 2]
        return float(self.right[order].mean())

    @property
    def recall(self) -> float:
        """How often a true successor is among the first five candidates."""
        return float((self.rank[self.has] <= 5).mean())

    @property
    def false_links(self) -> float:
        """How often a successor is told of an end that has none."""
        return float(self.told[~self.has].mean())

    @property
    def found(self) -> float:
        """How many of the ends that have a successor have the right one told."""
        return float((self.told & self.right)[self.has].mean())

    @property
    def calibration(self) -> float:
        """The mean distance of probability and frequency over ten classes of probability."""
        classes = np.minimum((self.probability * 10).astype(int), 9)
        off = [
            abs(float(self.right[here].mean() - self.probability[here].mean())) * float(here.mean())
            for here in (classes == one for one in range(10))
            if here.any()
        ]
        return float(sum(off))


def judged(found: Successors, truth: Truth) -> Judged:
    """What the measure said, against the truth."""
    ranks: dict[str, float] = {}
    for row in found.candidates.select(["ended", "candidate", "rank"]).to_pylist():
        if row["candidate"] in truth.get(row["ended"], ()):
            ranks[row["ended"]] = min(row["rank"], ranks.get(row["ended"], np.inf))
    ends = found.ends.to_pylist()
    return Judged(
        found.ends["probability"].to_numpy(),
        np.array([row["likeliest"] in truth.get(row["ended"], ()) for row in ends]),
        np.array([row["ended"] in truth for row in ends]),
        np.array([row["successor"] is not None for row in ends]),
        np.array([ranks.get(row["ended"], np.inf) for row in ends]),
    )


def by_score(tables: Mapping[str, Any], truth: Truth, score: Callable[[Any], Floats], least: float) -> Judged:
    """The candidate with the highest score of each end; told where it is at least ``least``."""
    known, ended, pairs, found, _ = gathered(**tables)
    names = np.array(known.ids.to_pylist())
    scores = score(found)
    order = np.lexsort((-scores, pairs.end))
    end = pairs.end[order]
    rank = np.arange(len(order)) - np.searchsorted(end, end) + 1
    true = np.array([new in truth.get(old, ()) for old, new in zip(names[pairs.old], names[pairs.new], strict=True)])
    best = np.full(len(ended.at), np.inf)
    np.minimum.at(best, end[true[order]], rank[true[order]])
    first = np.full(len(ended.at), -1)
    first[end[rank == 1]] = order[rank == 1]
    top = np.where(first >= 0, np.append(scores, 0.0)[first], 0.0)
    has = np.array([name in truth for name in names[ended.channel]])
    return Judged(top, np.append(true, False)[first], has, top >= least, best)


def worlds() -> dict[str, list[tuple[dict[str, Any], Truth]]]:
    """Tables and truth of both generators."""
    wide: list[tuple[dict[str, Any], Truth]] = []
    for seed in WIDE:
        world = takedown_world(seed, settings=TakedownSettings.drawn(np.random.default_rng(seed), wide=True))
        wide.append((given(world), truth_of(world.successors)))
    other: list[tuple[dict[str, Any], Truth]] = []
    for seed in OTHER:
        made = other_takedown(seed)
        told = {name: getattr(made, name) for name in ("ends", "channels", "links", "forwards", "media", "clusters")}
        other.append((told, made.truth))
    return {"simulated takedowns, wider ranges": wide, "second generator": other}


def truth_of(pairs: pa.Table) -> Truth:
    """Ended channel -> its successors."""
    truth: dict[str, set[str]] = {}
    for row in pairs.to_pylist():
        truth.setdefault(row["ended"], set()).add(row["successor"])
    return truth


def boosted() -> Callable[[Any], Floats]:
    """Gradient boosting on the same terms, before they are weighed, learned on worlds of the fitting ranges."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    features, labels = [], []
    for seed in LEARNED:
        world = fitting_world(seed)
        known, _, pairs, found, _ = gathered(**given(world))
        names, truth = np.array(known.ids.to_pylist()), truth_of(world.successors)
        features.append(found.nats[:, :RIVALS])
        olds, news = names[pairs.old], names[pairs.new]
        labels.append(np.array([new in truth.get(old, ()) for old, new in zip(olds, news, strict=True)]))
    model = HistGradientBoostingClassifier(random_state=1).fit(np.concatenate(features), np.concatenate(labels))
    return lambda found: np.asarray(model.predict_proba(found.nats[:, :RIVALS])[:, 1], np.float64)


def run() -> list[Row]:
    """The figures, with their bounds."""
    learned, told = boosted(), []
    for where, there in worlds().items():
        began = time.perf_counter()
        ours = Judged.joined([judged(successors(**tables), truth) for tables, truth in there])
        seconds = time.perf_counter() - began
        peers = {
            "handles alone": (lambda found: np.nan_to_num(found.observed[:, HANDLE]), 0.9),
            "shared links alone": (lambda found: np.nan_to_num(found.observed[:, LINKS]), 1.0),
            "gradient boosting": (learned, 0.8),
        }
        note = f"{where}: {len(there)} worlds, {len(ours.has):,} ends, {int(ours.has.sum()):,} with a successor"
        beside = {
            name: Judged.joined([by_score(tables, truth, score, least) for tables, truth in there])
            for name, (score, least) in peers.items()
        }
        told += _rows(where, note, ours, beside)
        told.append(Row(f"successors: seconds an end ({where})", seconds / len(ours.has), "s", note="all evidence"))
    return told


def _rows(where: str, note: str, ours: Judged, beside: Mapping[str, Judged]) -> list[Row]:
    bounds = {"precision": ">= 0.95", "recall": ">= 0.9", "false_links": "<= 0.02", "found": None, "calibration": None}
    claims = {
        "precision": "precision of the surest, half as many as have a successor",
        "recall": "the true successor is among the first five",
        "false_links": "a successor is told of an end without one",
        "found": "the right successor is told",
        "calibration": "mean distance of probability and frequency",
    }
    made = []
    for name, claim in claims.items():
        made.append(Row(f"successors: {claim} ({where})", getattr(ours, name), "", bounds[name], note=note))
        if name != "calibration":
            made += [
                Row(f"... {peer}", getattr(judgement, name), "", note="for comparison")
                for peer, judgement in beside.items()
            ]
    return made
