"""What the lake tells its callers: progress of a feed, receipts, problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class FeedProgress:
    """How far a feed has been committed, and the sum of its records so far."""

    number: int  # of the last committed batch; the next is one more
    checkpoint: str | None  # what the source resumes from
    last: bool  # the input ended with that batch
    records: int
    kept: int
    rejected: int
    duplicate: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the records of one batch: ``records == kept + rejected + duplicate``."""

    feed: str
    batch: int
    number: int
    records: int
    kept: int
    rejected: int
    duplicate: int
    revisions: int = 0  # how many of the kept are later revisions (edits) of messages known before
    quarantine: Mapping[str, int] = field(default_factory=dict)  # field and reason -> records; never values
    repeated: bool = False  # the batch had been committed before; nothing was written
    added: Mapping[str, pa.Table] = field(default_factory=dict, repr=False)  # table -> the rows that were written
    revised: int = 0  # so many of the interactions among them, the last ones, are those of revisions


@dataclass(frozen=True, slots=True)
class ExpiryReceipt:
    """How many rows retention removed; revisions of messages count as rows of their own."""

    messages: int
    interactions: int
    deletions: int
    accounts: int


@dataclass(frozen=True, slots=True)
class ErasureReceipt:
    """What an erasure removed; ``message_ids`` lets other stores remove what they hold of the same messages."""

    pseudonyms: frozenset[str]  # the accounts asked for, and the aliases that lead to them
    message_ids: tuple[str, ...]
    rows: Mapping[str, int]  # table -> rows removed
    epoch: int  # results from before this epoch are not reproducible since erasure


@dataclass(frozen=True, slots=True)
class CompactionReceipt:
    """How many data files there were and are."""

    files_before: int
    files_after: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that the self-check found wrong."""

    what: str
    where: str
    mend: str
    severe: bool = True  # False: room is wasted, nothing is lost
