"""A clean batch -> the rows that are written, and what became of each record."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import StorageError
from seawall.lake.duplicates import CONFLICT, DUPLICATE, NEW, REVISION, judge, number_repetitions, repeated_id
from seawall.lake.index import DuplicateIndex
from seawall.lake.pseudonyms import with_column
from seawall.lake.runs import Entries, join
from seawall.lake.schemas import KEYS
from seawall.lake.sparing import without_erased
from seawall.lake.suppression import Suppression
from seawall.model import QUARANTINE
from seawall.protocols import NO_EDIT, CleanBatch, RowKeys

ERASED = 4
"""The verdict on a row whose account was erased before."""

CONFLICT_REASON = "same id, other content, same edit time"
ERASED_REASON = "erased account"
_REASONS = {CONFLICT: ("message_id", CONFLICT_REASON), ERASED: ("account", ERASED_REASON)}
_DESCRIPTIVE = ("accounts", "aliases", "channels", "coverage")

Verdicts = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a batch is written, and the sums for its receipt."""

    tables: Mapping[str, pa.Table]  # of the model's columns, with the hidden keys
    edits: Mapping[str, pa.Table]  # later revisions of messages, and interactions that are or belong to such
    entries: Entries  # for the duplicate index
    counts: Entries | None  # for the counters of a feed without ids
    records: int
    kept: int
    rejected: int
    duplicate: int
    revisions: int
    quarantine: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Judged:
    rows: pa.Table
    keys: Entries
    verdicts: Verdicts

    @property
    def kept(self) -> npt.NDArray[np.bool_]:
        return self.verdicts <= REVISION

    def chosen(self, verdict: int) -> pa.Table:
        """The rows of a verdict, with their keys."""
        mask = self.verdicts == verdict
        return _with_keys(self.rows, self.keys, mask, np.ones(len(mask), np.bool_))


def select(
    clean: CleanBatch,
    source: str,
    index: DuplicateIndex,
    counters: DuplicateIndex,
    suppression: Suppression,
    salt: bytes,
) -> Selection:
    """Judge every record of a batch.

    Raises:
        StorageError: the batch does not add up: a record was lost before it came here.
    """
    _check_sum(clean)
    spared = without_erased(clean.tables, suppression)
    tables, erased = spared.tables, spared.accounts
    messages, interactions, deletions = tables["messages"], tables["interactions"], tables["deletions"]
    own = clean.parents < 0
    message_keys, interaction_keys = _entries(clean.message_keys), _entries(clean.interaction_keys)
    counted = [clean.message_keys.counted, clean.interaction_keys.counted & own]
    repeats, counts = _repetitions(message_keys, interaction_keys, counted, counters)
    message_keys = _numbered(message_keys, repeats[0])
    interaction_keys = _numbered(interaction_keys, repeats[1])
    messages = _suffixed(messages, ("message_id",), repeats[0])
    inherited = _inherited(repeats[0], repeats[1], clean.parents)
    interactions = _suffixed(interactions, ("interaction_id",), inherited)
    interactions = _suffixed(interactions, ("message_id",), np.where(own, 1, inherited))

    verdicts = _verdicts(messages, message_keys, erased, "account_id", index)
    own_verdicts = _verdicts(
        interactions.filter(pa.array(own)), interaction_keys.take(own), erased, "source_account", index
    )
    fates = np.empty(len(own), np.int8)
    fates[own] = own_verdicts
    fates[~own] = verdicts[clean.parents[~own]]
    edited = interaction_keys.edited.copy()
    edited[~own] = message_keys.edited[clean.parents[~own]]
    interaction_keys = Entries(interaction_keys.ids, edited, interaction_keys.contents)
    fates[~own & _is_in(interactions.column("source_account"), erased)] = ERASED
    gone = _deletions(deletions, spared.messages, index, salt)

    parts = [
        _Judged(messages, message_keys, verdicts),
        _Judged(interactions.filter(pa.array(own)), interaction_keys.take(own), own_verdicts),
        gone,
    ]
    return _assemble(clean, source, tables, parts, (interactions, interaction_keys, fates, own), counts)


def _check_sum(clean: CleanBatch) -> None:
    told = sum(clean.tables[name].num_rows for name in ("messages", "deletions", "quarantine"))
    told += int((clean.parents < 0).sum())
    if told != clean.records:
        raise StorageError(
            f"A batch of {clean.records} records accounts for {told} of them.",
            where="intake",
            mend="This is a fault of the importer; nothing of the batch was written.",
        )


def _entries(keys: RowKeys) -> Entries:
    return Entries(keys.ids, keys.edited, keys.contents)


def _repetitions(
    messages: Entries, interactions: Entries, counted: list[npt.NDArray[np.bool_]], counters: DuplicateIndex
) -> tuple[list[npt.NDArray[np.int64]], Entries | None]:
    repeats = [np.ones(len(messages), np.int64), np.ones(len(interactions), np.int64)]
    if not any(mask.any() for mask in counted):
        return repeats, None
    ids = np.concatenate([messages.ids[counted[0]], interactions.ids[counted[1]]])
    numbers, counts = number_repetitions(ids, counters)
    split = int(counted[0].sum())
    repeats[0][counted[0]] = numbers[:split]
    repeats[1][counted[1]] = numbers[split:]
    return repeats, counts


def _numbered(keys: Entries, repeats: npt.NDArray[np.int64]) -> Entries:
    return Entries(repeated_id(keys.ids, repeats), keys.edited, keys.contents)


def _inherited(
    messages: npt.NDArray[np.int64], interactions: npt.NDArray[np.int64], parents: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    attached = parents >= 0
    result = interactions.copy()
    result[attached] = messages[parents[attached]]
    return result


def _suffixed(rows: pa.Table, columns: tuple[str, ...], repeats: npt.NDArray[np.int64]) -> pa.Table:
    """Ids of repetitions get "#2", "#3", ..."""
    if (repeats <= 1).all():
        return rows
    suffix = pc.if_else(
        pa.array(repeats > 1), pc.binary_join_element_wise("#", pa.array(repeats).cast("string"), ""), ""
    )
    for name in columns:
        place = rows.schema.get_field_index(name)
        joined = pc.binary_join_element_wise(rows.column(name), suffix, "")
        rows = rows.set_column(place, rows.schema.field(name), joined)
    return rows


def _is_in(column: pa.ChunkedArray, values: pa.Array) -> npt.NDArray[np.bool_]:
    if len(values) == 0:
        return np.zeros(len(column), np.bool_)
    found: npt.NDArray[np.bool_] = pc.is_in(column, value_set=values).to_numpy(zero_copy_only=False)
    return found


def _verdicts(rows: pa.Table, keys: Entries, erased: pa.Array, account: str, index: DuplicateIndex) -> Verdicts:
    barred = _is_in(rows.column(account), erased)
    if not barred.any():
        return judge(keys, index)
    verdicts = np.full(len(keys), ERASED, np.int8)
    verdicts[~barred] = judge(keys.take(~barred), index)
    return verdicts


def _deletions(rows: pa.Table, lost: pa.Array, index: DuplicateIndex, salt: bytes) -> _Judged:
    """Notices of deletion: the first one of a message counts; those of erased messages do not."""
    hashes = [
        int.from_bytes(hashlib.blake2b(value.encode(), key=salt, person=b"deletion", digest_size=8).digest(), "little")
        for value in rows.column("message_id").to_pylist()
    ]
    ids = np.array(hashes, np.uint64)
    keys = Entries(ids, np.full(len(ids), NO_EDIT, np.int64), np.zeros(len(ids), np.uint64))
    verdicts = judge(keys, index)
    verdicts[_is_in(rows.column("message_id"), lost)] = ERASED
    return _Judged(rows, keys, verdicts)


def _assemble(
    clean: CleanBatch,
    source: str,
    tables: Mapping[str, pa.Table],
    parts: list[_Judged],
    all_interactions: tuple[pa.Table, Entries, Verdicts, npt.NDArray[np.bool_]],
    counts: Entries | None,
) -> Selection:
    messages, _, deletions = parts
    interactions, keys, fates, own = all_interactions
    verdicts = np.concatenate([part.verdicts for part in parts])
    refused = _refused(messages.rows, messages.verdicts, parts[1], deletions, source)
    quarantine = pa.concat_tables([clean.tables["quarantine"], refused])
    kept, duplicate = int((verdicts <= REVISION).sum()), int((verdicts == DUPLICATE).sum())
    duplicate += int((deletions.verdicts == CONFLICT).sum())
    rejected = quarantine.num_rows
    if kept + duplicate + rejected != clean.records:
        raise StorageError(
            "The records of a batch do not add up.", where="lake", mend="Nothing was written; please tell the makers."
        )
    written = {name: tables[name] for name in _DESCRIPTIVE} if kept or not duplicate else _of_watching(tables)
    written["messages"] = messages.chosen(NEW)
    written["interactions"] = _with_keys(interactions, keys, fates == NEW, own)
    written["deletions"] = deletions.chosen(NEW)
    written["quarantine"] = quarantine
    edits = messages.chosen(REVISION)
    edits = with_column(edits, "kind", pa.chunked_array([pa.repeat(pa.scalar("edit"), edits.num_rows)]))
    return Selection(
        tables=written,
        edits={"messages": edits, "interactions": _with_keys(interactions, keys, fates == REVISION, own)},
        entries=join([part.keys.take(part.kept) for part in parts]),
        counts=counts,
        records=clean.records,
        kept=kept,
        rejected=rejected,
        duplicate=duplicate,
        revisions=int((verdicts == REVISION).sum()),
        quarantine=_by_reason(quarantine),
    )


def _of_watching(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """What a batch of nothing but duplicates tells all the same: when a live source was watched, and when not."""
    coverage = tables["coverage"]
    return {"coverage": coverage.filter(pc.not_equal(coverage.column("how"), "export"))}


def _by_reason(quarantine: pa.Table) -> dict[str, int]:
    """How many records are set aside, by field and reason."""
    rows = quarantine.select(["field", "reason"]).to_pylist()
    return dict(Counter(f"{row['field']}: {row['reason']}" for row in rows))


def _with_keys(rows: pa.Table, keys: Entries, mask: npt.NDArray[np.bool_], own: npt.NDArray[np.bool_]) -> pa.Table:
    """The chosen rows with their keys; rows that share their message's fate have no ids of their own."""
    if not mask.all():
        rows, keys, own = rows.filter(pa.array(mask)), keys.take(mask), own[mask]
    columns = (pa.array(keys.ids.view(np.int64), mask=~own), pa.array(keys.contents.view(np.int64), mask=~own))
    for name, values in zip(KEYS, (*columns, pa.array(keys.edited)), strict=True):
        rows = rows.append_column(name, values)
    return rows


def _refused(
    messages: pa.Table, verdicts: Verdicts, interactions: _Judged, deletions: _Judged, source: str
) -> pa.Table:
    """Quarantine rows for what is rejected here: position and reason, never a value."""
    rows = []
    for verdict, (field, reason) in _REASONS.items():
        references = messages.filter(pa.array(verdicts == verdict)).column("raw_ref").to_pylist()
        rows += [(reference["file"], reference["position"], field, reason) for reference in references]
        count = int((interactions.verdicts == verdict).sum())
        count += int((deletions.verdicts == verdict).sum()) if verdict == ERASED else 0
        rows += [("", 0, field, reason)] * count
    columns = {
        "source": [source] * len(rows),
        "file": [row[0] or "" for row in rows],
        "position": [row[1] or 0 for row in rows],
        "field": [row[2] for row in rows],
        "reason": [row[3] for row in rows],
        "batch": [0] * len(rows),
    }
    return pa.table(columns, schema=QUARANTINE)
