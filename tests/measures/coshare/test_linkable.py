from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures import CoordinationMeasure
from seawall.measures.coshare.linkable import linkable
from tests.measures.coshare import reference
from tests.measures.coshare.test_measure import found, shares_lists, table


@given(shares=shares_lists, window=st.integers(0, 12), least=st.integers(1, 3))
def test_accounts_that_are_left_out_have_no_edge(shares: list[reference.Share], window: int, least: int) -> None:
    """The rest has the same edges, accounts are kept whole, and those of too few things are out."""
    measure = CoordinationMeasure(window, least)
    partial = measure.merge([measure.kernel(measure.prepare(table(shares)))])
    columns = {name: partial[name].to_numpy() for name in ("object", "account", "message", "at")}
    codes = np.unique(columns["account"], return_inverse=True)[1].astype(np.int32)
    kept = linkable(columns, codes, measure.window_us, least)
    assert found(measure.finalise(partial.filter(kept))) == reference.distinct_objects(shares, window, least)
    for code in set(codes.tolist()):
        own = kept[codes == code]
        assert own.all() == own.any()
        if len(set(columns["object"][codes == code].tolist())) < least:
            assert not own.any()
