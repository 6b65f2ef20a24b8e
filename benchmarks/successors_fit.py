"""Fit the weights of ``seawall.measures.successors``: python -m benchmarks.successors_fit prints them.

On simulated takedowns whose habits are drawn from the fitting ranges, with seeds that nothing else uses. In every
second world one or two kinds of evidence are taken away. The weights are few, none is negative, and each is drawn
towards 1, at which a term would be believed as it stands. Before anything is seen no successor is likelier than one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from seawall.measures.succession.measure import gathered
from seawall.measures.succession.weights import Weights
from seawall.measures.succession.words import RIVALS, TERMS
from seawall.simulate import TakedownSettings, TakedownWorld, takedown_world

SEEDS = range(50_000, 50_016)
KINDS = ("links", "forwards", "media", "clusters", "handle")
TOWARDS_ONE = 4.0
"""How strongly, in nats for a weight that is off by 1."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """The pairs of one world: their evidence, the end of each, and which are true."""

    found: Any
    end: npt.NDArray[np.int64]
    ends: int
    true: npt.NDArray[np.bool_]


def fitting_world(seed: int) -> TakedownWorld:
    """A world of the fitting ranges."""
    return takedown_world(seed, settings=TakedownSettings.drawn(np.random.default_rng(seed)))


def given(world: TakedownWorld, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the measure is given of a world, without some kinds of evidence."""
    channels = world.channels.drop_columns(["community", "acted_on", *(["handle"] if "handle" in without else [])])
    tables = {"links": world.links, "forwards": world.forwards, "media": world.media, "clusters": world.clusters}
    return {"ends": world.ends, "channels": channels} | {
        name: None if name in without else table for name, table in tables.items()
    }


def case(seed: int) -> Case:
    """The evidence about one fitting world, of every second one not all."""
    world = fitting_world(seed)
    rng = np.random.default_rng([seed, 5])
    without = tuple(rng.choice(KINDS, int(rng.integers(1, 3)), replace=False)) if seed % 2 else ()
    known, ended, pairs, found, _ = gathered(**given(world, without))
    names = np.array(known.ids.to_pylist())
    heirs = set(zip(world.successors["ended"].to_pylist(), world.successors["successor"].to_pylist(), strict=True))
    true = np.array([pair in heirs for pair in zip(names[pairs.old], names[pairs.new], strict=True)])
    return Case(found, pairs.end, len(ended.at), true)


def weights_of(values: Floats) -> Weights:
    """Weights from a vector: prior, logarithms of the three rates, terms."""
    terms = dict(zip(TERMS[:RIVALS], values[4:].tolist(), strict=True))
    fans, imitators, friends = np.exp(values[1:4]).tolist()
    return Weights(float(values[0]), terms, fans, imitators, friends)


def loss(values: Floats, cases: list[Case]) -> float:
    """Nats lost in saying, for each end, which candidate it is or that it is none, and for being far from 1."""
    weights, lost = weights_of(values), TOWARDS_ONE * float(((values[4:] - 1) ** 2).sum())
    for one in cases:
        odds = np.exp(np.clip(weights.parts(one.found).sum(axis=1) + weights.prior, -40, 40))
        every = 1 + np.bincount(one.end, odds, one.ends)
        right = np.bincount(one.end[one.true], odds[one.true], one.ends)
        lost += float((np.log(every) - np.log(np.where(right > 0, right, 1.0))).sum())
    return lost


def fit(cases: list[Case]) -> Weights:
    """The weights at which the least is lost."""
    start = np.concatenate([[0.0, np.log(0.1), np.log(0.04), np.log(0.1)], np.ones(RIVALS)])
    bounds = [(-4, 0), (-7, 1), (-7, 0), (-7, 1), *[(0.0, 1.25)] * RIVALS]
    found = minimize(loss, start, (cases,), "L-BFGS-B", bounds=bounds)
    return weights_of(found.x)


if __name__ == "__main__":
    fitted = fit([case(seed) for seed in SEEDS])
    rates = {name: round(getattr(fitted, name), 3) for name in ("fans", "imitators", "friends")}
    print(f"prior={fitted.prior:.2f}", rates)
    print({name: round(value, 2) for name, value in fitted.terms.items()})
