"""What a stream remembers: one record of fixed size, and the row of a table in which it is kept."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.bursts.stream_plan import LENGTHS, StreamPlan

State = npt.NDArray[Any]  # one element of STATE

VERSION = 1
"""Of the saved form: it grows whenever a field of STATE or a constant of the plan changes."""
NEVER = np.iinfo(np.int64).min
STATE = np.dtype(
    [
        ("last", np.int64),  # number of the last bin, or NEVER
        ("known", np.int64),  # bins that were collected
        ("cycle_known", np.int64),  # of these, those that were judged in the cycle that runs
        ("quiet_until", np.int64),  # number of the bin from which on a burst is told again
        ("counts", np.float64, (LENGTHS[-1],)),  # of the last bins; bin i stands at i modulo the size
        ("collected", np.float64, (LENGTHS[-1],)),  # 1 or 0, likewise
        ("sums", np.float64, (len(LENGTHS), 2)),  # of both over the last bins, by length; whole numbers, so exact
        ("usual", np.float64, (len(LENGTHS), 3)),  # of log sums: weight, weighted sum, weighted squared deviations
        ("peak", np.float64, (2, len(LENGTHS))),  # of the cycle that runs, upwards and downwards
        ("peaks", np.float64, (2, len(LENGTHS), 2)),  # of a cycle: mean and standard deviation
        ("cycles", np.float64),  # on how many they rest, those of the prior included
    ],
    align=True,
)


def fresh_state(plan: StreamPlan) -> State:
    """The state before the first bin."""
    state = np.zeros(1, STATE)
    state["last"] = state["quiet_until"] = NEVER
    state["peaks"] = plan.prior
    state["cycles"] = plan.prior_cycles
    return state


def to_table(width: str, state: State) -> pa.Table:
    """One row: ``version``, ``bin`` (``width`` as written), then each field of STATE, as a list if it has several."""
    columns: dict[str, Any] = {"version": pa.array([VERSION], pa.int32()), "bin": [width]}
    for name in STATE.names or ():
        values = state[name][0]
        columns[name] = pa.array([values.ravel().tolist() if values.ndim else values.item()])
    return pa.table(columns)


def from_table(saved: Any) -> tuple[str, State]:
    """The width as it was written, and the state.

    Raises:
        MeasureError: not one row of ``to_table``, of another version, or damaged.
    """
    if not isinstance(saved, pa.Table) or saved.num_rows != 1 or "version" not in saved.column_names:
        _refuse("This is not a saved stream.", "Pass one row as SurgeStream.save gave it.")
    row = saved.to_pylist()[0]
    if row["version"] != VERSION:
        _refuse("The stream was saved by another version.", "Feed its counts to a new stream, or use that version.")
    state = np.zeros(1, STATE)
    try:
        for name in STATE.names or ():
            field = state[name][0]
            state[name] = np.array(row[name], field.dtype).reshape(field.shape)
        width = str(row["bin"])
    except (KeyError, TypeError, ValueError, OverflowError):
        _refuse("A part of the saved stream is missing or damaged.", "Feed its counts to a new stream.")
    numbers = [state[name] for name in STATE.names or () if name != "peak"]
    if any(not np.isfinite(values).all() for values in numbers) or np.isnan(state["peak"]).any():
        _refuse("A part of the saved stream is missing or damaged.", "Feed its counts to a new stream.")
    return width, state


def _refuse(what: str, mend: str) -> NoReturn:
    raise MeasureError(what, where="saved stream", mend=mend)
