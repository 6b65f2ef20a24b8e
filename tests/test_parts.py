"""Rows that travel take no more with them than they are."""

from __future__ import annotations

import pickle

import pyarrow as pa

from seawall.parts import TableRows


def test_a_piece_of_a_table_travels_without_the_rest() -> None:
    """A hundredth of the rows is about a hundredth of the bytes, and comes back as it was; the rows themselves stay."""
    rows = TableRows(pa.table({"club": [f"tulips {number}" for number in range(20_000)]}))
    whole = len(pickle.dumps(rows.table))
    pieces = [pickle.dumps(piece) for piece in rows.pieces(100)]
    assert max(map(len, pieces)) < whole / 50
    assert len(pickle.dumps(rows)) < whole / 50
    there = pickle.loads(pickle.dumps(rows))  # noqa: S301 - what was just written
    back = [batch for piece in pieces for batch in there.read(pickle.loads(piece))]  # noqa: S301 - as above
    assert pa.Table.from_batches(back).equals(rows.table)
