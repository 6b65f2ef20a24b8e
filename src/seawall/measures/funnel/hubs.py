"""The funnels of all platforms at once, here or over parts: hubs that are told, and what passed between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.funnel.measure import funnels
from seawall.measures.funnel.model import first_model
from seawall.measures.funnel.parted.acts import (
    EVIDENCE,
    IDS,
    KIND,
    LEFT_OUT,
    of_platform,
    places_of,
    summed,
    survey,
)
from seawall.measures.funnel.parted.course import Found, found_on
from seawall.measures.funnel.result import Funnels
from seawall.measures.funnel.state import ACCOUNT, PAIR, Array
from seawall.measures.funnel.told import Told
from seawall.measures.funnel.weights import BOUND, WEIGHTS
from seawall.measures.funnel.words import COUNTS, KNIT, LEFT, NEVER, TERMS
from seawall.measures.keys import Keys, identity_keys, presence
from seawall.parts import Parts

COLUMNS = (
    "platform", "at", "kind", "source", "target", "channel", "contact_kind", "contact_key", "reply_key",
)  # fmt: skip
SIDES = ("source", "target")
MOST_ACTS = 1 << 20
"""Over parts, an account with more acts is cut in slices of time."""


@dataclass(frozen=True)
class Hubs:
    """What is told of a platform.

    Args:
        found: the hubs at or above the bound, with their pairs.
        rows: the interactions of these hubs, and those of their newcomers among one another.
        kinds: which kinds of interactions there are on the platform.
    """

    found: Funnels
    rows: pa.Table
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class FunnelsMeasure:
    """``funnels`` on each platform by itself, as a measure that any engine runs: platform -> ``Hubs``.

    Args:
        bound: the score in nats at which an account is alerted about.
        most: over parts, accounts with more acts than this are cut in slices of time; it changes no result.
    """

    bound: float = BOUND
    most: int = MOST_ACTS
    columns: tuple[str, ...] = COLUMNS

    def at_once(self, rows: pa.RecordBatchReader) -> dict[str, Hubs]:
        """The result over all rows, here; each word is held once.

        Raises:
            MeasureError: as ``funnels``.
        """
        batches = [_encoded(batch) for batch in rows if len(batch)]
        if not batches:
            return {}
        table = pa.Table.from_batches(batches).unify_dictionaries()
        del batches
        return dict(self._platforms(table))

    def _platforms(self, table: pa.Table) -> Iterator[tuple[str, Hubs]]:
        for name in sorted(pc.unique(table["platform"]).to_pylist()):
            own = of_platform(name, table)
            found = funnels(own, bound=self.bound).alerted()
            kinds = tuple(sorted(pc.unique(own["kind"]).to_pylist()))
            yield name, Hubs(found, concerned(own, *_keys(found)), kinds)

    def over(self, parts: Parts) -> dict[str, Hubs]:
        """The same over rows in parts, of which only what is told comes back.

        Raises:
            MeasureError: as ``funnels``.
        """
        if not np.isfinite(self.bound):
            raise MeasureError("The bound must be a number of nats.", where="parameter bound")
        told = parts.each(survey).by("platform", "what", "name").each(summed).all()
        names = sorted(pc.unique(told["platform"]).to_pylist())
        return {name: self._hubs_on(name, parts, of_platform(name, told)) for name in names}

    def _hubs_on(self, name: str, parts: Parts, told: pa.Table) -> Hubs:
        counts = {what: _named(told, what) for what in (KIND, LEFT_OUT, EVIDENCE, IDS)}
        found = found_on(name, parts, self.bound, self.most)
        left_out = {reason: count for reason, count in counts[LEFT_OUT].items() if count}
        hubs, newcomers = (np.empty(0, np.uint64),) * 2
        if found is not None:
            hubs = found.hubs["account"].to_numpy()
            newcomers = found.records["newcomer"].to_numpy()
            repeated = counts[EVIDENCE][""] - found.acts
            left_out |= {"repeated": repeated} if repeated else {}
        own = parts.each(partial(of_platform, name))
        rows = own.each(partial(concerned, hubs=hubs, newcomers=newcomers)).all()
        ids = pa.type_for_alias(next(iter(counts[IDS])))
        return Hubs(_result(found, rows, ids, self.bound, left_out), rows, tuple(sorted(counts[KIND])))


def _named(told: pa.Table, what: str) -> dict[str, int]:
    own = told.filter(pc.equal(told["what"], what))
    return dict(zip(own["name"].to_pylist(), own["rows"].to_pylist(), strict=True))


def _encoded(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [column.dictionary_encode() if pa.types.is_string(column.type) else column for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _keys(found: Funnels) -> tuple[Keys, Keys]:
    """Of the hubs and of their newcomers."""
    pairs = found.pairs
    return identity_keys(pairs["hub"]), identity_keys(pairs["newcomer"])


def concerned(rows: pa.Table, hubs: Keys, newcomers: Keys) -> pa.Table:
    """The rows of a platform in which a hub acts or is acted towards, and those among newcomers.

    Args:
        rows: with the measure's columns.
        hubs: keys of accounts.
        newcomers: keys of accounts.
    """
    is_hub, is_newcomer = ([_among(rows[side], accounts) for side in SIDES] for accounts in (hubs, newcomers))
    found = rows.filter(pa.array(is_hub[0] | is_hub[1] | (is_newcomer[0] & is_newcomer[1])))
    plain = [column.cast(_plain(column.type)) for column in found.columns]
    return pa.table(plain, names=found.column_names)


def _among(column: pa.ChunkedArray, accounts: Keys) -> Array:
    if pa.types.is_null(column.type):
        return np.zeros(len(column), np.bool_)
    return np.isin(identity_keys(column), accounts) & presence(column)


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _result(found: Found | None, rows: pa.Table, ids: pa.DataType, bound: float, left_out: dict[str, int]) -> Funnels:
    """What came back of a platform, as if it had been found here."""
    if found is None:
        told = Told.nobody(first_model(WEIGHTS))
        return Funnels(told.state(0), pa.array([], ids), bound, left_out)
    hubs, accounts, counts, terms = _hub_records(found.hubs)
    pairs, newcomers = _pair_records(found)
    known = np.union1d(hubs, newcomers)
    pairs["newcomer"] = np.searchsorted(known, newcomers)
    pairs["hub"] = np.searchsorted(known, found.records["hub"].to_numpy())
    teams = np.array([found.teams.sizes.get(int(hub), 1) for hub in hubs], np.int32)
    pairs = pairs[np.argsort(pairs["began"], kind="stable")]
    told = Told(np.searchsorted(known, hubs), accounts, counts, terms, teams, pairs, found.model)
    return Funnels(told.state(len(known)), _ids_of(known, rows, ids), bound, left_out)


def _hub_records(notes: pa.Table) -> tuple[Keys, Array, Array, Array]:
    """Keys, records, counts and terms of the hubs; one that was cut has a row for each slice."""
    names = np.unique(notes["account"].to_numpy())
    accounts: Array = np.zeros(len(names), ACCOUNT)
    terms = np.zeros((len(names), len(TERMS)), np.float32)
    counts, latest = np.zeros((len(names), COUNTS), np.int32), np.full(len(names), -1)
    accounts["first_at"] = accounts["alert_at"] = NEVER
    accounts["best"] = -np.inf
    for row in notes.sort_by("when").to_pylist():
        place = np.searchsorted(names, np.uint64(row["account"]))
        record, (number, first, *counted), (score, *parts) = accounts[place], row["whole"], row["parts"]
        for name, when in (("first_at", first), ("alert_at", row["when"])):
            record[name] = min(record[name], when // 2 if when != NEVER else NEVER)
        if score > record["best"]:
            record["best"], terms[place] = score, parts
        if number > latest[place]:
            latest[place], counts[place] = number, counted
    return names, accounts, counts, terms


def _pair_records(found: Found) -> tuple[Array, Keys]:
    """Records of the pairs, with what was found of them elsewhere, and the keys of their newcomers."""
    told = found.records
    pairs = np.frombuffer(b"".join(told["record"].to_pylist()), PAIR).copy()
    hub, newcomer = (told[name].to_numpy() for name in ("hub", "newcomer"))
    for table, flag in ((found.knit, KNIT), (found.handed, LEFT)):
        met = places_of(hub, newcomer, *(table[name].to_numpy() for name in ("hub", "newcomer")))
        pairs["flags"][met[met >= 0]] |= flag
    return pairs, newcomer


def _ids_of(known: Keys, rows: pa.Table, kind: pa.DataType) -> pa.Array:
    """The ids of accounts, by their keys, from rows in which each acts or is acted towards."""
    ids = pa.chunked_array([chunk for side in SIDES for chunk in rows[side].chunks], rows["source"].type).drop_null()
    keys = identity_keys(ids)
    order = np.argsort(keys, kind="stable")
    return ids.take(pa.array(order[np.searchsorted(keys[order], known)])).combine_chunks().cast(kind)
