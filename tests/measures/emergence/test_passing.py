"""Which places are found on which day, beside the same worked out place by place."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.discovery import benjamini_hochberg
from seawall.measures.emergence.passing import MEMORY, SCALE, STEP, Found, passed
from seawall.measures.emergence.watching import AGES
from seawall.measures.heavy_tail import Tail

LAST, LEVEL = 430, 0.2
"""Longer than places are remembered."""


def place_by_place(fifth: list[int], scores: np.ndarray) -> list[Found]:
    """Each place on each day among those that were judged at its age by then."""
    told, found = set(), []
    for day in range(LAST):
        now = [place for place, first in enumerate(fifth) if first <= day < first + AGES]
        chances = []
        for place in now:
            age = day - fifth[place]
            others = [scores[one, age] for one, first in enumerate(fifth) if day - MEMORY < first <= day - age]
            known = np.exp(np.array(others) / SCALE)
            chances.append(Tail.of(known, STEP * known).p(np.exp(scores[place, age : age + 1] / SCALE))[0])
        if now:
            for place, p, q in zip(now, chances, benjamini_hochberg(np.array(chances)), strict=True):
                if q <= LEVEL and place not in told:
                    told.add(place)
                    found.append(Found(place, day, float(p), float(q)))
    return found


@given(st.lists(st.integers(0, LAST - 1), max_size=60), st.integers(0, 1_000))
def test_places_of_an_age_are_judged_as_if_one_by_one(fifth: list[int], seed: int) -> None:
    """One tail for all places of the same age finds the same ones on the same days, with the same chances."""
    scores = np.minimum(20.0 * np.random.default_rng(seed).pareto(1.5, (len(fifth), AGES)), 500.0)
    found = list(passed(np.array(fifth, np.int64), scores, (0, LAST), LEVEL))
    assert found == place_by_place(fifth, scores)
