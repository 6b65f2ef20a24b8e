"""Real tables get what a funnel would show, for ordinary people as well, and keep what they have."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from seawall.simulate import dressed


def bare(ordinary: pa.Table, *kinds: str) -> pa.Table:
    """Some kinds of the table's rows, and of them only what every table tells."""
    kept = ordinary.filter(pc.is_in(ordinary["kind"], pa.array(kinds)))
    return kept.select(["interaction_id", "at", "kind", "source", "target"])


def test_words_and_addresses_come_to_rows_that_have_words(ordinary: pa.Table) -> None:
    """Spoken rows get keys and lengths, some direct messages an address; nothing else changes; the seed decides."""
    given = bare(ordinary, "dm", "follow")
    made = dressed(given, 1)
    assert made.select(given.column_names).equals(given)
    spoken = pc.equal(made["kind"], "dm")
    assert pc.is_valid(made["reply_key"]).equals(spoken)
    assert pc.is_valid(made["length_class"]).equals(spoken)
    passed = made.filter(pc.is_valid(made["contact_kind"]))
    assert 0 < passed.num_rows < 0.1 * made.num_rows
    assert passed["contact_key"].null_count == 0
    assert set(passed["kind"].to_pylist()) == {"dm"}
    assert dressed(given, 1).equals(made)


def test_what_a_table_tells_stays(ordinary: pa.Table) -> None:
    """A column that has a value anywhere is left as it is."""
    assert dressed(ordinary, 1).equals(ordinary)


def test_missing_layers_come_to_pairs_that_are_there(ordinary: pa.Table) -> None:
    """Public talk and follows are added among pairs that write to each other, within the time of the table."""
    given = bare(ordinary, "dm")
    made = dressed(given, 1, layers=True)
    assert {"mention", "reply", "follow", "dm"} <= set(made["kind"].to_pylist())
    direct = made.filter(pc.equal(made["kind"], "dm"))
    assert direct.select(given.column_names).equals(given)

    def pairs(table: pa.Table) -> set[frozenset[str]]:
        return {frozenset(pair) for pair in zip(table["source"].to_pylist(), table["target"].to_pylist(), strict=True)}

    assert pairs(made) == pairs(given)
    assert pc.min_max(made["at"]) == pc.min_max(given["at"])
