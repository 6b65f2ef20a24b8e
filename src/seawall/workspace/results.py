"""What the acts of a workspace return: counts that add up, and sentences that say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seawall.detectors.wording import counted
from seawall.errors import InputError, SeawallError


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one input. Always ``records == kept + rejected + duplicate``."""

    file: str  # as the user named it
    source: str
    records: int = 0
    kept: int = 0
    rejected: int = 0
    duplicate: int = 0
    revisions: int = 0  # of the kept rows: later edits of messages that were here before
    reasons: Mapping[str, int] = field(default_factory=dict)  # field and reason -> rejected records
    assumptions: tuple[str, ...] = ()
    already_here: bool = False  # the very same input had been read to its end before
    error: SeawallError | None = None

    def as_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            "file": self.file,
            "source": self.source,
            "in": self.records,
            "kept": self.kept,
            "rejected": self.rejected,
            "duplicate": self.duplicate,
            "revisions": self.revisions,
            "already_here": self.already_here,
            "reasons": dict(self.reasons),
            "assumptions": list(self.assumptions),
            "error": str(self.error) if self.error else None,
        }


@dataclass(frozen=True, slots=True)
class AddResult:
    """What became of every record of an import."""

    files: tuple[FileResult, ...]
    left_out: tuple[str, ...]  # files in folders and archives that no source reads
    seconds: float
    lake_version: str

    @property
    def records(self) -> int:
        """Records read."""
        return sum(file.records for file in self.files)

    @property
    def kept(self) -> int:
        """Records that are in the lake now and were not before."""
        return sum(file.kept for file in self.files)

    @property
    def rejected(self) -> int:
        """Records set aside, each with its reason, in the quarantine table."""
        return sum(file.rejected for file in self.files)

    @property
    def duplicate(self) -> int:
        """Records that the lake had already."""
        return sum(file.duplicate for file in self.files)

    @property
    def reasons(self) -> dict[str, int]:
        """How many records were set aside, by field and reason, the most frequent first."""
        total: Counter[str] = Counter()
        for file in self.files:
            total.update(file.reasons)
        return dict(total.most_common())

    def as_dict(self) -> dict[str, Any]:
        """The same for JSON: ``in = kept + rejected + duplicate``."""
        return {
            "in": self.records,
            "kept": self.kept,
            "rejected": self.rejected,
            "duplicate": self.duplicate,
            "quarantine": self.rejected,
            "revisions": sum(file.revisions for file in self.files),
            "reasons": dict(self.reasons),
            "assumptions": sorted({sentence for file in self.files for sentence in file.assumptions}),
            "left_out": list(self.left_out),
            "files": [file.as_dict() for file in self.files],
            "seconds": round(self.seconds, 3),
            "rows_per_second": round(self.records / self.seconds) if self.seconds else 0,
            "lake_version": self.lake_version,
        }

    def __str__(self) -> str:
        return (
            f"{self.records:,} in = {self.kept:,} kept + {self.rejected:,} rejected + {self.duplicate:,} duplicate"
            f" ({self.seconds:.1f} s)"
        )


class IncompleteImportError(InputError):
    """Some inputs could not be read to their end; ``result`` says what was kept of each."""

    result: AddResult

    @classmethod
    def of(cls, errors: Sequence[SeawallError], result: AddResult) -> IncompleteImportError:
        """The first error, told as it is, with the whole result beside it."""
        first = errors[0]
        others = f" {len(errors) - 1} more inputs failed too." if len(errors) > 1 else ""
        error = cls(first.what + others, where=first.where, mend=first.mend)
        error.result = result
        return error


@dataclass(frozen=True, slots=True)
class DetectResult:
    """What the detectors proposed and what became of it in the casebook."""

    alerts: Mapping[str, int]  # detector -> alerts of this run
    new: int
    revised: int
    unchanged: int
    cases_opened: int
    cases_open: int
    seconds: float
    lake_version: str
    messages: int  # in the lake, of any time
    uncompared: bool  # whether some were not compared with what is listed, which a rescan does

    def as_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            "messages": self.messages,
            "alerts": dict(self.alerts),
            "new": self.new,
            "revised": self.revised,
            "unchanged": self.unchanged,
            "cases_opened": self.cases_opened,
            "cases_open": self.cases_open,
            "seconds": round(self.seconds, 3),
            "lake_version": self.lake_version,
            "uncompared": self.uncompared,
        }

    def __str__(self) -> str:
        total = sum(self.alerts.values())
        return (
            f"{counted(total, 'alert')} ({self.new:,} new, {self.revised:,} revised, {self.unchanged:,} as before); "
            f"{counted(self.cases_opened, 'case')} opened, {self.cases_open:,} open ({self.seconds:.1f} s)"
        )
