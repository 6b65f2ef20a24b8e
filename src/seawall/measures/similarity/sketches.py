"""What is kept of each distinct text: the hash of its match key, its shingles and its bands. Never the text."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

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
    bands: npt.NDArray[np.uint32]  # rows x 16
    pool: Keys

    def take(self, rows: Indices) -> Sketches:
        """Some of the rows, in that order; the pool is shared."""
        return Sketches(self.keys[rows], self.starts[rows], self.sizes[rows], self.bands[rows], self.pool)

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


def no_sketches() -> Sketches:
    """No rows."""
    return of_shingles(np.empty(0, np.uint64), np.empty(0, np.int64), np.empty(0, np.uint64))


def joined(parts: Sequence[Sketches]) -> Sketches:
    """The rows of all parts, one part after the other."""
    shifts = np.cumsum([0, *(len(part.pool) for part in parts)])
    starts = [part.starts + shift for part, shift in zip(parts, shifts, strict=False)]
    return Sketches(
        np.concatenate([part.keys for part in parts]),
        np.concatenate(starts),
        np.concatenate([part.sizes for part in parts]),
        np.concatenate([part.bands for part in parts]),
        np.concatenate([part.pool for part in parts]),
    )


def sketched(texts: KeyTexts, rows: Indices) -> Sketches:
    """The sketches of some rows of texts."""
    sizes = np.empty(len(rows), np.int64)
    pool = _shingle_rows(texts.data, texts.offsets, rows, unicode_tables().kind, sizes)
    return of_shingles(texts.hashes[rows], sizes, pool)


def of_shingles(keys: Keys, sizes: Indices, pool: Keys) -> Sketches:
    """Sketches of sets of shingles that follow one another in the pool, each sorted."""
    bands = np.empty((len(keys), BANDS), np.uint32)
    starts = np.cumsum(sizes) - sizes
    _band_rows(pool, starts, sizes, *_permutations(), bands)
    return Sketches(keys, starts, sizes, bands, pool)


@functools.cache
def _permutations() -> tuple[Numbers, Numbers]:
    return permutations()


@compiled
def _shingle_rows(data: Bytes, offsets: Indices, rows: Indices, kind: Bytes, sizes: Indices) -> Keys:
    room = 1 << 10
    atoms, letters = np.empty(room, np.uint64), np.empty(room, np.bool_)
    pool = np.empty(1 << 16, np.uint64)
    used = 0
    for place in range(len(rows)):
        start, end = offsets[rows[place]], offsets[rows[place] + 1]
        if end - start > room:
            room = end - start
            atoms, letters = np.empty(room, np.uint64), np.empty(room, np.bool_)
        count = write_atoms(data, start, end, kind, atoms, letters)
        if used + count > len(pool):
            longer = np.empty(2 * len(pool) + count, np.uint64)
            longer[:used] = pool[:used]
            pool = longer
        sizes[place] = write_shingles(atoms, letters, count, pool[used:])
        used += sizes[place]
    return pool[:used].copy()


@compiled
def _band_rows(
    pool: Keys, starts: Indices, sizes: Indices, factors: Numbers, summands: Numbers, bands: npt.NDArray[np.uint32]
) -> None:
    minima = np.empty(BANDS * ROWS, np.uint32)
    for row in range(len(starts)):
        write_bands(pool, starts[row], starts[row] + sizes[row], factors, summands, minima, bands[row])


@compiled
def _copy_sets(pool: Keys, sources: Indices, sizes: Indices, targets: Indices, out: Keys) -> None:
    for row in range(len(sources)):
        out[targets[row] : targets[row] + sizes[row]] = pool[sources[row] : sources[row] + sizes[row]]
