from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.coshare.names import Ids, Roster
from seawall.measures.keys import identity_keys

texts = st.lists(st.text(max_size=8) | st.none(), max_size=20)


@given(parts=st.lists(texts, max_size=5), wanted=st.randoms())
def test_each_place_gives_its_string_back(parts: list[list[str | None]], wanted: object) -> None:
    """Strings come back in any order, nulls as nulls, also after all others were let go."""
    ids, places, told = Ids(), [np.empty(0, np.int64)], []
    for part in parts:
        places.append(ids.put(pa.chunked_array([pa.array(["before", *part], pa.string())[1:]])))
        told += part
    order = wanted.sample(range(len(told)), len(told) // 2)  # type: ignore[attr-defined]
    chosen = np.concatenate(places)[order]
    assert ids.take(chosen).to_pylist() == [told[place] for place in order]
    moved = ids.keep_only(chosen)
    assert ids.take(moved).to_pylist() == [told[place] for place in order]
    assert ids.used == sum(len((told[place] or "").encode()) for place in order)


@given(parts=st.lists(st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=20), max_size=5))
def test_an_account_keeps_its_number_and_its_name(parts: list[list[str]]) -> None:
    """Equal ids have equal numbers from 0 on; after some are let go the others have names and keys as before."""
    roster, numbers = Roster(), {}
    for part in parts:
        column = pa.chunked_array([pa.array(part)])
        codes = roster.codes(identity_keys(column), column)
        for name, code in zip(part, codes.tolist(), strict=True):
            assert numbers.setdefault(name, code) == code
        assert roster.names(codes).to_pylist() == part
    assert sorted(numbers.values()) == list(range(len(roster)))
    kept = np.arange(len(roster)) % 3 != 1
    moved = roster.keep_only(kept)
    left = {name: int(moved[code]) for name, code in numbers.items() if kept[code]}
    codes = np.array(list(left.values()), np.int32)
    assert roster.names(codes).to_pylist() == list(left)
    column = pa.chunked_array([pa.array(list(left), pa.string())])
    assert roster.codes(identity_keys(column), column).tolist() == codes.tolist()
    assert roster.keys(codes).tolist() == identity_keys(column).tolist()
