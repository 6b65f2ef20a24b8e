"""Parts on this machine, in memory: what measures of several steps run on where no cluster is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Self

import pyarrow as pa

from seawall.engine.cutting import cut
from seawall.errors import MeasureError
from seawall.parts import BothKernel, Kernel, Rows, tables

Numbered = Iterator[tuple[int, pa.Table]]


@dataclass(frozen=True)
class LocalParts:
    """See ``seawall.parts.Parts``. Rows are held in memory from the first ``by`` on.

    Args:
        empty: see ``Parts.empty``.
        count: in how many parts ``by`` cuts.
        run: gives the number of a part and rows of it, again at each call.
        whole: each part comes as one table.
        finer: in how many times as many parts they are cut now.
    """

    empty: pa.Table
    count: int
    run: Callable[[], Numbered]
    whole: bool = False
    finer: int = 1

    @classmethod
    def of(cls, rows: Rows, count: int) -> Self:
        """Rows as they are read."""

        def read() -> Numbered:
            for piece in rows.pieces(1):
                for batch in rows.read(piece):
                    yield 0, pa.Table.from_batches([batch])

        return cls(rows.schema.empty_table(), max(1, count), read)

    def each(self, kernel: Kernel) -> Self:
        """See ``Parts.each``."""

        def run() -> Numbered:
            for number, rows in self._wholes() if self.whole else self.run():
                for given in tables(kernel(rows)):
                    yield number, given

        return replace(self, empty=emptied(kernel, self.empty), run=run)

    def by(self, *key: str, finer: int = 1) -> Self:
        """See ``Parts.by``."""

        def run() -> Numbered:
            rows = pa.concat_tables([self.empty, *(rows for _, rows in self.run())])
            yield from enumerate(cut(rows, key, self.count * finer))

        return replace(self, run=run, whole=True, finer=finer)

    def beside(self, other: Self, kernel: BothKernel) -> Self:
        """See ``Parts.beside``."""
        if not (self.whole and other.whole and self._parts == other._parts):
            raise MeasureError("Both must be cut by a key, in equally many parts.", where="beside")

        def run() -> Numbered:
            ours, theirs = dict(self._wholes()), dict(other._wholes())
            for number in sorted(ours.keys() | theirs.keys()):
                for given in tables(kernel(ours.get(number, self.empty), theirs.get(number, other.empty))):
                    yield number, given

        return replace(self, empty=emptied_both(kernel, self.empty, other.empty), run=run)

    def beside_all(self, few: pa.Table, kernel: BothKernel) -> Self:
        """See ``Parts.beside_all``."""
        return self.each(WithTable(kernel, few))

    def joined(self, other: Self) -> Self:
        """See ``Parts.joined``."""

        def run() -> Numbered:
            yield from self.run()
            yield from other.run()

        return replace(self, run=run, whole=False)

    def kept(self) -> Self:
        """See ``Parts.kept``."""
        held: list[tuple[int, pa.Table]] = []
        done = False

        def run() -> Numbered:
            nonlocal done
            if not done:
                held.extend(self.run())
                done = True
            yield from held

        return replace(self, run=run)

    def all(self) -> pa.Table:
        """See ``Parts.all``."""
        return pa.concat_tables([self.empty, *(rows for _, rows in self.run())])

    @property
    def _parts(self) -> int:
        """In how many parts these rows are cut now."""
        return self.count * self.finer

    def _wholes(self) -> Numbered:
        held: dict[int, list[pa.Table]] = {}
        for number, rows in self.run():
            held.setdefault(number, []).append(rows)
        for number in sorted(held):
            yield number, pa.concat_tables(held.pop(number))


@dataclass(frozen=True)
class WithTable:
    """A kernel that sees a small table beside its rows."""

    kernel: BothKernel
    few: pa.Table

    def __call__(self, rows: pa.Table) -> pa.Table | Iterator[pa.Table]:
        """What the kernel gives for both."""
        return self.kernel(rows, self.few)


def emptied(kernel: Kernel, empty: pa.Table) -> pa.Table:
    """What a kernel gives for no rows."""
    return _nothing(partial(kernel, empty))


def emptied_both(kernel: BothKernel, ours: pa.Table, theirs: pa.Table) -> pa.Table:
    """What a kernel gives for no rows and none."""
    return _nothing(partial(kernel, ours, theirs))


def _nothing(ask: Callable[[], pa.Table | Iterator[pa.Table]]) -> pa.Table:
    for given in tables(ask()):
        return given.slice(0, 0)
    raise MeasureError("A kernel gives no columns for no rows.", mend="Let it yield an empty table at least.")
