"""Counts of many series, bin by bin, while what they count comes and goes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Name = tuple[str | None, ...]
"""What tells one series from another: one entry for each of the names of ``Cells``."""

BINS = 1 << 40
MIDDLE = 1 << 39
"""A cell's key is the number of its series times BINS, plus its bin plus MIDDLE."""


class Cells:
    """Counts by series and bin: 16 bytes for each bin of a series that has any.

    Args:
        names: what the parts of a series' name are called.

    >>> cells = Cells(["bed", "row"])
    >>> cells.add([("roses", "1"), ("roses", None)], np.array([3, 3]), np.array([2, 1]))
    >>> cells.add([("roses", "1")], np.array([3]), np.array([-2]))
    >>> cells.table().to_pylist()
    [{'bed': 'roses', 'row': None, 'bin': 3, 'count': 1}]
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.schema = pa.schema([*((name, pa.string()) for name in names), ("bin", pa.int64()), ("count", pa.int64())])
        self._names = list(names)
        self._codes: dict[Name, int] = {}
        self._keys: Ints = np.empty(0, np.int64)
        self._counts: Ints = np.empty(0, np.int64)

    @property
    def nbytes(self) -> int:
        """Bytes of the counts."""
        return int(self._keys.nbytes + self._counts.nbytes)

    @property
    def series(self) -> list[Name]:
        """The names of the series in the order in which they came."""
        return list(self._codes)

    def totals(self) -> Ints:
        """The sum over all bins of each series, in the order of ``series``."""
        sums = np.bincount(self._keys // BINS, weights=self._counts, minlength=len(self._codes))
        return sums.astype(np.int64)

    def having(self, place: int) -> list[Name]:
        """The series that have something in one bin."""
        held = (self._counts != 0) & (self._keys % BINS == place + MIDDLE)
        names = self.series
        return [names[code] for code in (self._keys[held] // BINS).tolist()]

    def add(self, series: Sequence[Name], bins: Ints, counts: Ints) -> None:
        """Add counts to cells; a cell may be named more than once."""
        codes = np.fromiter((self._codes.setdefault(one, len(self._codes)) for one in series), np.int64, len(series))
        keys, places = np.unique(codes * BINS + bins + MIDDLE, return_inverse=True)
        steps = np.zeros(len(keys), np.int64)
        np.add.at(steps, places, counts)
        at: Ints = np.asarray(np.searchsorted(self._keys, keys), np.int64)
        known: Bools = np.less(at, len(self._keys))
        known[known] = self._keys[at[known]] == keys[known]
        self._counts[at[known]] += steps[known]
        fresh = ~known
        if fresh.any():
            self._keys = np.insert(self._keys, at[fresh], keys[fresh])
            self._counts = np.insert(self._counts, at[fresh], steps[fresh])

    def keep_from(self, edge: int) -> None:
        """Let go of the bins before ``edge``, and of the series that have none left."""
        held = self.table()
        self._codes = {}
        self._keys, self._counts = np.empty(0, np.int64), np.empty(0, np.int64)
        self.put(held.filter(pa.array(held["bin"].to_numpy() >= edge)))

    def put(self, cells: pa.Table) -> None:
        """Add what ``table`` gave."""
        series = list(zip(*(cells[name].to_pylist() for name in self._names), strict=True))
        self.add(series, cells["bin"].to_numpy(), cells["count"].to_numpy())

    def table(self, chosen: Bools | None = None) -> pa.Table:
        """The cells that are not zero, sorted by series and bin, of all series or of those that are chosen.

        Args:
            chosen: for each of ``series`` whether it is wanted.
        """
        names, held = self.series, self._counts != 0
        if chosen is not None:
            held &= chosen[self._keys // BINS]
        codes, bins = np.divmod(self._keys[held], BINS)
        present = np.unique(codes).tolist()
        rank = np.zeros(len(names), np.int64)
        order = sorted(present, key=lambda code: [(part is None, part or "") for part in names[code]])
        rank[order] = np.arange(len(order))
        rows = np.lexsort((bins, rank[codes]))
        columns = [pa.array([names[code][part] for code in order], pa.string()) for part in range(len(self._names))]
        taken = pa.array(rank[codes[rows]])
        arrays = [column.take(taken) for column in columns]
        return pa.Table.from_arrays([*arrays, bins[rows] - MIDDLE, self._counts[held][rows]], schema=self.schema)
