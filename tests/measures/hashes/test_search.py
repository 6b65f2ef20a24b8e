from __future__ import annotations

import numpy as np
import pytest

from seawall.measures.hashes.search import FLIPS, SIZES, nearest, radii_of, worth_tables
from seawall.measures.hashes.tables import Tables
from tests.measures.hashes.clustered import clustered

WORDS = clustered(500, group=25, flips=70, seed=5)


def brute(queries: np.ndarray, alive: np.ndarray, distance: int) -> list[tuple[int, int, int]]:
    """All pairs by comparing all."""
    apart = np.bitwise_count(queries[:, None, :] ^ WORDS[None, :, :]).sum(axis=2)
    near = zip(*np.nonzero((apart <= distance) & alive), strict=True)
    return sorted(((int(q), int(r), int(apart[q, r])) for q, r in near), key=lambda row: (row[0], row[2], row[1]))


@pytest.mark.parametrize("distance", [0, 1, 9, 15, 16, 20, 30, 31, 32, 40, 47, 48, 63])
@pytest.mark.parametrize("grown", ["built", "inserted"])
def test_tables_find_what_a_comparison_with_every_row_finds(distance: int, grown: str) -> None:
    """At every distance that the tables serve, on tables that were laid out at once or filled row by row."""
    alive = np.arange(len(WORDS)) % 7 != 0
    tables, flat = Tables(), WORDS.reshape(-1)
    if grown == "built":
        tables.build(flat, alive)
    else:
        for first in range(0, len(WORDS), 50):
            tables.insert(flat[: 4 * (first + 50)], alive[: first + 50], first)
    queries = np.concatenate([WORDS[:40], clustered(40, seed=6)])
    expected = brute(queries, alive, distance)
    for by_tables in (True, False):
        found = nearest(flat, alive, tables, queries.reshape(-1), distance, by_tables=by_tables)
        assert list(zip(*(column.tolist() for column in found), strict=True)) == expected


def test_values_to_look_up_are_those_that_differ_in_so_many_bits() -> None:
    """Each of the values that differ in at most 0 to 3 of 16 bits, once."""
    for radius in range(4):
        wanted = {value for value in range(1 << 16) if value.bit_count() <= radius}
        assert set(FLIPS[: SIZES[radius]].tolist()) == wanted
        assert SIZES[radius] == len(wanted)


def test_a_pair_within_the_distance_is_near_in_a_piece_that_is_looked_up() -> None:
    """The pigeonhole, at its edge: bits spread as evenly as can be still leave a piece within its radius."""
    for distance in range(64):
        radii = radii_of(distance)
        assert sum(radius + 1 for radius in radii.tolist()) == distance + 1


def test_tables_are_used_where_they_pay() -> None:
    """A large bank at the usual distance goes through the tables; a small one and a large distance do not."""
    assert worth_tables(1_000_000, 31)
    assert worth_tables(1_000_000, 47)
    assert not worth_tables(500, 31)
    assert not worth_tables(1_000_000, 100)
    assert not worth_tables(0, 31)
