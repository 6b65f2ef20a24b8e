"""The same tables told differently: rows in another order, accounts under other names."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

ACCOUNT_COLUMNS = frozenset({"account_id", "source_account", "target_account", "handle_key", "mentions"})
"""The columns of the lake that hold pseudonyms of accounts."""

Tables = Mapping[str, pa.Table]


def shuffled(tables: Tables, seed: int) -> dict[str, pa.Table]:
    """The same rows in another order."""
    order = random.Random(seed)  # noqa: S311 - not a secret
    out = {}
    for name, rows in tables.items():
        places = list(range(len(rows)))
        order.shuffle(places)
        out[name] = rows.take(pa.array(places, pa.int64()))
    return out


def rekeyed(tables: Tables, seed: int) -> dict[str, pa.Table]:
    """The same rows, every account under another pseudonym; the order of the names changes too."""
    names: dict[str, str] = {}
    fresh = random.Random(seed)  # noqa: S311 - not a secret

    def renamed(value: Any) -> Any:
        if isinstance(value, list):
            return [renamed(item) for item in value]
        if value is None:
            return None
        return names.setdefault(value, f"a{fresh.getrandbits(80):020x}")

    out = {}
    for name, rows in tables.items():
        for column in ACCOUNT_COLUMNS & set(rows.column_names):
            place = rows.schema.get_field_index(column)
            values = pa.array([renamed(value) for value in rows[column].to_pylist()], rows.schema.field(column).type)
            rows = rows.set_column(place, rows.schema.field(column), values)
        out[name] = rows
    return out
