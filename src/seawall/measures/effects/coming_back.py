"""Who, and what, came back after an action: return rates."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.bursts.plan import DAY, FIRST_MONDAY
from seawall.measures.effects.activity import (
    ANYHOW,
    HERE_ONLY,
    TOGETHER,
    Activity,
    Moves,
    around_actions,
    share_interval,
)
from seawall.measures.effects.result import UTC_MICROSECONDS, left_out_table

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

CHANNELS, ACCOUNTS_THERE, ACCOUNTS_ANYWHERE = "channels", "accounts, to these channels", "accounts, to anywhere"
SCHEMA = pa.schema(
    [
        ("action", pa.string()),
        ("at", UTC_MICROSECONDS),
        ("what", pa.string()),
        ("returned", pa.int64()),
        ("of", pa.int64()),
        ("rate", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("days", pa.float64()),
        ("usual", pa.float64()),
    ]
)


def returns(activity: Any, actions: Any, *, window: int = 30, silent: int = 7, confidence: float = 0.95) -> Moves:
    """Return rates: of what fell silent after an action, how much was seen again.

    Args:
        activity: as in ``displacement``; destinations are not looked at.
        actions: as in ``effect``.
        window: days on each side that are looked at.
        silent: what was not seen for so many days from the action on had fallen silent; 1 to ``window`` - 1.
        confidence: of the intervals.

    Returns:
        ``Moves``. Its ``table`` has three rows for each action, by ``what``: "channels" (units acted on that were
        active in the window before), "accounts, to these channels" (accounts that were active in them then) and
        "accounts, to anywhere". ``of``: how many had fallen silent (there, or everywhere); ``returned``: of these, seen
        again within the window; ``rate`` with ``low`` and ``high`` (null of none); ``days``: median from the action to
        the return; ``usual``: the rate among other channels, or other accounts, that fell silent on that day without
        an action (null of none). ``left_out`` and ``doubt`` as in ``displacement``.

    Raises:
        MeasureError: a column is missing or no times, or a parameter cannot be.

    >>> from datetime import datetime
    >>> march = [datetime(2026, 3, day) for day in range(1, 32)]
    >>> rows = [(march[5], name, "choir") for name in "abcd"] + [(march[24], "a", "choir"), (march[30], "z", "chess")]
    >>> table = pa.table(dict(zip(("at", "account", "unit"), zip(*rows))))
    >>> found = returns(table, pa.table({"at": [march[15]], "unit": ["choir"]}), window=10)
    >>> [(row["what"], row["returned"], row["of"]) for row in found.table.to_pylist()]
    [('channels', 1, 1), ('accounts, to these channels', 1, 4), ('accounts, to anywhere', 1, 4)]
    """
    if not 1 <= silent < window:
        raise MeasureError(
            "The silence cannot be.", where="parameters", mend="It has at least a day, and less than the window."
        )
    left_out: Counter[str] = Counter()
    told: list[dict[str, Any]] = []
    for action, rows, around in around_actions(activity, actions, window, left_out):
        named = {"action": action.name, "at": action.day * DAY + FIRST_MONDAY}
        inside = around.acted[around.unit]
        before = np.zeros(len(rows.units), np.bool_)
        before[around.unit[around.day < 0]] = True
        everywhere = np.ones(len(inside), np.bool_)
        for what, who, seen, asked, others in (
            (CHANNELS, around.unit, everywhere, before & around.acted, before & ~around.acted),
            (ACCOUNTS_THERE, around.account, inside, around.members, None),
            (ACCOUNTS_ANYWHERE, around.account, everywhere, around.members, around.others),
        ):
            back = _back(around, who, seen, len(asked))
            told.append(named | {"what": what} | _rate(back, asked, others, silent, confidence))
    return Moves(pa.Table.from_pylist(told, SCHEMA), left_out_table(left_out), (TOGETHER, HERE_ONLY, ANYHOW))


def _back(around: Activity, who: Ints, seen: Bools, size: int) -> Ints:
    """The day after the action on which each was first seen; the largest number where it was not."""
    first = np.full(size, np.iinfo(np.int64).max)
    after = seen & (around.day >= 0)
    np.minimum.at(first, who[after], around.day[after])
    return first


def _rate(back: Ints, asked: Bools, others: Bools | None, silent: int, confidence: float) -> dict[str, Any]:
    quiet, again = back >= silent, back < np.iinfo(np.int64).max
    count, of = int((asked & quiet & again).sum()), int((asked & quiet).sum())
    rate, low, high = share_interval(count, of, confidence)
    compared = int((others & quiet).sum()) if others is not None else 0
    return {
        "returned": count, "of": of, "rate": rate, "low": low, "high": high,
        "days": float(np.median(back[asked & quiet & again])) if count else None,
        "usual": int((others & quiet & again).sum()) / compared if others is not None and compared else None,
    }  # fmt: skip
