"""A view of the lake whose files others can read: on another process, or on another machine that reaches the files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.lake.folds import Revisions
from seawall.lake.place import Place
from seawall.lake.views import Folding, Span, View, overlaps, scan_files

Piece: TypeAlias = "tuple[str, ...] | pa.Table"
"""The names of some files, or rows that stand in no file as they are seen."""


@dataclass(frozen=True)
class LakeRows:
    """See ``seawall.parts.Rows``: the rows of a table at one moment, folded as every reader sees them.

    It holds what folding needs (a row for each edited or deleted message and each alias), and the names of the files.
    """

    table: str
    place: Place
    spans: tuple[Span, ...]
    batches: npt.NDArray[np.int64] = field(repr=False)
    folding: Folding = field(repr=False)
    files: tuple[tuple[str, int], ...] = field(repr=False)  # name in the place, and bytes
    beside: pa.Table = field(repr=False)  # rows that only a later revision brought

    @classmethod
    def of(cls, view: View) -> LakeRows:
        """The rows of a view.

        Raises:
            StorageError: the disk refused.
        """
        moment, folding = view.moment, view.folding()
        snapshot = moment.snapshot(view.table)
        spans = tuple(view.spans)
        files = [file for file in snapshot.files if not file.edits and overlaps(file, spans)]
        told = tuple((file.path, file.size) for file in files)
        return cls(view.table, snapshot.place, spans, moment.batches, folding, told, _unmet(view, folding))

    @property
    def schema(self) -> pa.Schema:
        """See ``Rows.schema``."""
        return self.folding.schema

    @property
    def weight(self) -> int:
        """See ``seawall.parts.Weighed``: bytes of the files, with columns that are not read."""
        return sum(size for _, size in self.files)

    def pieces(self, most: int) -> Sequence[Piece]:
        """See ``Rows.pieces``: about equally many bytes each."""
        groups: list[tuple[int, list[str]]] = [(0, []) for _ in range(max(1, min(most, len(self.files))))]
        for path, size in sorted(self.files, key=lambda file: (-file[1], file[0])):
            least = min(range(len(groups)), key=lambda number: groups[number][0])
            bytes_, paths = groups[least]
            groups[least] = (bytes_ + size, [*paths, path])
        told: list[Piece] = [tuple(paths) for _, paths in groups if paths]
        return [*told, self.beside] if len(self.beside) else told

    def read(self, piece: Piece) -> Iterator[pa.RecordBatch]:
        """See ``Rows.read``.

        Raises:
            StorageError: a file is gone or damaged.
        """
        if isinstance(piece, pa.Table):
            yield from piece.to_batches()
            return
        with self.place.refusals():
            for batch in scan_files(self.place, piece, self.table, self.folding.names, self.spans, self.batches):
                yield self.folding.folded(batch)


def _unmet(view: View, folding: Folding) -> pa.Table:
    """Interactions that only a revision of their message tells: whoever reads one piece cannot know them."""
    rows = [folding.schema.empty_table()]
    for fold in folding.folds:
        if view.table == "interactions" and isinstance(fold, Revisions):
            for batch in view.moment.scan(view.table, ["interaction_id"], spans=view.spans):
                fold.fold(batch)
            finished = [folding.finished(batch) for batch in view.in_spans(fold.unseen()).to_batches()]
            rows.append(pa.Table.from_batches(finished, folding.schema))
    return pa.concat_tables(rows)
