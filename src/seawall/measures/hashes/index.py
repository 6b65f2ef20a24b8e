"""An exact index of perceptual hashes that changes in place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.hashes.bank import Bank, Rows
from seawall.measures.hashes.words import (
    BITS,
    NO_ID,
    REJECTED,
    WORDS,
    Strings,
    Words,
    parsed,
    rejected,
    strings,
)
from seawall.measures.keys import Mask
from seawall.measures.tables import require_columns

SAVED = pa.schema([pa.field("id", pa.large_string(), nullable=False), pa.field("hash", pa.binary(32), nullable=False)])

MATCHES = pa.schema(
    [
        pa.field("query", pa.int64(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("distance", pa.int32(), nullable=False),
    ]
)

USUAL_DISTANCE = 31
"""Images whose PDQ hashes differ in at most so many of 256 bits count as the same (the threshold of PDQ's makers)."""


class HashIndex:
    """Hashes of 256 bits under ids: which of them are within a Hamming distance of a query, all of them, exactly.

    An id may have several hashes and a hash several ids; a pair that is held already is not held twice. What is added
    is found by the next query. One thread at a time may use an index; a query runs on all cores.

    Args:
        saved: what ``save`` gave; None = an empty index.

    Method: multi-index hashing with 16 pieces of 16 bits (Norouzi, Punjani and Fleet, 2014), see ``search``.

    >>> index = HashIndex()
    >>> index.add(["roses", "tulips"], ["0" * 64, "f" * 64])
    >>> index.query(["0" * 63 + "7", "0f" * 32]).to_pylist()
    [{'query': 0, 'id': 'roses', 'distance': 3}]
    >>> index.remove(["roses"])
    1
    >>> len(index)
    1
    """

    def __init__(self, saved: pa.Table | None = None) -> None:
        self._bank = Bank()
        self._ids: list[str] = []
        self._first: dict[str, int] = {}
        self._others: dict[str, list[int]] = {}
        self._rejected = REJECTED.empty_table()
        if saved is not None:
            self._restore(saved)

    def __len__(self) -> int:
        """How many pairs of an id and a hash it holds."""
        return len(self._bank)

    @property
    def nbytes(self) -> int:
        """Bytes of memory that the hashes and tables take, without the ids."""
        return self._bank.nbytes

    @property
    def rejected(self) -> pa.Table:
        """What the last ``add`` or ``query`` left out: ``line`` (int64, from 1) and ``reason``."""
        return self._rejected

    def add(self, ids: Strings, hashes: Strings) -> None:
        """Hold hashes under ids. What is malformed is left out and told in ``rejected``; the others are held.

        Args:
            ids: strings, a list or an Arrow column.
            hashes: as many strings of 64 hexadecimal digits, of either case.

        Raises:
            MeasureError: the two are not equally long, or no columns of text; or it would be more than 30 million.
        """
        names, prints = strings(ids, "ids"), strings(hashes, "hashes")
        if len(names) != len(prints):
            raise MeasureError(
                f"There are {len(names):,} ids and {len(prints):,} hashes.", mend="Give one id for each hash."
            )
        words, faults = parsed(prints)
        listed = names.to_pylist()
        faults[[not name for name in listed]] = NO_ID
        self._rejected = rejected(faults)
        if self._rejected.num_rows:
            sound = np.flatnonzero(faults == 0)
            listed, words = [listed[k] for k in sound.tolist()], words.reshape(-1, WORDS)[sound].reshape(-1)
        self._append(listed, words)

    def remove(self, ids: Strings) -> int:
        """Let go of all hashes of these ids; how many those were. An id that is not held is passed over.

        Raises:
            MeasureError: no list or column of text.
        """
        rows: list[int] = []
        for name in strings(ids, "ids").to_pylist():
            row = self._first.pop(name, None)
            if row is not None:
                rows += [row, *self._others.pop(name, ())]
        self._bank.drop(np.array(rows, np.int64))
        if self._bank.stale:
            self._compact()
        return len(rows)

    def query(self, hashes: Strings, distance: int = USUAL_DISTANCE) -> pa.Table:
        """All pairs of a query and a held hash that differ in at most ``distance`` bits.

        Exact at every distance: tables serve up to 63, a comparison with every hash beyond that and where few are held.
        A malformed query matches nothing and is told in ``rejected``. Memory grows with the pairs that are found.

        Args:
            hashes: strings of 64 hexadecimal digits, a list or an Arrow column.
            distance: 0 to 256 bits.

        Returns:
            ``query`` (int64, the row in ``hashes`` from 0), ``id``, ``distance`` (int32): by query, then the nearest
            first, then the one that was added first.

        Raises:
            MeasureError: a distance that is none, or no list or column of text.
        """
        limit = checked_distance(distance)
        words, faults = parsed(strings(hashes, "hashes"))
        self._rejected = rejected(faults)
        sound = np.flatnonzero(faults == 0)
        query, row, apart = self._bank.near(words.reshape(-1, WORDS)[sound].reshape(-1), limit)
        names = pa.array([self._ids[k] for k in row.tolist()], pa.string())
        columns = [pa.array(sound[query], pa.int64()), names, pa.array(apart, pa.int32())]
        return pa.Table.from_arrays(columns, schema=MATCHES)

    def save(self) -> pa.Table:
        """All pairs in the order of adding, as ``HashIndex(saved)`` takes them: ``id``, ``hash`` (32 bytes)."""
        rows = self._bank.living()
        prints = pa.py_buffer(self._bank.words_of(rows).astype(">u8").tobytes())
        hashes = pa.Array.from_buffers(pa.binary(32), len(rows), [None, prints])
        names = pa.array([self._ids[k] for k in rows.tolist()], pa.large_string())
        return pa.Table.from_arrays([names, hashes], schema=SAVED)

    # --- inside -----------------------------------------------------------------------------------------

    def _restore(self, saved: pa.Table) -> None:
        require_columns(saved, SAVED.names)
        saved = saved.select(SAVED.names)
        if not saved.schema.equals(SAVED, check_metadata=False) or any(column.null_count for column in saved.columns):
            raise MeasureError("This is no saved index.", mend="Give what save() gave, or add ids and hashes.")
        hashes = saved["hash"].combine_chunks()
        prints = np.frombuffer(hashes.buffers()[1] or b"", ">u8")[WORDS * hashes.offset :][: WORDS * len(hashes)]
        self._append(saved["id"].to_pylist(), prints.astype(np.uint64))

    def _append(self, names: list[str], words: Words) -> None:
        if len(set(names)) < len(names) or not self._first.keys().isdisjoint(names):
            fresh = self._fresh(names, words)
            names = [names[k] for k in np.flatnonzero(fresh).tolist()]
            words = words.reshape(-1, WORDS)[fresh].reshape(-1)
        start = self._bank.rows
        self._bank.append(words)
        self._ids += names
        for row, name in enumerate(names, start):
            if self._first.setdefault(name, row) != row:
                self._others.setdefault(name, []).append(row)

    def _fresh(self, names: list[str], words: Words) -> Mask:
        """Which pairs are not held yet, and stand here for the first time."""
        prints = words.view("V32").tolist()
        seen = {(name, held) for name in set(names) for held in self._prints_of(name)}
        fresh = np.ones(len(names), np.bool_)
        for k, pair in enumerate(zip(names, prints, strict=True)):
            fresh[k] = pair not in seen
            seen.add(pair)
        return fresh

    def _prints_of(self, name: str) -> list[bytes]:
        first = self._first.get(name)
        if first is None:
            return []
        rows: Rows = np.array([first, *self._others.get(name, ())], np.int64)
        listed: list[bytes] = self._bank.words_of(rows).view("V32").reshape(-1).tolist()
        return listed

    def _compact(self) -> None:
        kept = self._bank.compact()
        moved: npt.NDArray[np.int64] = np.zeros(len(self._ids), np.int64)
        moved[kept] = np.arange(len(kept))
        self._ids = [self._ids[k] for k in kept.tolist()]
        rows = moved[np.fromiter(self._first.values(), np.int64, len(self._first))]
        self._first = dict(zip(self._first, rows.tolist(), strict=True))
        self._others = {name: moved[others].tolist() for name, others in self._others.items()}


def checked_distance(distance: int) -> int:
    """The distance as a whole number.

    Raises:
        MeasureError: it is none.
    """
    if not isinstance(distance, int | np.integer) or not 0 <= distance <= BITS:
        raise MeasureError(f"A distance is a whole number from 0 to {BITS} (bits).", where="parameter distance")
    return int(distance)
