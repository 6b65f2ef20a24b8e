"""Rates of false discoveries over parts are those of all p-values at once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seawall.engine.local_parts import LocalParts
from seawall.measures.coshare.discovery import false_discovery
from seawall.measures.coshare.parted_discovery import within_reach
from seawall.parts import TableRows

chances = st.floats(0, 1) | st.sampled_from([0.0, -0.0, 1e-300, 1e-9, 1.000001e-9, 0.01, 0.0100001, 0.5, 1.0])


@given(
    p=st.lists(st.tuples(chances, chances), max_size=40),
    more=st.tuples(st.integers(0, 100), st.integers(0, 100_000)),
    keep=st.floats(0, 1, exclude_max=True),
    count=st.integers(1, 7),
)
def test_q_is_exact_and_whatever_is_a_discovery_comes_back(
    p: list[tuple[float, float]], more: tuple[int, int], keep: float, count: int
) -> None:
    """For both questions, to the bit, also of those that came back because of the other question."""
    values = np.array(p).reshape(-1, 2)
    hypotheses = len(p) + more[0], len(p) + more[1]
    edges = pa.table({"p": values[:, 0], "p_sharing": values[:, 1], "number": np.arange(len(p))})
    found, q = within_reach(LocalParts.of(TableRows(edges), count).by("number").kept(), hypotheses, keep)
    wanted = [false_discovery(np.abs(values[:, k]), hypotheses[k]) for k in (0, 1)]
    kept = np.flatnonzero((wanted[0] <= keep) | (wanted[1] <= keep))
    order = np.argsort(found["number"].to_numpy())
    assert found["number"].to_numpy()[order].tolist() == kept.tolist()
    for one, other in zip(q, wanted, strict=True):
        assert one[order].tolist() == other[kept].tolist()
