"""What comes of a batch without what was erased before: nobody's account comes back, and nothing leads to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from seawall.lake.pseudonyms import lists_without, with_column, without
from seawall.lake.schemas import REFERENCES
from seawall.lake.suppression import Suppression


@dataclass(frozen=True, slots=True)
class Spared:
    """The tables without mention of what was erased, and which of it the batch speaks of.

    Rows *of* erased accounts, and deletions of erased messages, are still there: they are counted as rejected.
    """

    tables: Mapping[str, pa.Table]
    accounts: pa.Array
    messages: pa.Array


def without_erased(tables: Mapping[str, pa.Table], suppression: Suppression) -> Spared:
    """Take mentions of erased accounts, their descriptions, and references to erased messages out of a batch."""
    if not suppression:
        nobody = pa.array([], pa.string())
        return Spared(tables, nobody, nobody)
    accounts = _accounts_among(tables, suppression)
    told = [(tables["messages"], name) for name in REFERENCES]
    told += [(tables[name], "message_id") for name in ("interactions", "deletions")]
    messages = suppression.messages_among([rows.column(name) for rows, name in told])
    result = dict(tables)
    if len(messages):
        result |= _without_references(result, messages)
    if len(accounts):
        result |= _without_mentions(result, accounts)
    return Spared(result, accounts, messages)


def _accounts_among(tables: Mapping[str, pa.Table], suppression: Suppression) -> pa.Array:
    """The erased accounts of which a batch speaks; handles that it tells of them are put on the list too."""
    aliases, messages, interactions = tables["aliases"], tables["messages"], tables["interactions"]
    barred = suppression.among_columns([aliases.column("account_id")])
    handles = aliases.filter(pc.is_in(aliases.column("account_id"), value_set=barred)).column("handle_key")
    if len(handles):
        suppression.add(handles.to_pylist())
    return suppression.among_columns(
        [
            messages.column("account_id"),
            messages.column("mentions"),
            interactions.column("source_account"),
            interactions.column("target_account"),
            tables["accounts"].column("account_id"),
            aliases.column("account_id"),
            aliases.column("handle_key"),
        ]
    )


def _without_references(tables: Mapping[str, pa.Table], erased: pa.Array) -> dict[str, pa.Table]:
    messages, interactions = tables["messages"], tables["interactions"]
    for name in REFERENCES:
        messages = with_column(messages, name, without(messages.column(name), erased))
    led = without(interactions.column("message_id"), erased)
    return {"messages": messages, "interactions": with_column(interactions, "message_id", led)}


def _without_mentions(tables: Mapping[str, pa.Table], erased: pa.Array) -> dict[str, pa.Table]:
    messages, interactions, accounts = tables["messages"], tables["interactions"], tables["accounts"]
    aliases = tables["aliases"]
    mentions = pa.chunked_array([lists_without(chunk, erased) for chunk in messages.column("mentions").chunks])
    target = without(interactions.column("target_account"), erased)
    told = pc.or_(*(pc.is_in(aliases.column(name), value_set=erased) for name in ("account_id", "handle_key")))
    return {
        "messages": with_column(messages, "mentions", mentions),
        "interactions": with_column(interactions, "target_account", target),
        "accounts": accounts.filter(pc.invert(pc.is_in(accounts.column("account_id"), value_set=erased))),
        "aliases": aliases.filter(pc.invert(told)),
    }
