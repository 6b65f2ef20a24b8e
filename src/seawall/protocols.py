"""The contracts that plug-ins keep: Source, LiveSource, Measure, Engine, Window, Detector, Exporter.

``seawall.checks`` runs each plug-in through its contract.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import ConfigurationError
from seawall.model import (
    RAW_CHANNELS,
    RAW_COVERAGE,
    RAW_DELETIONS,
    RAW_INTERACTIONS,
    REJECTED,
    Alert,
    Visibility,
    raw_table,
)
from seawall.parts import Parts, Rows

# --- sources ------------------------------------------------------------------------------------------


@runtime_checkable
class Input(Protocol):
    """One file to read: plain, compressed, or a member of an archive. Opening it again starts at its beginning."""

    @property
    def label(self) -> str:
        """What messages call it: the path that the user typed, and "member 3" for one in an archive."""
        ...

    @property
    def name(self) -> str:
        """The bare name, for recognising a format; never stored."""
        ...

    @property
    def path(self) -> Path | None:
        """The file itself if it is neither compressed nor in an archive."""
        ...

    def open(self) -> BinaryIO:
        """A buffered binary stream of the unpacked bytes; it enforces the limits on size and ratio."""
        ...

    def head(self, size: int = 65536) -> bytes:
        """The first bytes, unpacked; for recognising a format."""
        ...


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user states where a source does not tell."""

    mapping: Mapping[str, str] = field(default_factory=dict)  # field of RAW_MESSAGES or RAW_INTERACTIONS -> column
    timezone: str | None = None  # IANA name for times without a zone
    date_order: str | None = None  # "dmy", "mdy", "ymd" where day and month could be mistaken
    visibility: Visibility | None = None
    platform: str | None = None
    encoding: str | None = None
    hash_media: bool = False  # hash the media that lie beside the export, in its folder


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Consecutive records of one input, as the source tells them, identities in clear: never written to disk.

    Every record of the input is in exactly one of: ``messages``, ``interactions``, ``deletions``, ``rejected``
    (by ``position``); ``records`` counts them, so that nothing is dropped silently.
    """

    platform: str
    records: int
    messages: pa.Table
    interactions: pa.Table = field(default_factory=lambda: raw_table(RAW_INTERACTIONS))
    deletions: pa.Table = field(default_factory=lambda: raw_table(RAW_DELETIONS))
    rejected: pa.Table = field(default_factory=lambda: raw_table(REJECTED))
    channels: pa.Table = field(default_factory=lambda: raw_table(RAW_CHANNELS))
    coverage: pa.Table = field(default_factory=lambda: raw_table(RAW_COVERAGE))
    ids_within_channel: bool = False  # message ids are unique only within their channel
    ids_name_accounts: bool = False  # message ids begin with an account's id and "/": intake puts its pseudonym there
    checkpoint: str | None = None  # where to resume after this batch; None = only from the beginning
    assumptions: tuple[str, ...] = ()  # sentences: what was assumed ("Times carry no zone; UTC was assumed.")


@runtime_checkable
class Source(Protocol):
    """One platform's format: raw -> batches. Streaming: memory does not grow with the input.

    Batches are cut deterministically: the same bytes and options give the same batches.
    """

    name: ClassVar[str]  # "telegram"
    version: ClassVar[str]  # of the extractor; stored with each batch

    def recognise(self, file: Input) -> float:
        """How sure it is, 0 to 1, from the name and the head alone. Raises nothing on strange bytes."""
        ...

    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        """Batches of at most BATCH_RECORDS records, after ``checkpoint`` if given.

        Raises:
            InputError: the file as a whole cannot be read (a record that cannot be read is rejected instead).
            ConfigurationError: something must be stated that was not (visibility, a column, a time zone).
        """
        ...

    def examples(self) -> Sequence[tuple[str, bytes]]:
        """Small inputs (name, bytes) that it reads: food for the conformance checks and the docs."""
        ...


BATCH_RECORDS = 50_000
"""The most records a source puts into one batch."""


@dataclass(frozen=True, slots=True)
class RowKeys:
    """What the lake needs to tell a new row from a duplicate or an edit; one entry a row."""

    ids: npt.NDArray[np.uint64]  # keyed hash of the row's id
    contents: npt.NDArray[np.uint64]  # keyed hash of everything that the source told of the row
    edited: npt.NDArray[np.int64]  # time of the last edit in UTC microseconds; NO_EDIT where not edited
    counted: npt.NDArray[np.bool_]  # the source has no id: the id is a content key, and repetitions are numbered


NO_EDIT = -(2**63)


@dataclass(frozen=True, slots=True)
class CleanBatch:
    """A batch after intake: pseudonyms, typed tokens, canonical links. The lake decides what of it is new.

    ``tables`` holds a table for each name in ``seawall.model.TABLES`` except ``batches``. The rows of
    ``interactions`` whose ``parents`` entry is -1 are records of their own, with an entry in
    ``interaction_keys``; the others belong to the message row of that index and share its fate.
    """

    records: int
    tables: Mapping[str, pa.Table]
    message_keys: RowKeys
    interaction_keys: RowKeys  # one entry for each row of interactions; ignored where parents >= 0
    parents: npt.NDArray[np.int64]
    identities: pa.Table | None = None  # IDENTITIES in clear, only where the workspace keeps a vault


# --- live sources -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that ``seawall connect`` asks for."""

    name: str  # key in Connection.settings or Connection.secrets
    question: str  # "User id of the account that Seawall reads with"
    secret: bool = False
    default: str | None = None  # None = must be told
    rare: bool = False  # it is taken where it is told (--set), but not asked for
    made: bool = False  # a secret that Seawall makes itself where none is told, and shows once


@dataclass(frozen=True, slots=True)
class Connection:
    """How a live source is reached. Secrets are kept apart, and appear in no message, log or ``repr``."""

    name: str  # unique within the workspace: "club"
    source: str  # name of the live source: "rocketchat"
    url: str
    options: ReadOptions = field(default_factory=ReadOptions)
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    basis: str | None = None  # on which text of closed channels is kept


@dataclass(frozen=True, slots=True)
class Rights:
    """What a live source found when it tried a connection; shown to a person, never stored."""

    identity: str  # who the token belongs to, as the server says
    can: tuple[str, ...]  # sentences: "Read the history of public channels."
    missing: tuple[str, ...] = ()  # what Seawall would use and this token may not do
    excess: tuple[str, ...] = ()  # what this token may do and should not, because Seawall only reads


@runtime_checkable
class LiveSource(Protocol):
    """One platform while it happens, read-only: a connection -> raw batches as they come, for as long as it is read.

    A batch is what has come since the batch before, at most LIVE_RECORDS records, given without waiting for more.
    Every batch carries a ``checkpoint``: everything up to it has been given, so that a later ``listen`` from it
    loses nothing. It may give some again: the lake knows duplicates by their ids.
    Where a connection was lost, the next ``listen`` first fills the gap from the checkpoint. When it has reached
    the present it gives a coverage row ``complete=True, how="watched"`` of the time that it has filled (no records
    are needed for that), and again at least every COVERAGE_SECONDS; where it cannot fill a gap, a row with
    ``complete=False``. The caller retries with back-off: a source need not.
    """

    name: ClassVar[str]  # that of the Source which reads the same platform's exports, where there is one
    version: ClassVar[str]
    asks: ClassVar[tuple[Ask, ...]]

    async def check(self, connection: Connection) -> Rights:
        """Try the connection and say what it may do.

        Raises:
            ConnectError: the server cannot be reached, or is not what it should be.
            AccessError: the server refuses this token.
        """
        ...

    def listen(self, connection: Connection, checkpoint: str | None) -> AsyncGenerator[RawBatch, None]:
        """Batches from the checkpoint on (from now on where None, or as far back as ``settings["since"]`` says).

        Closing the generator ends it at once. A record that cannot be read is rejected, as in ``Source.read``.

        Raises:
            ConnectError: the server does not answer or answers nonsense; worth trying again.
            AccessError: the server refuses this token; trying again is of no use.
            ConfigurationError: the connection's settings cannot work.
        """
        ...


LIVE_RECORDS = 2_000
"""The most records a live source puts into one batch."""

COVERAGE_SECONDS = 60.0
"""How often a live source says that it is still complete, at least."""

# --- measures and engines -----------------------------------------------------------------------------


@runtime_checkable
class Measure(Protocol):
    """Pure mathematics on Arrow tables, in a form that any engine can split.

    ``finalise(merge(kernel(a), kernel(b))) == finalise(kernel(a + b))`` for every split of the prepared rows
    that keeps rows of one ``key`` together.
    """

    columns: tuple[str, ...]  # what it reads
    key: str  # rows with the same value of this column stay together

    def prepare(self, rows: pa.Table) -> pa.Table:
        """The columns that the kernel needs, row by row, independent of other rows."""
        ...

    def kernel(self, part: pa.Table) -> pa.Table:
        """One partition -> a partial result."""
        ...

    def merge(self, parts: Sequence[pa.Table]) -> pa.Table:
        """Partial results -> one partial result. Associative; order does not matter."""
        ...

    def finalise(self, partial: pa.Table) -> Any:
        """The small result: p and q over all rows, edges of windows, thresholds."""
        ...


@runtime_checkable
class PartedMeasure(Protocol):
    """A measure that takes several steps, each over rows that are cut by another key.

    ``at_once`` and ``over`` give the same; an engine of one machine takes the first, one of many the second. A measure
    may also have ``kernel`` and the rest of ``Measure``: then that is how an engine of one machine runs it.
    """

    @property
    def columns(self) -> tuple[str, ...]:
        """What it reads."""
        ...

    def at_once(self, rows: pa.RecordBatchReader) -> Any:
        """The final result over all rows, here."""
        ...

    def over(self, parts: Parts) -> Any:
        """The final result over rows in parts, of which only few come back."""
        ...


Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how much is done, and how much there is (None = unknown)."""


class Engine(Protocol):
    """Runs a measure over rows that may not fit in memory."""

    name: str

    def run(
        self, measure: Measure | PartedMeasure, rows: Rows | pa.RecordBatchReader, *, total: int | None = None
    ) -> Any:
        """The measure's final result over all rows. ``total`` is the number of rows, for the time left."""
        ...

    def parts(self, rows: Rows | pa.RecordBatchReader, *, total: int | None = None) -> Parts:
        """The same rows as parts that the engine keeps where it works: for what is counted or chosen among them."""
        ...


# --- detectors ----------------------------------------------------------------------------------------


class Window(Protocol):
    """What a detector may see: the columns that it declared, of the time that is looked at, and nothing else."""

    start: datetime | None
    end: datetime | None
    engine: Engine

    def rows(self, table: str, columns: Sequence[str]) -> pa.RecordBatchReader:
        """Rows of a lake table; a column outside the detector's ``needs`` is refused with a ConfigurationError."""
        ...

    def table(self, table: str, columns: Sequence[str]) -> Rows:
        """The same rows for an engine to read, in pieces and wherever it works."""
        ...

    def count(self, table: str) -> int:
        """How many rows ``rows`` will give."""
        ...

    def query(self, sql: str) -> pa.Table:
        """An aggregate in DuckDB's SQL over the declared tables, which hold the declared columns only."""
        ...


@runtime_checkable
class Detector(Protocol):
    """A frozen dataclass whose fields are its parameters: Window -> alerts. It proposes; it writes nothing."""

    name: ClassVar[str]
    version: ClassVar[str]
    needs: ClassVar[Mapping[str, tuple[str, ...]]]  # table -> columns that it may see

    def detect(self, window: Window) -> Iterator[Alert]:
        """The alerts of this window. Same window, same alerts, whatever the order of rows."""
        ...

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        """Lake tables (firing, quiet): small worlds in which it must speak and must not."""
        ...


@runtime_checkable
class Standing(Protocol):
    """A detector's state while records come in: the same alerts as ``detect`` over all of them, at any moment.

    Rows are those of the one table that it watches (``fed_table``: the lake's ``messages``, or its ``interactions``),
    with the detector's declared columns, edits, deletions and aliases folded in. A revised row is first taken out as it
    was and then put in as it is.
    """

    def feed(self, removed: pa.Table, added: pa.Table) -> None:
        """Take rows out and put rows in; in any order of time."""
        ...

    def forget(self, before: datetime) -> None:
        """Let go of what began and ended before a time (UTC), so that the state stays bounded."""
        ...

    def alerts(self, coverage: pa.Table, now: datetime) -> Iterator[Alert]:
        """What ``detect`` would say of the rows that are held. ``coverage`` as in the lake's table."""
        ...

    def save(self) -> Mapping[str, pa.Table]:
        """The whole state as tables, the same for the same rows whatever their order (so that it can be compared)."""
        ...


@runtime_checkable
class LiveDetector(Detector, Protocol):
    """A detector that can also be fed. One that cannot is run over the recent messages now and then."""

    def standing(self, saved: Mapping[str, pa.Table] | None = None) -> Standing:
        """An empty state, or the one that was saved."""
        ...


def fed_table(detector: Detector) -> str:
    """The table of which a detector's standing state is fed rows: its ``messages``, or else its ``interactions``.

    Raises:
        ConfigurationError: it has a standing state, and declares both.
    """
    if "interactions" not in detector.needs:
        return "messages"
    if "messages" in detector.needs and isinstance(detector, LiveDetector):
        raise ConfigurationError(
            "A standing state is fed one table, and the detector declares messages and interactions.",
            where=f"detector {detector.name}",
            mend="Make two detectors of it, or run it with seawall detect alone.",
        )
    return "interactions"


@runtime_checkable
class Expander(Protocol):
    """What short links stand for. None is used unless an operator names one, and Seawall ships none that asks a server.

    Short links lead on where their makers wish, and to follow one tells them who looks: that is for the operator to
    weigh.
    """

    name: ClassVar[str]

    def expand(self, urls: Sequence[str]) -> Sequence[str | None]:
        """The address that each canonical short link stands for, in their order; null where it is not known."""
        ...


class Exporter(Protocol):
    """A decided case -> a form that leaves the workspace. Undecided cases are refused by the casebook."""

    name: ClassVar[str]

    def export(self, case: Mapping[str, Any]) -> bytes:
        """The bytes of the export."""
        ...
