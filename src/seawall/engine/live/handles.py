"""Which account a handle leads to, as far as it is known; 42 bytes each."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.engine.live.chunks import HANDLE
from seawall.lake.pseudonyms import lists_replaced, replaced

Names = npt.NDArray[np.bytes_]

SEVERAL = b""
"""In place of the account: the handle was told of several, so it leads to none."""

SAVED = pa.schema([("handle_key", pa.string()), ("account_id", pa.string())])


class Handles:
    """Handles (sorted) and their accounts. It never changes: learning gives another one."""

    def __init__(self, handles: Names | None = None, accounts: Names | None = None) -> None:
        self._handles: Names = np.empty(0, "S1") if handles is None else handles
        self._accounts: Names = np.empty(0, "S1") if accounts is None else accounts

    def __len__(self) -> int:
        return len(self._handles)

    @property
    def nbytes(self) -> int:
        """Bytes about."""
        return int(self._handles.nbytes + self._accounts.nbytes)

    def learned(self, aliases: pa.Table) -> tuple[Handles, pa.Array]:
        """With the aliases of ``handle_key, account_id``; and the handles that lead elsewhere now."""
        told = _owners(aliases)
        if not told:
            return self, pa.array([], pa.string())
        handles = np.array(sorted(told), "S")
        accounts = np.array([told[handle] for handle in handles.tolist()], "S")
        places, known = self._places(handles)
        differ = known.copy()
        before = self._accounts[places[known]]
        differ[known] = (before != accounts[known]) & (before != SEVERAL)
        if not (differ | ~known).any():
            return self, pa.array([], pa.string())
        result = self._accounts.copy()
        result[places[differ]] = SEVERAL
        width = f"S{max(result.itemsize, accounts.itemsize)}"
        wide = f"S{max(self._handles.itemsize, handles.itemsize)}"
        after = Handles(
            np.insert(self._handles.astype(wide), places[~known], handles[~known]),
            np.insert(result.astype(width), places[~known], accounts[~known]),
        )
        return after, _strings(handles[differ | ~known])

    def resolve(self, values: pa.Array) -> pa.Array:
        """Account ids, or lists of them, with handles replaced where it is known whose they are."""
        nested = pa.types.is_list(values.type)
        names = pc.unique(pc.list_flatten(values) if nested else values)
        names = names.filter(pc.starts_with(names, HANDLE))
        if not len(names) or not len(self):
            return values
        handles = np.array(names.to_pylist(), "S")
        places, known = self._places(handles)
        accounts = self._accounts[places[known]]
        sure = accounts != SEVERAL
        if not sure.any():
            return values
        change = lists_replaced if nested else replaced
        return change(values, _strings(handles[known][sure]), _strings(accounts[sure]))

    def table(self) -> pa.Table:
        """``handle_key, account_id``, sorted; an empty account stands for several."""
        return pa.Table.from_arrays([_strings(self._handles), _strings(self._accounts)], schema=SAVED)

    @classmethod
    def saved(cls, table: pa.Table) -> Self:
        """From what ``table`` gave."""
        return cls(*(np.array(table[name].to_pylist(), "S") for name in SAVED.names))

    def _places(self, handles: Names) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        places = np.searchsorted(self._handles, handles)
        known = places < len(self._handles)
        known[known] = self._handles[places[known]] == handles[known]
        return places, known


def _owners(aliases: pa.Table) -> dict[bytes, bytes]:
    told: dict[bytes, bytes] = {}
    pairs = aliases.select(["handle_key", "account_id"]).group_by(["handle_key", "account_id"]).aggregate([])
    for handle, account in zip(pairs["handle_key"].to_pylist(), pairs["account_id"].to_pylist(), strict=True):
        told[handle.encode()] = SEVERAL if handle.encode() in told else account.encode()
    return told


def _strings(names: Any) -> pa.Array:
    return pa.array([name.decode() for name in names.tolist()], pa.string())
