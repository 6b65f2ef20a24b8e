"""Room for more: every queue grows by itself."""

from __future__ import annotations

import pyarrow as pa

from seawall.measures import funnels


def test_a_table_in_which_nobody_answers_ends() -> None:
    """A hundred thousand first mentions that nobody answers fill the pairs and no queue; each is counted."""
    acts = 100_000
    table = pa.table(
        {
            "at": pa.array(range(acts), pa.timestamp("s", "UTC")),
            "kind": ["mention"] * acts,
            "source": [place % 500 for place in range(acts)],
            "target": [500 + place for place in range(acts)],
        }
    )
    found = funnels(table)
    assert found.hubs["newcomers"].to_pylist() == [acts // 500] * 500
    assert found.pairs.num_rows == acts
