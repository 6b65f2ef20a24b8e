"""Accounts seen in a batch, the aliases that it tells, and, where there is a vault, who they are."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.context import Context
from seawall.intake.message_rows import MessageRows
from seawall.intake.pseudonyms import identity_fields
from seawall.model import ACCOUNTS, ALIASES, IDENTITIES, RAW_ACT

Told = tuple[pa.StructArray, pa.Array]
"""Identities (``model.RAW_IDENTITY``) and the times at which they were told."""


def seen_accounts(rows: MessageRows, others: pa.Table, context: Context) -> pa.Table:
    """``model.ACCOUNTS``: one row for each account that acted; counts as of its latest message.

    Args:
        rows: good messages of any visibility.
        others: interactions of their own, with ``source_account`` and ``at``.
    """
    names = ("followers", "following", "declared_bot", "account_created_at")
    acted = pa.table(
        {"account_id": rows.account, "at": rows.column("sent_at")} | {name: rows.column(name) for name in names}
    )
    also = pa.table({"account_id": others["source_account"], "at": others["at"]})
    acted = pa.concat_tables([acted, also], promote_options="default")
    if not pc.all(pc.greater_equal(acted["at"][1:], acted["at"][:-1])).as_py():
        acted = acted.sort_by("at")
    counts = [_told_count(acted[name]) for name in ("followers", "following")]
    acted = acted.set_column(2, "followers", counts[0]).set_column(3, "following", counts[1])
    seen = acted.group_by("account_id", use_threads=False).aggregate(
        [("at", "min"), ("at", "max"), *((name, "last") for name in names)]
    )
    columns = {
        "account_id": seen["account_id"],
        "first_seen": seen["at_min"],
        "last_seen": seen["at_max"],
        "created_at": seen["account_created_at_last"],
    } | {name: seen[f"{name}_last"] for name in names[:3]}
    return context.table(ACCOUNTS, seen.num_rows, columns)


def _told_count(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A count below zero is how some exports say that they do not know."""
    return pc.if_else(pc.less(column, 0), None, column)


def told_identities(messages: pa.Table, interactions: pa.Table) -> list[Told]:
    """All identities in the records of a batch, with their times."""
    found: list[Told] = []
    for table, at, names in (
        (messages, "sent_at", ("account", "reply_to_account", "repost_of_account")),
        (interactions, "at", ("source_account", "target_account")),
    ):
        found.extend((table[name].combine_chunks(), table[at].combine_chunks()) for name in names)
    times = messages["sent_at"].combine_chunks()
    mentions, acts = (messages[name].combine_chunks() for name in ("mentions", "acts"))
    found.append((mentions.flatten(), times.take(pc.list_parent_indices(mentions))))
    acted = times.take(pc.list_parent_indices(acts))
    found.extend((pc.struct_field(acts.flatten(), RAW_ACT.get_field_index(who)), acted) for who in ("target", "source"))
    return [(identities, when) for identities, when in found if identities.null_count < len(identities)]


def aliases(told: Iterable[Told], context: Context) -> pa.Table:
    """``model.ALIASES``: where a record tells an id and a handle (or, without one, a name), each pair once."""
    pairs = []
    for identities, at in told:
        keys = context.pseudonyms.alias_keys(context.platform, identities)
        if keys.null_count < len(keys):
            account = context.pseudonyms.accounts(context.platform, identities)
            pair = pa.table({"handle_key": keys, "account_id": account, "at": at})
            pairs.append(pair.filter(pc.is_valid(keys)))
    if not pairs:
        return ALIASES.empty_table()
    distinct = (
        pa.concat_tables(pairs).group_by(["handle_key", "account_id"], use_threads=False).aggregate([("at", "min")])
    )
    columns = {name: distinct[name] for name in ("handle_key", "account_id")} | {"valid_from": distinct["at_min"]}
    return context.table(ALIASES, distinct.num_rows, columns)


def identities_in_clear(told: Iterable[Told], channels: pa.Table, context: Context) -> pa.Table:
    """``model.IDENTITIES``: each account and channel that is named, each naming once. For the vault only."""
    parts = []
    for identities, _ in told:
        pseudonym = context.pseudonyms.accounts(context.platform, identities)
        parts.append(_identities(pseudonym, identity_fields(identities), context))
    ids = channels["channel_id"].combine_chunks()
    handles, titles = (channels[name].combine_chunks() for name in ("handle", "title"))
    parts.append(_identities(context.pseudonyms.channels(context.platform, ids), (ids, handles, titles), context))
    return pa.concat_tables(parts).group_by(IDENTITIES.names, use_threads=False).aggregate([]).cast(IDENTITIES)


def _identities(pseudonym: pa.Array, fields: tuple[pa.Array, pa.Array, pa.Array], context: Context) -> pa.Table:
    columns = dict(zip(("pseudonym", "id", "handle", "name"), (pseudonym, *fields), strict=True))
    named = pa.table(columns).filter(pc.is_valid(pseudonym)).combine_chunks()
    return context.table(IDENTITIES, named.num_rows, {name: named[name] for name in columns})
