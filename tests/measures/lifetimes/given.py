"""Spells made for tests, as tables."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from hypothesis import strategies as st

from tests.measures.lifetimes.reference import Spell

KINDS = ("taken_down", "renamed", "dormant")


@st.composite
def spells(draw: st.DrawFn, delayed: bool, most: int = 12) -> list[Spell]:
    """A few spells in whole days, with ties; some come under observation late."""
    made = []
    for _ in range(draw(st.integers(1, most))):
        age = draw(st.integers(0, 9))
        begin = draw(st.integers(0, age - 1)) if delayed and age > 1 and draw(st.booleans()) else 0
        made.append(Spell(begin, age, draw(st.sampled_from((None, *KINDS)))))
    return made


def table(made: Sequence[Spell], group: object = None) -> pa.Table:
    """The spells with their starts spread over time."""
    start = [place * 3 for place in range(len(made))]
    columns = {
        "start": pa.array(start, pa.float64()),
        "end": pa.array([at + one.age for at, one in zip(start, made, strict=True)], pa.float64()),
        "event": pa.array([one.kind for one in made], pa.string()),
        "entry": pa.array([at + one.begin for at, one in zip(start, made, strict=True)], pa.float64()),
    }
    if group is not None:
        columns["group"] = pa.array([group] * len(made))
    return pa.table(columns)
