"""Shares in cells of one object and one stretch of time, so that a share's company is in its own cell or next to it.

A cell is as long as the window. So all shares of one cell are within the window of one another, and nothing beyond the
cells before and after is. Rows keep their place for as long as they are held; each cell is a chain of rows, and so are
the copies of one message on one object. Nothing is sorted: a share that comes late costs what any other costs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.coshare.ordering import Indices
from seawall.measures.keys import Keys, Mask, Times, mix

HELD, COMPANY, LATER, IN_CELL, IN_TWINS, CROWD = 1, 2, 4, 8, 16, 32
"""What is known of a row: it is held; it has company; it is a later copy; it stands in its chains; its cell has several
accounts, and from it on along the chain all shares of the cell are known to have company."""

ROWS, IN_COMPANY, UNUSED, FREE, FREED_BYTES, CHANGES = range(6)
"""Counts: rows held; of them in company; rows never used from; the first free row; bytes of ids let go; changes."""


class Grid(NamedTuple):
    """Arrays of one entry a row, and the heads of the chains."""

    object: Keys
    at: Times
    account: Indices  # numbers of the roster
    message: Keys
    place: Times  # of the message's id
    state: npt.NDArray[np.uint8]
    copies: npt.NDArray[np.uint16]  # how often exactly this share was put in
    next_in_cell: Indices
    next_twin: Indices
    cells: Indices  # by hash of object and stretch of time: the first row, or -1
    twins: Indices  # by hash of object, account and message
    counts: Times


Found = tuple[bool, int]


class Accounts(NamedTuple):
    """What is counted of each account: its rows, and its rows in company."""

    rows: Indices
    company: Indices


@compiled
def cell_key(thing: np.uint64, stretch: int) -> np.uint64:
    """A key of an object and a stretch of time."""
    return mix(mix(thing + np.uint64(0x9E3779B97F4A7C15)) ^ mix(np.uint64(stretch)))


@compiled
def _twin_slot(grid: Grid, thing: np.uint64, account: int, message: np.uint64) -> int:
    key = mix(mix(thing ^ np.uint64(account)) ^ message)
    return int(key & np.uint64(len(grid.twins) - 1))


@compiled
def _cell_slot(grid: Grid, thing: np.uint64, stretch: int) -> int:
    return int(cell_key(thing, stretch) & np.uint64(len(grid.cells) - 1))


@compiled
def _is_twin(grid: Grid, row: int, thing: np.uint64, account: int, message: np.uint64) -> bool:
    return bool(grid.object[row] == thing and grid.account[row] == account and grid.message[row] == message)


@compiled
def link(grid: Grid, row: int, width: int) -> None:
    """Put a row at the head of its chains."""
    thing = grid.object[row]
    slot = _cell_slot(grid, thing, grid.at[row] // width)
    grid.next_in_cell[row] = grid.cells[slot]
    grid.cells[slot] = row
    slot = _twin_slot(grid, thing, grid.account[row], grid.message[row])
    grid.next_twin[row] = grid.twins[slot]
    grid.twins[slot] = row
    grid.state[row] |= IN_CELL | IN_TWINS


@compiled
def link_all(grid: Grid, width: int) -> None:
    """Make the chains anew, whose heads must be empty."""
    for row in range(grid.counts[UNUSED]):
        if grid.state[row] & HELD:
            link(grid, row, width)


@compiled
def _set_company(grid: Grid, accounts: Accounts, row: int, company: bool, least: int) -> None:
    if company == (grid.state[row] & COMPANY > 0):
        return
    grid.state[row] ^= COMPANY
    step = 1 if company else -1
    account = grid.account[row]
    before = accounts.company[account]
    accounts.company[account] += step
    grid.counts[IN_COMPANY] += step
    if max(before, before + step) >= least:
        grid.counts[CHANGES] += 1


@compiled
def put(
    grid: Grid,
    accounts: Accounts,
    rows: tuple[Keys, Times, Indices, Keys, Times],
    width: int,
    least: int,
    new: Indices,
    displaced: Indices,
) -> tuple[int, int]:
    """Hold rows (object, at, account, message, place), for all of which the grid must have room.

    ``new`` gets the rows that were not held yet, ``displaced`` first copies that are none any more. Returns how many.
    """
    found = moved = 0
    for k in range(len(rows[0])):
        thing, at, account, message = rows[0][k], rows[1][k], rows[2][k], rows[3][k]
        twin = grid.twins[_twin_slot(grid, thing, account, message)]
        same, first = -1, -1
        while twin >= 0:
            if _is_twin(grid, twin, thing, account, message):
                if grid.at[twin] == at:
                    same = twin
                if not grid.state[twin] & LATER:
                    first = twin
            twin = grid.next_twin[twin]
        if same >= 0:
            grid.copies[same] += grid.copies[same] < 65535
            grid.counts[FREED_BYTES] += rows[4][k] & 0xFFFFFF if rows[4][k] >= 0 else 0
            continue
        row = grid.counts[FREE]
        if row >= 0:
            grid.counts[FREE] = grid.next_in_cell[row]
        else:
            row = grid.counts[UNUSED]
            grid.counts[UNUSED] += 1
        grid.object[row], grid.at[row], grid.account[row], grid.message[row] = thing, at, account, message
        grid.place[row], grid.copies[row], grid.state[row] = rows[4][k], 1, HELD
        grid.counts[ROWS] += 1
        accounts.rows[account] += 1
        link(grid, row, width)
        new[found] = row
        found += 1
        if first >= 0 and at < grid.at[first]:
            _set_company(grid, accounts, first, False, least)
            grid.state[first] |= LATER
            displaced[moved] = first
            moved += 1
        elif first >= 0:
            grid.state[row] |= LATER
    return found, moved


@compiled
def find(grid: Grid, rows: tuple[Keys, Times, Indices, Keys]) -> Indices:
    """The held row of each share that was taken out for the last time; -1 where it is not held, or another copy is."""
    out = np.full(len(rows[0]), -1, np.int32)
    for k in range(len(out)):
        thing, at, account, message = rows[0][k], rows[1][k], rows[2][k], rows[3][k]
        row = grid.twins[_twin_slot(grid, thing, account, message)] if account >= 0 else -1
        while row >= 0 and not (grid.at[row] == at and _is_twin(grid, row, thing, account, message)):
            row = grid.next_twin[row]
        if row >= 0 and grid.copies[row] > 0:
            grid.copies[row] -= 1
            out[k] = row if grid.copies[row] == 0 else -1
    return out


@compiled
def _sweep_chain(heads: Indices, slot: int, following: Indices, state: npt.NDArray[np.uint8], bit: int) -> None:
    """Take all rows that are no longer held out of one chain."""
    last, row = -1, heads[slot]
    while row >= 0:
        after = following[row]
        if state[row] & HELD:
            last = row
        else:
            state[row] &= 255 ^ bit
            if last < 0:
                heads[slot] = after
            else:
                following[last] = after
        row = after


@compiled
def drop(grid: Grid, accounts: Accounts, gone: Indices, width: int, least: int, touched: Indices) -> int:
    """Let go of rows; ``touched`` gets first copies that stand in for them. Returns how many.

    Each chain is walked once, however many rows leave it.
    """
    for row in gone:
        _set_company(grid, accounts, row, False, least)
        grid.state[row] &= 255 ^ HELD
        grid.counts[ROWS] -= 1
        accounts.rows[grid.account[row]] -= 1
        grid.counts[FREED_BYTES] += grid.place[row] & 0xFFFFFF if grid.place[row] >= 0 else 0
    found = 0
    for row in gone:
        thing, account, message = grid.object[row], grid.account[row], grid.message[row]
        if grid.state[row] & IN_CELL:
            slot = _cell_slot(grid, thing, grid.at[row] // width)
            _sweep_chain(grid.cells, slot, grid.next_in_cell, grid.state, IN_CELL)
        slot = _twin_slot(grid, thing, account, message)
        if grid.state[row] & IN_TWINS:
            _sweep_chain(grid.twins, slot, grid.next_twin, grid.state, IN_TWINS)
        if not grid.state[row] & LATER:
            heir = _earliest_twin(grid, slot, thing, account, message)
            if heir >= 0 and grid.state[heir] & LATER:
                grid.state[heir] &= 255 ^ LATER
                touched[found] = heir
                found += 1
    return found


@compiled
def _earliest_twin(grid: Grid, slot: int, thing: np.uint64, account: int, message: np.uint64) -> int:
    best, row = -1, grid.twins[slot]
    while row >= 0:
        if _is_twin(grid, row, thing, account, message) and (best < 0 or grid.at[row] < grid.at[best]):
            best = row
        row = grid.next_twin[row]
    return best


@compiled
def free(grid: Grid, gone: Indices) -> None:
    """Let rows be used again."""
    for row in gone:
        grid.state[row] = 0
        grid.next_in_cell[row] = grid.counts[FREE]
        grid.counts[FREE] = row


@compiled
def cells_around(grid: Grid, rows: Indices, width: int, thorough: bool) -> tuple[Keys, Keys, Times, Mask]:
    """The cells of these rows and of those before and after, as far as they hold anything.

    Keys, objects, stretches, and whether the cell is to be judged without regard to what is known of its crowd.
    """
    size, found = 3 * len(rows), 0
    keys, things = np.empty(size, np.uint64), np.empty(size, np.uint64)
    stretches, anew = np.empty(size, np.int64), np.empty(size, np.bool_)
    for k in range(size):
        thing, stretch = grid.object[rows[k // 3]], grid.at[rows[k // 3]] // width + k % 3 - 1
        key = cell_key(thing, stretch)
        if grid.cells[np.int64(key & np.uint64(len(grid.cells) - 1))] >= 0:
            keys[found], things[found], stretches[found] = key, thing, stretch
            anew[found] = thorough and k % 3 == 1
            found += 1
    return keys[:found], things[:found], stretches[:found], anew[:found]


@compiled
def _counts(grid: Grid, row: int, thing: np.uint64, start: int, width: int) -> bool:
    """Whether a row of a chain is a first copy in the cell of an object that starts at a time."""
    return grid.object[row] == thing and 0 <= grid.at[row] - start < width and not grid.state[row] & LATER


@compiled
def _nearest_other(
    grid: Grid, thing: np.uint64, stretch: int, width: int, account: int, late: bool
) -> tuple[bool, int]:
    """Whether another account shared in a cell, and the latest (or earliest) time at which one did."""
    found, best, start = False, 0, stretch * width
    row = grid.cells[_cell_slot(grid, thing, stretch)]
    while row >= 0:
        if grid.account[row] != account and _counts(grid, row, thing, start, width):
            at = grid.at[row]
            if not found or (at > best if late else at < best):
                found, best = True, at
        row = grid.next_in_cell[row]
    return found, best


@compiled
def _owner(grid: Grid, head: int, thing: np.uint64, start: int, width: int, anew: bool) -> int:
    """The only account of a cell; -1 if there are several, -2 if there is none."""
    owner, row = -2, head
    while row >= 0:
        if _counts(grid, row, thing, start, width):
            if (owner >= 0 and grid.account[row] != owner) or (grid.state[row] & CROWD and not anew):
                return -1
            owner = grid.account[row]
        row = grid.next_in_cell[row]
    return owner


@compiled
def judge(
    grid: Grid, accounts: Accounts, cells: tuple[Keys, Times, Mask], which: Indices, window: int, width: int, least: int
) -> None:
    """Find out which shares of these cells (objects, stretches, whether anew) have company."""
    for k in which:
        thing, stretch, anew = cells[0][k], cells[1][k], cells[2][k]
        start, head = stretch * width, grid.cells[_cell_slot(grid, thing, stretch)]
        owner = _owner(grid, head, thing, start, width, anew)
        before = after = (False, 0)
        if owner >= 0:
            before = _nearest_other(grid, thing, stretch - 1, width, owner, True)
            after = _nearest_other(grid, thing, stretch + 1, width, owner, False)
        row = -1 if owner == -2 else head
        while row >= 0:
            if _counts(grid, row, thing, start, width):
                if owner == -1 and grid.state[row] & CROWD and not anew:
                    break
                at = grid.at[row]
                near = (before[0] and at - before[1] <= window) or (after[0] and after[1] - at <= window)
                _set_company(grid, accounts, row, owner == -1 or near, least)
                grid.state[row] = grid.state[row] | CROWD if owner == -1 else grid.state[row] & (255 ^ CROWD)
            row = grid.next_in_cell[row]


@compiled
def lone_before(grid: Grid, limit: int) -> Indices:
    """The rows without company from before a time."""
    out, found = np.empty(grid.counts[ROWS] - grid.counts[IN_COMPANY], np.int32), 0
    for row in range(grid.counts[UNUSED]):
        if grid.state[row] & (HELD | COMPANY) == HELD and grid.at[row] < limit:
            out[found] = row
            found += 1
    return out[:found].copy()


def empty_grid(rows: int) -> Grid:
    """A grid with room for so many rows."""
    heads = 16
    while heads < rows:
        heads *= 2
    kinds: dict[str, Any] = {
        "object": np.uint64, "at": np.int64, "account": np.int32, "message": np.uint64, "place": np.int64,
        "state": np.uint8, "copies": np.uint16, "next_in_cell": np.int32, "next_twin": np.int32,
    }  # fmt: skip
    columns = {name: np.zeros(rows, kind) for name, kind in kinds.items()}
    counts = np.zeros(6, np.int64)
    counts[FREE] = -1
    return Grid(**columns, cells=np.full(heads, -1, np.int32), twins=np.full(heads, -1, np.int32), counts=counts)


def grown_grid(grid: Grid, rows: int, width: int) -> Grid:
    """The same grid with room for so many rows."""
    larger = empty_grid(rows)
    for name in Grid._fields[:-3]:
        values = getattr(grid, name)
        getattr(larger, name)[: len(values)] = values
    larger.counts[:] = grid.counts
    link_all(larger, width)
    return larger
