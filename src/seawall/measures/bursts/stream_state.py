"""What a stream of short bins remembers: one record of fixed size."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.measures.bursts.stream_plan import LENGTHS, StreamPlan

State = npt.NDArray[Any]  # one element of STATE

ALERT = 0.5
"""A score from here on is an alert."""
TOLD = 0.9 * ALERT
"""While a burst is known, scores are multiplied by this."""
NEVER = np.iinfo(np.int64).min
"""The number of the last bin before there was any."""
STATE = np.dtype(
    [
        ("last", np.int64),  # number of the last bin, or NEVER
        ("known", np.int64),  # bins that were collected
        ("judged", np.int64),  # of these, those that were judged on the day that runs
        ("quiet_until", np.int64),  # number of the bin from which on a burst is told again
        ("counts", np.float64, (LENGTHS[-1],)),  # of the last bins; bin i stands at i modulo the size
        ("collected", np.float64, (LENGTHS[-1],)),  # 1 or 0, likewise
        ("sums", np.float64, (len(LENGTHS), 2)),  # of both over the last bins, by length; whole numbers, so exact
        ("usual", np.float64, (len(LENGTHS), 3)),  # of log sums: weight, weighted sum, weighted squared deviations
        ("peak", np.float64, (2, len(LENGTHS))),  # of the day that runs, upwards and downwards; -inf = none yet
        ("peaks", np.float64, (2, len(LENGTHS), 2)),  # of a day: mean and standard deviation
        ("days", np.float64),  # on how many they rest, those of the prior included
    ],
    align=True,
)


def fresh_state(plan: StreamPlan) -> State:
    """The state before the first bin."""
    state = np.zeros(1, STATE)
    state["last"] = state["quiet_until"] = NEVER
    state["peak"] = -np.inf
    state["peaks"] = plan.prior
    state["days"] = plan.prior_days
    return state
