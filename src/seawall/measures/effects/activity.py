"""Who was active where, around actions: the rows that displacement and returns are counted from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.bursts.plan import DAY, FIRST_MONDAY
from seawall.measures.effects.rows import TIMES, UNITS, Action, microseconds, named, read_actions

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ACCOUNTS = ("account", "account_id")
DESTINATIONS = ("destination", "place")
LONGEST = 366
TOGETHER = (
    "Accounts count as if each went its own way; where they move together, as groups do, the intervals are too narrow."
)
HERE_ONLY = "It tells of what was collected: who went where nothing is collected looks silent."
ANYHOW = "Accounts go to new places and fall silent without any action, too: beside each share stands that of others."


@dataclass(frozen=True)
class Moves:
    """What accounts, or channels, did after actions: ``table``, ``left_out`` (reason, count) and ``doubt``."""

    table: pa.Table
    left_out: pa.Table
    doubt: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.table)


@dataclass(frozen=True)
class Activity:
    """Rows around one action, numbers in place of names.

    ``account``, ``unit``, ``destination``: codes. ``day``: days since the action, below 0 before it. ``acted``: whether
    a unit's code was acted on. ``members``: by account's code, whether it was active in such a unit before; ``others``:
    whether it was active before, but in none.
    """

    account: Ints
    unit: Ints
    destination: Ints
    day: Ints
    acted: Bools
    members: Bools
    others: Bools


@dataclass(frozen=True)
class Rows:
    """All rows, in columns; ``units`` and ``destinations`` name the codes."""

    account: Ints
    unit: Ints
    destination: Ints
    day: Ints
    accounts: int
    units: tuple[str, ...]
    destinations: tuple[str, ...]


def read_activity(activity: Any) -> Rows:
    """Columns of who was active where; rows without an account or a unit are left out by who calls."""
    table = named(activity, {"at": TIMES, "account": ACCOUNTS, "unit": UNITS}, "activity")
    days = (microseconds(table["at"], "activity, column at") - FIRST_MONDAY) // DAY
    where = next((name for name in DESTINATIONS if name in table.column_names), "unit")
    codes, names = {}, {}
    for name, column in (("account", "account"), ("unit", "unit"), ("destination", where)):
        encoded = pc.dictionary_encode(table[column].cast(pa.string())).combine_chunks()
        codes[name] = pc.fill_null(encoded.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
        names[name] = tuple(encoded.dictionary.to_pylist())
    return Rows(**codes, day=days, accounts=len(names["account"]), units=names["unit"],
                destinations=names["destination"])  # fmt: skip


def around_actions(
    activity: Any, actions: Any, window: int, left_out: Counter[str]
) -> Iterator[tuple[Action, Rows, Activity]]:
    """Each action whose windows lie within the days that are there, with the rows of both."""
    if not 1 <= window <= LONGEST:
        raise MeasureError("The window cannot be.", where="parameters", mend=f"It has 1 to {LONGEST} days.")
    rows = read_activity(activity)
    lacking = (rows.account < 0) | (rows.unit < 0)
    left_out["a row without account or channel"] += int(lacking.sum())
    asked = read_actions(actions, left_out)
    for action in asked:
        if not len(rows.day) or action.day - window < rows.day.min() or action.day + window > rows.day.max() + 1:
            left_out["an action whose windows are not wholly there"] += 1
            continue
        close = {
            unit
            for other in asked
            if other is not action and abs(other.day - action.day) < window
            for unit in (rows.units if other.units is None else other.units)
        }
        free = [unit for unit in (rows.units if action.units is None else action.units) if unit not in close]
        left_out["a channel with another action within the window"] += len(
            rows.units if action.units is None else action.units
        ) - len(free)
        acted = np.isin(np.array(rows.units, dtype=object), np.array(free, dtype=object))
        if not acted.any():
            left_out["an action on no channel that is there"] += 1
            continue
        chosen = np.flatnonzero(~lacking & (np.abs(rows.day - action.day + 0.5) < window))
        yield action, rows, _cut(rows, chosen, action.day, acted)


def _cut(rows: Rows, chosen: Ints, day: int, acted: Bools) -> Activity:
    account, unit, since = rows.account[chosen], rows.unit[chosen], rows.day[chosen] - day
    members, active = np.zeros(rows.accounts, np.bool_), np.zeros(rows.accounts, np.bool_)
    members[account[(since < 0) & acted[unit]]] = True
    active[account[since < 0]] = True
    return Activity(account, unit, rows.destination[chosen], since, acted, members, active & ~members)


def share_interval(count: int, of: int, confidence: float) -> tuple[float | None, float | None, float | None]:
    """A share and its interval (Jeffreys; Brown, Cai and DasGupta, Statistical Science 16, 2001); None of none.

    >>> [round(one, 2) for one in share_interval(0, 10, 0.95)]
    [0.0, 0.0, 0.22]
    """
    from scipy.stats import beta  # here, because it takes a while at every start

    if of == 0:
        return None, None, None
    low = 0.0 if count == 0 else float(beta.ppf((1 - confidence) / 2, count + 0.5, of - count + 0.5))
    high = 1.0 if count == of else float(beta.ppf((1 + confidence) / 2, count + 0.5, of - count + 0.5))
    return count / of, low, high
