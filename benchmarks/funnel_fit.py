"""Find the weights of the funnel score anew: ``python -m benchmarks.funnel_fit [worlds] [rounds]``.

Worlds of ``seawall.simulate`` from its fitting ranges, on a synthetic platform and on real ones (with keys and
addresses, and with the layers that they lack); never the second generator. Logistic regression of the terms at each
account's highest score, weights between 0.02 and 3 and drawn towards 0.5; since the highest score depends on the
weights, it is done again with the new ones. Prints, writes nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from benchmarks.funnel_backgrounds import DATA, collegemsg, real, ubuntu_irc
from seawall.measures import funnels
from seawall.measures.funnel import TERMS
from seawall.measures.funnel.weights import WEIGHTS
from seawall.simulate import FunnelSettings, World, funnel_world
from seawall.simulate.dressing import dressed

Floats = npt.NDArray[np.float64]
FIRST_SEED = 100
DECOY, HUB = 4.0, 2.0
"""How much a look-alike and a hub count against an ordinary account."""
PULL = 0.2
"""How strongly, for each world, a weight is drawn towards 0.5."""


def worlds(count: int) -> Iterator[World]:
    """Fitting worlds, on four kinds of ground where the data are there."""
    for seed in range(FIRST_SEED, FIRST_SEED + count):
        rng = np.random.default_rng(seed)
        yield funnel_world(seed, settings=FunnelSettings.drawn(rng, accounts=10_000, days=60))
        if DATA.exists():
            for ground in (
                real("collegemsg", seed),
                dressed(collegemsg(), seed, layers=True),
                dressed(ubuntu_irc(), seed, layers=True),
            ):
                yield funnel_world(seed, background=ground, settings=FunnelSettings.drawn(rng, hubs=5))


def examples(world: World) -> tuple[Floats, Floats, Floats]:
    """Terms without their weights, whether it is a hub, and how much it counts, of each account that approached."""
    role = dict(zip(world.hubs["account"].to_pylist(), world.hubs["role"].to_pylist(), strict=True))
    takers = set(world.pairs["handed_to"].to_pylist()) - set(role)
    rows: list[list[float]] = []
    labels, counts = [], []
    for hub in funnels(world.interactions).hubs.to_pylist():
        if hub["hub"] in takers or (hub["hub"] not in role and hub["score"] < 0):
            continue
        told = {term["name"]: term["value"] for term in hub["terms"]}
        rows.append([told.get(name, 0.0) for name in TERMS])
        what = role.get(hub["hub"])
        labels.append(float(what == "funnel"))
        counts.append(1.0 if what is None else HUB if what == "funnel" else DECOY)
    return np.array(rows) / WEIGHTS, np.array(labels), np.array(counts)


def fitted(terms: Floats, labels: Floats, counts: Floats, pull: float) -> tuple[Floats, float]:
    """Weights and the bound at even odds."""

    def loss(values: Floats) -> tuple[float, Floats]:
        logit = terms @ values[:-1] - values[-1]
        off = (1 / (1 + np.exp(-logit)) - labels) * counts
        away = values[:-1] - 0.5
        total = (counts * (np.logaddexp(0, logit) - labels * logit)).sum() + pull * (away**2).sum()
        return float(total), np.append(terms.T @ off + 2 * pull * away, -off.sum())

    limits: list[tuple[Any, Any]] = [(0.02, 3.0)] * terms.shape[1] + [(None, None)]
    found = minimize(loss, np.append(np.full(terms.shape[1], 0.5), 6.0), jac=True, method="L-BFGS-B", bounds=limits)
    return found.x[:-1], float(found.x[-1])


def main(count: int, rounds: int) -> None:
    """Fit, and print the weights of each round."""
    planted = list(worlds(count))
    for _ in range(rounds):
        parts = [examples(world) for world in planted]
        terms, labels, counts = (np.concatenate(column) for column in zip(*parts, strict=True))
        weights, bound = fitted(terms, labels, counts, PULL * len(planted))
        WEIGHTS[:] = weights
        told = {name: round(float(weight), 2) for name, weight in zip(TERMS, weights, strict=True)}
        print(f"even odds at {bound:.2f} nats: {told}")


if __name__ == "__main__":
    main(*(int(value) for value in (sys.argv[1:] + ["5", "3"][len(sys.argv) - 1 :])))
