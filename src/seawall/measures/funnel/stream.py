"""Funnels while interactions come in: the state at any moment is what the measure says of everything up to then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.coshare.names import Roster
from seawall.measures.funnel.forgetting import without_idle
from seawall.measures.funnel.model import first_model
from seawall.measures.funnel.result import Funnels
from seawall.measures.funnel.rows import Rows, read
from seawall.measures.funnel.run import Acts, run
from seawall.measures.funnel.saving import load, store
from seawall.measures.funnel.state import ACCOUNTS, REPEATED, State, empty
from seawall.measures.funnel.weights import BOUND, WEIGHTS
from seawall.measures.funnel.words import DAY, NEVER
from seawall.measures.keys import identity_keys

HORIZON = timedelta(days=2)
"""Interactions may come this much later than others that happened after them; they are then still counted exactly."""

_HORIZON = 2 * DAY
_BLOCK = 1 << 18
_PATIENCE = 1 << 12
"""So many acts are collected before those that nothing can precede any more are worked in."""


class FunnelStream:
    """What ``funnels`` says of all interactions so far.

    ``result()`` equals ``funnels`` of the same interactions, whatever the order and the grouping in which they came,
    as long as none comes more than ``HORIZON`` (two days) later than another, added before, that happened after it.
    Those that do are left out and counted (``left_out["late"]``), because the past is not rewritten: an alert stands.
    A clock that runs ahead makes everything after it late; sources should not let such times through.

    Args:
        bound: the score in nats at which an account is alerted about.

    >>> stream = FunnelStream()
    >>> stream.add(pa.table({"at": [60], "kind": ["mention"], "source": ["a"], "target": ["b"]}))
    >>> stream.hubs()["newcomers"].to_pylist()
    [1]
    """

    def __init__(self, bound: float = BOUND) -> None:
        if not np.isfinite(bound):
            raise MeasureError("The bound must be a number of nats.", where="parameter bound")
        self.bound = float(bound)
        self._roster = Roster()
        self._state = empty(first_model(WEIGHTS))
        self._waiting: list[Acts] = []
        self._newest = self._worked_to = -NEVER
        self._left_out: dict[str, int] = {}
        self._kind: pa.DataType | None = None
        self._result: Funnels | None = None

    def add(self, interactions: Any) -> None:
        """Take in any number of interactions, with the columns that ``funnels`` takes.

        Raises:
            MeasureError: as ``funnels``; or ids are of another type than before.
        """
        rows, kind = read(interactions, self._left_out)
        if len(rows.at) == 0:
            return
        if self._kind is not None and pa.types.is_integer(kind) != pa.types.is_integer(self._kind):
            raise MeasureError(
                f"Ids are of type {kind}, and were of type {self._kind} before.",
                where="columns source, target",
                mend="Give the same type each time.",
            )
        self._kind = self._kind or kind
        self._result = None
        acts = self._numbered(rows)
        late = acts.at < self._newest - _HORIZON
        if late.any():
            self._left_out["late"] = self._left_out.get("late", 0) + int(np.count_nonzero(late))
            acts = Acts(*(column[~late] for column in acts.arrays))
        if len(acts):
            self._newest = max(self._newest, int(acts.at.max()))
            self._waiting.append(acts)
            if sum(len(part) for part in self._waiting) > _PATIENCE:
                self._work_in(self._newest - _HORIZON)

    def hubs(self) -> pa.Table:
        """``funnels(...).hubs`` of everything so far."""
        return self.result().hubs

    def pairs(self) -> pa.Table:
        """``funnels(...).pairs`` of everything so far."""
        return self.result().pairs

    def result(self) -> Funnels:
        """What ``funnels`` says of everything so far; later interactions do not change it."""
        if self._result is None:
            state, waiting = _copied(self._state), self._sorted()
            state = run(state, waiting, len(self._roster), self.bound)
            self._result = self._made(state)
        return self._result

    def finish(self) -> Funnels:
        """``result()`` without a copy of the state: for the last call, after which nothing can be added."""
        self._state = run(self._state, self._sorted(), len(self._roster), self.bound)
        self._waiting = []
        self._newest = NEVER
        return self._made(self._state)

    def forget(self, before: datetime) -> None:
        """Let go of pairs in which nothing happened since a time (UTC), and of accounts that have none left.

        What still waits to be settled (an answer, an address) is kept until then. What is forgotten is gone: two that
        meet again meet as strangers, and an account without a pair has no row in the result any more.
        """
        limit = round((before - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
        self._work_in(self._newest - _HORIZON)
        waiting = self._sorted()
        held = np.unique(np.concatenate([waiting.source, waiting.target]))
        self._state, moved = without_idle(self._state, min(limit, self._newest - _HORIZON), held, len(self._roster))
        kept = moved >= 0
        self._roster.keep_only(kept)
        waiting.source, waiting.target = moved[waiting.source], moved[waiting.target]
        self._waiting = [waiting] if len(waiting) else []
        self._result = None

    def save(self) -> dict[str, pa.Table]:
        """Everything that later interactions need, as tables."""
        self._work_in(self._newest - _HORIZON)
        ids = self._roster.names(np.arange(len(self._roster), dtype=np.int32)).dictionary_decode()
        limits = {
            "bound": [self.bound],
            "newest": [self._newest],
            "worked_to": [self._worked_to],
            "kind": ["" if self._kind is None else str(self._kind)],
            "left_out": [[f"{reason}:{count}" for reason, count in self._left_out.items()]],
        }
        return store(self._state, self._sorted(), ids, limits)

    @classmethod
    def saved(cls, tables: Mapping[str, pa.Table]) -> FunnelStream:
        """The stream that goes on from what ``save`` gave.

        Raises:
            MeasureError: a table is missing, or was saved by another version.
        """
        state, waiting, ids, limits = load(tables)
        stream = cls(limits["bound"])
        stream._state = state
        stream._newest, stream._worked_to = limits["newest"], limits["worked_to"]
        stream._kind = pa.type_for_alias(limits["kind"]) if limits["kind"] else None
        told = (entry.split(":") for entry in limits["left_out"])
        stream._left_out = {reason: int(count) for reason, count in told}
        stream._waiting = [waiting] if len(waiting) else []
        stream._number(ids.cast(stream._kind or pa.string()))
        return stream

    def _number(self, ids: pa.ChunkedArray) -> Any:
        return self._roster.codes(identity_keys(ids), ids)

    def _numbered(self, rows: Rows) -> Acts:
        """The acts with accounts by number, block by block, because the roster makes room for a block at once."""
        codes = {"source": np.empty(len(rows.at), np.int32), "target": np.empty(len(rows.at), np.int32)}
        for start in range(0, len(rows.at), _BLOCK):
            block = slice(start, start + _BLOCK)
            codes["source"][block] = self._roster.codes(rows.source[block], rows.sources.slice(start, _BLOCK))
            codes["target"][block] = self._roster.codes(rows.target[block], rows.targets.slice(start, _BLOCK))
        return Acts(rows.at, rows.act, codes["source"], codes["target"], rows.words, rows.address, rows.print)

    def _sorted(self) -> Acts:
        """What waits, in the order of time, as one part."""
        parts = self._waiting or [Acts(*(np.empty(0, kind) for kind in _KINDS))]
        whole = (
            parts[0] if len(parts) == 1 else Acts(*map(np.concatenate, zip(*(p.arrays for p in parts), strict=True)))
        )
        if len(whole) and (np.diff(whole.at) < 0).any():
            order = np.argsort(whole.at, kind="stable")
            whole = Acts(*(column[order] for column in whole.arrays))
        self._waiting = [whole] if len(whole) else []
        return whole

    def _work_in(self, before: int) -> None:
        """Work in what happened before a time, which nothing can precede any more."""
        if before <= self._worked_to:
            return
        whole = self._sorted()
        cut = int(np.searchsorted(whole.at, before))
        if cut:
            done = Acts(*(column[:cut] for column in whole.arrays))
            self._state = run(self._state, done, len(self._roster), self.bound)
            rest = Acts(*(column[cut:].copy() for column in whole.arrays))
            self._waiting = [rest] if len(rest) else []
        self._worked_to = before

    def _made(self, state: State) -> Funnels:
        left_out = {reason: count for reason, count in self._left_out.items() if count}
        if state.tally[REPEATED]:
            left_out["repeated"] = int(state.tally[REPEATED])
        ids = self._roster.names(np.arange(int(state.tally[ACCOUNTS]), dtype=np.int32)).dictionary
        return Funnels(state, ids.cast(self._kind or pa.string()), self.bound, left_out)


_KINDS = (np.int64, np.uint8, np.int32, np.int32, np.uint64, np.uint64, np.uint64)


def _copied(state: State) -> State:
    return State(*(array.copy() for array in state))
