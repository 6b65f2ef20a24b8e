"""What is kept of each distinct text: the hash of its match key, its shingles and its bands. Never the text."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.borrowing import borrowed
from seawall.measures.compiled import compiled
from seawall.measures.keys import Keys
from seawall.measures.similarity.minhash import BANDS, ROWS, Numbers, permutations, write_bands
from seawall.measures.similarity.shingles import Bytes, write_atoms, write_shingles
from seawall.measures.text.match_key import KeyTexts
from seawall.measures.text.match_tables import unicode_tables

Indices = npt.NDArray[np.int64]


class Sketches(NamedTuple):
    """A row for each text; its shingles, sorted, are ``pool[starts[row] : starts[row] + sizes[row]]``."""

    keys: Keys
    starts: Indices
    sizes: Indices
    bands: npt.NDArray[np.uint32]  # 16 x rows
    pool: Keys

    def take(self, rows: Indices) -> Sketches:
        """Some of the rows, in that order; the pool is shared."""
        return Sketches(self.keys[rows], self.starts[rows], self.sizes[rows], self.bands[:, rows], self.pool)

    def compact(self) -> Sketches:
        """The same rows with a pool that holds nothing else."""
        starts = np.cumsum(self.sizes) - self.sizes
        pool = np.empty(int(self.sizes.sum()), np.uint64)
        _copy_sets(self.pool, self.starts, self.sizes, starts, pool)
        return self._replace(starts=starts, pool=pool)

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return sum(column.nbytes for column in self)


class Collection:
    """Sketches that come in blocks and are kept in one piece, with room for more.

    Args:
        rows: how many will come, at most, as far as is known; room that is not used costs no memory.
    """

    def __init__(self, rows: int = 0) -> None:
        self._rows = self._used = 0
        self._expected = rows
        self._sketches = Sketches(
            np.empty(rows, np.uint64), np.empty(rows, np.int64), np.empty(rows, np.int64),
            np.empty((BANDS, rows), np.uint32), np.empty(0, np.uint64),
        )  # fmt: skip

    def __len__(self) -> int:
        return self._rows

    @property
    def nbytes(self) -> int:
        """Bytes of memory, with the room for more."""
        return self._sketches.nbytes

    def add(self, part: Sketches) -> None:
        """Put rows in whose pool holds nothing else."""
        rows, used = self._rows + len(part.keys), self._used + len(part.pool)
        self._make_room(rows, used)
        keys, starts, sizes, bands, pool = self._sketches
        keys[self._rows : rows] = part.keys
        starts[self._rows : rows] = part.starts + self._used
        sizes[self._rows : rows] = part.sizes
        bands[:, self._rows : rows] = part.bands
        pool[self._used : used] = part.pool
        self._rows, self._used = rows, used

    def sketches(self) -> Sketches:
        """All rows, in the order in which they came; not to be changed."""
        keys, starts, sizes, bands, pool = self._sketches
        rows = self._rows
        return Sketches(keys[:rows], starts[:rows], sizes[:rows], bands[:, :rows], pool[: self._used])

    def _make_room(self, rows: int, used: int) -> None:
        keys, starts, sizes, bands, pool = self._sketches
        if rows > len(keys):
            room = max(rows, len(keys) * 3 // 2)
            keys, starts, sizes, bands = (_longer(column, room, self._rows) for column in (keys, starts, sizes, bands))
        if used > len(pool):
            guess = used * self._expected // max(rows, 1)
            pool = _longer(pool, max(used, len(pool) * 3 // 2, guess + guess // 8), self._used)
        self._sketches = Sketches(keys, starts, sizes, bands, pool)


def _longer(column: npt.NDArray[Any], room: int, used: int) -> npt.NDArray[Any]:
    longer = np.empty((*column.shape[:-1], room), column.dtype)
    longer[..., :used] = column[..., :used]
    return longer


def sketched(texts: KeyTexts, rows: Indices) -> Sketches:
    """The sketches of some rows of texts."""
    sizes = np.empty(len(rows), np.int64)
    pool = _shingle_rows(texts.data, texts.offsets, rows, unicode_tables().kind, sizes)
    return of_shingles(texts.hashes[rows], sizes, pool)


def of_shingles(keys: Keys, sizes: Indices, pool: Keys) -> Sketches:
    """Sketches of sets of shingles that follow one another in the pool, each sorted."""
    bands = np.empty((BANDS, len(keys)), np.uint32)
    starts = np.cumsum(sizes) - sizes
    _band_rows(pool, starts, sizes, *_permutations(), bands)
    return Sketches(keys, starts, sizes, bands, pool)


@functools.cache
def _permutations() -> tuple[Numbers, Numbers]:
    return permutations()


@compiled
def _shingle_rows(data: Bytes, offsets: Indices, rows: Indices, kind: Bytes, sizes: Indices) -> Keys:
    room = 1 << 10
    atoms, letters = np.empty(room, np.uint64), np.empty(room, np.uint8)
    pool = np.empty(1 << 18, np.uint64)
    used, size = 0, len(data)
    text, kinds = borrowed(data), borrowed(kind)
    for place in range(len(rows)):
        start, end = offsets[rows[place]], offsets[rows[place] + 1]
        if end - start > room:
            room = end - start
            atoms, letters = np.empty(room, np.uint64), np.empty(room, np.uint8)
        count = write_atoms(text, size, start, end, kinds, borrowed(atoms), borrowed(letters))
        if used + count > len(pool):
            longer = np.empty(2 * len(pool) + count, np.uint64)
            longer[:used] = pool[:used]
            pool = longer
        sizes[place] = write_shingles(atoms, letters, count, pool[used:])
        used += sizes[place]
    return pool[:used]


@compiled
def _band_rows(
    pool: Keys, starts: Indices, sizes: Indices, factors: Numbers, summands: Numbers, bands: npt.NDArray[np.uint32]
) -> None:
    minima, numbers = np.empty(BANDS * ROWS, np.uint32), np.empty(BANDS, np.uint32)
    for row in range(len(starts)):
        write_bands(pool, starts[row], starts[row] + sizes[row], factors, summands, minima, numbers)
        for band in range(BANDS):
            bands[band, row] = numbers[band]


@compiled
def _copy_sets(pool: Keys, sources: Indices, sizes: Indices, targets: Indices, out: Keys) -> None:
    for row in range(len(sources)):
        out[targets[row] : targets[row] + sizes[row]] = pool[sources[row] : sources[row] + sizes[row]]
