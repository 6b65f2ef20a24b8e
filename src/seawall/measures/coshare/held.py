"""Shares that are held one by one, and at any moment which of them have company."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.measures.coshare.filters import in_company
from seawall.measures.coshare.grid import (
    CHANGES,
    COMPANY,
    FREED_BYTES,
    HELD,
    IN_COMPANY,
    ROWS,
    UNUSED,
    Accounts,
    Grid,
    cells_around,
    drop,
    empty_grid,
    find,
    free,
    grown_grid,
    judge,
    lone_before,
    put,
)
from seawall.measures.coshare.names import Ids, Roster, longer
from seawall.measures.coshare.ordering import Indices, numbered
from seawall.measures.keys import Keys, Mask, Times

WORTHWHILE = 1 << 20
"""Bytes of ids that nothing holds any more, from which on (if they are as many as the others) they are let go."""

FEW_ACCOUNTS = 1 << 12
"""Accounts without shares are let go when they are more than the others and more than this."""

Cells = tuple[Keys, Keys, Times, Mask]


class Prepared(NamedTuple):
    """Shares as the measure prepares them; ``object`` is the key, or the bits of the whole number itself."""

    object: Keys
    at: Times
    account: Keys
    message: Keys
    account_id: pa.ChunkedArray
    message_id: pa.ChunkedArray


class Held:
    """A bag of shares. What comes in or goes costs about the same whatever is held, in any order of time.

    Args:
        window: microseconds within which two shares are together.
        least: an account with fewer shares in company than this changes nothing.
    """

    def __init__(self, window: int, least: int) -> None:
        self.window, self._width, self._least = window, max(window, 1), least
        self.grid: Grid = empty_grid(1 << 10)
        self.roster, self.ids = Roster(), Ids()
        self._accounts = Accounts(np.zeros(16, np.int32), np.zeros(16, np.int32))

    @property
    def rows(self) -> int:
        """How many different shares are held."""
        return int(self.grid.counts[ROWS])

    @property
    def in_company(self) -> int:
        """How many of them have company."""
        return int(self.grid.counts[IN_COMPANY])

    @property
    def changes(self) -> int:
        """Grows whenever company changes of an account that has ``least`` shares in company."""
        return int(self.grid.counts[CHANGES])

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        arrays = sum(column.nbytes for column in (*self.grid, *self._accounts))
        return arrays + self.roster.nbytes + self.ids.nbytes

    def which(self, wanted: int, company: int = 0) -> Indices:
        """Rows in a state (HELD, COMPANY); with ``company`` only of accounts with so many shares in company."""
        state = self.grid.state[: self.grid.counts[UNUSED]]
        rows = np.flatnonzero(state & wanted).astype(np.int32)
        return rows if not company else rows[self._accounts.company[self.grid.account[rows]] >= company]

    def lone(self, before: int) -> Indices:
        """Rows from before a time that have no company."""
        return lone_before(self.grid, before)

    def exchange(self, out: Prepared, into: Prepared) -> None:
        """Take shares out (those that are held) and put others in."""
        gone = find(self.grid, (out.object, out.at, self.roster.codes(out.account, out.account_id), out.message))
        changed = self._drop(gone[gone >= 0])
        new, displaced = self._put(into)
        self._judge([changed, self._around(displaced, anew=True), self._around(new, anew=False)])

    def fill(self, into: Prepared, copies: npt.NDArray[np.uint16]) -> None:
        """Put different shares, sorted by object and time, into an empty bag, each as often as told."""
        rows, _ = self._put(into)
        self.grid.copies[rows] = copies
        columns = {"object": into.object, "account": into.account, "message": into.message, "at": into.at}
        company = rows[in_company(columns, self.window)]
        self.grid.state[company] |= COMPANY
        self.grid.counts[IN_COMPANY] = len(company)
        counts = np.bincount(self.grid.account[company], minlength=len(self._accounts.company))
        self._accounts.company[:] = counts

    def let_go(self, rows: Indices, since: int | None = None) -> None:
        """Hold these rows no more; what has company is found out anew, from a time on where it is told."""
        cells = self._drop(rows)
        if since is not None:
            near = cells[2] >= since // self._width - 1
            cells = (cells[0][near], cells[1][near], cells[2][near], cells[3][near])
        self._judge([cells])
        self._tidy()

    def let_go_of_lone(self, rows: Indices) -> None:
        """Hold these rows, which have no company and so are nobody's, no more."""
        self._drop(rows)
        self._tidy()

    def _drop(self, gone: Indices) -> Cells:
        heirs = np.empty(len(gone), np.int32)
        found = drop(self.grid, self._accounts, gone, self._width, self._least, heirs)
        cells = self._around(np.concatenate([gone, heirs[:found]]), anew=True)
        free(self.grid, gone)
        return cells

    def _put(self, into: Prepared) -> tuple[Indices, Indices]:
        codes = self.roster.codes(into.account, into.account_id)
        if len(self.roster) > len(self._accounts.rows):
            self._accounts = Accounts(*(longer(counts, len(self.roster)) for counts in self._accounts))
        unused, rows = int(self.grid.counts[UNUSED]), len(into.at)
        needed = unused + max(0, rows - (unused - self.rows))
        if needed > len(self.grid.at):
            self.grid = grown_grid(self.grid, max(needed, len(self.grid.at) * 5 // 4), self._width)
        columns = (into.object, into.at, codes, into.message, self.ids.put(into.message_id))
        new, displaced = np.empty(rows, np.int32), np.empty(rows, np.int32)
        found, moved = put(self.grid, self._accounts, columns, self._width, self._least, new, displaced)
        return new[:found], displaced[:moved]

    def _around(self, rows: Indices, *, anew: bool) -> Cells:
        cells: Cells = cells_around(self.grid, rows, self._width, anew)
        return cells

    def _judge(self, cells: list[Cells]) -> None:
        keys, things, stretches, anew = (np.concatenate(parts) for parts in zip(*cells, strict=True))
        if len(keys):
            codes, which = numbered(keys)
            thorough = np.zeros(len(which), np.bool_)
            thorough[codes[anew]] = True
            anew[which] = thorough
            judge(self.grid, self._accounts, (things, stretches, anew), which, self.window, self._width, self._least)

    def _tidy(self) -> None:
        """Give back the memory of ids that nothing holds."""
        freed = int(self.grid.counts[FREED_BYTES])
        if freed > WORTHWHILE and 2 * freed > self.ids.used:
            held = self.which(HELD)
            self.grid.place[held] = self.ids.keep_only(self.grid.place[held])
            self.grid.counts[FREED_BYTES] = 0
        kept: Mask = self._accounts.rows[: len(self.roster)] > 0
        if len(kept) > FEW_ACCOUNTS and 2 * np.count_nonzero(kept) < len(kept):
            self._accounts = Accounts(*(counts[: len(kept)][kept] for counts in self._accounts))
            moved, held = self.roster.keep_only(kept), self.which(HELD)
            self.grid.account[held] = moved[self.grid.account[held]]
            self.grid = grown_grid(self.grid, len(self.grid.at), self._width)

    def times(self, rows: npt.NDArray[np.int32]) -> Times:
        """When these rows were sent, UTC microseconds."""
        at: Times = self.grid.at[rows]
        return at
