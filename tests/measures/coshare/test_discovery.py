from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.coshare.discovery import false_discovery
from tests.measures.coshare import chance_reference as reference


@given(p=st.lists(st.floats(0, 1) | st.sampled_from([0.01, 0.02, 1e-9]), max_size=20), more=st.integers(0, 60))
def test_it_is_what_a_list_filled_up_with_ones_gives(p: list[float], more: int) -> None:
    """With ties, zeros and any number of unlisted hypotheses: the adjusted p-values of the whole list."""
    found = false_discovery(np.array(p, np.float64), len(p) + more)
    assert np.allclose(found, reference.false_discovery(p, len(p) + more), rtol=1e-12, atol=0)


def test_no_edges_give_no_discoveries() -> None:
    """An empty list has no q."""
    assert len(false_discovery(np.empty(0), 100)) == 0
