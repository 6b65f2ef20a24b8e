from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import coordination
from tests.measures.coshare import reference
from tests.measures.coshare.test_measure import shares_lists, table

CLUB = [
    ("tulips", "ann", "m1", 0),
    ("tulips", "bob", "m2", 20),
    ("tulips", "cem", "m3", 25),
    ("roses", "bob", "m4", 500),
    ("roses", "ann", "m5", 505),
    ("roses", "ann", "m6", 900),
]


@given(shares=shares_lists, window=st.integers(0, 12))
def test_evidence_holds_the_pairs_of_rows_behind_each_edge(shares: list[reference.Share], window: int) -> None:
    """For each edge the evidence is as long as the edge has pairs, on one object, within the window, signed."""
    network = coordination(table(shares), window=window, min_repeats=1)
    for edge in network.edges.to_pylist():
        rows = network.evidence(edge["source"], edge["target"]).to_pylist()
        assert len(rows) == edge["pairs"]
        assert len({row["object"] for row in rows}) == edge["weight"]
        assert all(abs(row["lag_s"]) <= window for row in rows)
        assert all(row["lag_s"] == row["target_at"] - row["source_at"] for row in rows)


@given(shares=shares_lists, window=st.integers(0, 12))
def test_evidence_of_the_compatible_modes_counts_what_their_weight_counts(
    shares: list[reference.Share], window: int
) -> None:
    """cnt: distinct messages of the source; coortweet: pairs of rows."""
    network = coordination(table(shares), window=window, min_repeats=1, compat="cnt")
    for edge in network.edges.to_pylist():
        rows = network.evidence(edge["source"], edge["target"])
        assert len(rows["source_message"].unique()) == edge["weight"]
    network = coordination(table(shares), window=window, min_repeats=1, compat="coortweet")
    for edge in network.edges.to_pylist():
        assert len(network.evidence(edge["source"], edge["target"])) == edge["weight"]


def test_evidence_names_the_messages_in_the_order_of_time() -> None:
    """Object, both messages, both times as given, and the lag from source to target."""
    network = coordination(table(CLUB), window=60)
    names = ["object", "source_message", "target_message", "source_at", "target_at", "lag_s"]
    evidence = network.evidence("ann", "bob")
    assert evidence.column_names == names
    assert [tuple(row.values()) for row in evidence.to_pylist()] == [
        ("tulips", "m1", "m2", 0, 20, 20.0),
        ("roses", "m5", "m4", 505, 500, -5.0),
    ]
    assert network.evidence("bob", "ann")["lag_s"].to_pylist() == [-20.0, 5.0]


def test_an_account_that_is_not_there_is_refused_without_quoting_it() -> None:
    """Asking for an unknown account, or with a value of another type, is an error."""
    network = coordination(table(CLUB), window=60)
    for account in ("dora", 7):
        with pytest.raises(MeasureError, match="no such account") as caught:
            network.evidence("ann", account)
        assert str(account) not in str(caught.value)


def test_nodes_count_neighbours_and_weight() -> None:
    """Degree, strength, shares and the first share of each account."""
    nodes = coordination(table(CLUB), window=60, min_repeats=1).nodes.to_pylist()
    by_account = {row["account"]: row for row in nodes}
    assert [(a, by_account[a]["degree"], by_account[a]["strength"]) for a in ("ann", "bob", "cem")] == [
        ("ann", 2, 3),
        ("bob", 2, 3),
        ("cem", 2, 2),
    ]
    assert by_account["bob"]["first_message"] == "m2"


def test_among_finds_the_occasions_of_a_group() -> None:
    """Shares of one object, each within the window after the one before, are one occasion; lonely ones are left out."""
    network = coordination(table(CLUB), window=60, min_repeats=1)
    rows = network.among(pa.array(["ann", "bob", "cem"])).to_pylist()
    occasions = {}
    for row in rows:
        occasions.setdefault(row["occasion"], set()).add(row["message"])
    assert sorted(map(sorted, occasions.values())) == [["m1", "m2", "m3"], ["m4", "m5"]]
    assert len(network.among(pa.array(["cem"]))) == 0


def test_a_network_shows_itself_escaped() -> None:
    """The notebook view escapes what accounts are called."""
    shares = [(o, account, f"{o}{account}", 0) for o in "xy" for account in ("<b>ann</b>", "bob & co")]
    network = coordination(table(shares), window=1)
    assert repr(network) == "<Network: 2 accounts, 1 undirected edges within 1 s>"
    html = network._repr_html_()
    assert "<b>" not in html
    assert "&lt;b&gt;ann" in html
    assert "bob &amp; co" in html
