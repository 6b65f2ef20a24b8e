"""The tables in which a stream is kept, without pickle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.funnel.growth import indexed
from seawall.measures.funnel.model import SIZE
from seawall.measures.funnel.run import Acts
from seawall.measures.funnel.state import GROWING, TALLY, State, empty
from seawall.measures.funnel.words import TERMS

VERSION = 1
"""Of the saved form: it grows whenever a part of the state or a constant of the method changes."""

_SLOTS = ("pair_slots", "line_slots", "key_slots")
_ACTS = ("at", "act", "source", "target", "words", "address", "print")


def store(state: State, waiting: Acts, ids: pa.Array, limits: dict[str, Any]) -> dict[str, pa.Table]:
    """One table for each part of the state, the acts that wait, the ids of accounts, and the limits."""
    tables = {
        "limits": pa.table({"version": pa.array([VERSION], pa.int32()), **limits}),
        "ids": pa.table({"account": ids}),
        "waiting": pa.table(dict(zip(_ACTS, waiting.arrays, strict=True))),
    }
    taken = state.ties != 0
    lists = {"uses": state.uses[state.uses != 0], "ties": state.ties[taken], "tie_counts": state.tie_counts[taken]}
    for name, values in state._asdict().items():
        if name not in _SLOTS:
            rows = values[: int(state.tally[GROWING[name]])] if name in GROWING else lists.get(name, values)
            tables[name] = _table(rows)
    return tables


def _table(values: Any) -> pa.Table:
    if values.dtype.names:
        return pa.table({name: np.ascontiguousarray(values[name]) for name in values.dtype.names})
    if values.ndim == 1:
        return pa.table({"value": values})
    flat = pa.array(np.ascontiguousarray(values).ravel())
    return pa.table({"value": pa.FixedSizeListArray.from_arrays(flat, values.shape[1])})


def load(tables: Mapping[str, pa.Table]) -> tuple[State, Acts, pa.ChunkedArray, dict[str, Any]]:
    """What ``store`` was given.

    Raises:
        MeasureError: a table is missing or damaged, or was saved by another version.
    """
    limits = _limits(tables)
    parts: dict[str, Any] = {}
    fresh = empty(np.zeros(SIZE))
    for name, form in fresh._asdict().items():
        if name not in _SLOTS:
            parts[name] = _values(tables, name, form)
    if len(parts["tally"]) != TALLY or len(parts["model"]) != SIZE or parts["terms"].shape[1:] != (len(TERMS),):
        _refuse("A part of the saved stream is damaged.")
    waiting = tables.get("waiting", pa.table({}))
    if tuple(waiting.column_names) != _ACTS or "ids" not in tables:
        _refuse("A part of the saved stream is missing.")
    acts = Acts(*(waiting[name].to_numpy().copy() for name in _ACTS))
    return indexed(fresh._replace(**parts)), acts, tables["ids"]["account"], limits


def _limits(tables: Mapping[str, pa.Table]) -> dict[str, Any]:
    limits = tables.get("limits")
    if not isinstance(limits, pa.Table) or limits.num_rows != 1 or "version" not in limits.column_names:
        _refuse("This is not a saved stream.")
    told: dict[str, Any] = limits.to_pylist()[0]
    if told.pop("version") != VERSION:
        _refuse("The stream was saved by another version.")
    return told


def _values(tables: Mapping[str, pa.Table], name: str, form: Any) -> Any:
    table = tables.get(name)
    names = list(form.dtype.names or ("value",))
    if not isinstance(table, pa.Table) or table.column_names != names:
        _refuse("A part of the saved stream is missing or damaged.")
    if form.dtype.names:
        rows = np.zeros(table.num_rows, form.dtype)
        for field in names:
            rows[field] = table[field].to_numpy()
        return rows
    flat = table["value"].combine_chunks()
    if form.ndim == 1:
        return flat.to_numpy(zero_copy_only=False).astype(form.dtype)
    return flat.flatten().to_numpy(zero_copy_only=False).astype(form.dtype).reshape(table.num_rows, form.shape[1])


def _refuse(what: str) -> NoReturn:
    raise MeasureError(what, where="saved stream", mend="Feed its interactions to a new stream.")
