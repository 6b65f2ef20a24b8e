"""MinHash: sketches of sets of shingles by which similar texts find one another.

Broder, "On the resemblance and containment of documents", 1997; bands after Leskovec, Rajaraman and Ullman, "Mining of
Massive Datasets", chapter 3. 64 minima in 16 bands of 4: two texts of similarity J share a band with a chance of
1 - (1 - J^4)^16, which is .9998 at .8, .99 at .7, .89 at .6 and .64 at .5.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.keys import Keys, mix

BANDS, ROWS = 16, 4

Numbers = npt.NDArray[np.uint32]

_EMPTY = np.uint32(0xFFFFFFFF)


def permutations() -> tuple[Numbers, Numbers]:
    """The 64 fixed functions x -> a x + b of 32-bit numbers (a odd) under which minima are taken."""
    random = np.random.default_rng(0x5EA)
    drawn = random.integers(0, 1 << 32, (2, BANDS * ROWS), dtype=np.uint32)
    return drawn[0] | np.uint32(1), drawn[1]


@compiled
def write_bands(
    shingles: Keys, start: int, stop: int, factors: Numbers, summands: Numbers, minima: Numbers, out: Numbers
) -> None:
    """One number for each band of the set ``shingles[start:stop]``; ``minima`` is room for 64."""
    for lane in range(BANDS * ROWS):
        minima[lane] = _EMPTY
    for place in range(start, stop):
        shingle = np.uint32(shingles[place] >> np.uint64(32))
        for lane in range(BANDS * ROWS):
            minima[lane] = min(minima[lane], np.uint32(factors[lane] * shingle + summands[lane]))
    for band in range(BANDS):
        value = np.uint64(band)
        for row in range(band * ROWS, band * ROWS + ROWS, 2):
            value = mix(value ^ np.uint64(minima[row]) << np.uint64(32) ^ np.uint64(minima[row + 1]))
        out[band] = np.uint32(value >> np.uint64(32))
