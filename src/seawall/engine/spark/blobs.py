"""Tables as bytes: Spark carries them without looking inside, so that no type of Arrow is lost on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

MOST_BYTES = 8 << 20
"""A blob holds about so many bytes at most, so that a batch of blobs stays small."""

SCHEMA = pa.schema([("part", pa.int32()), ("side", pa.int32()), ("blob", pa.binary())])
"""What Spark sees: the number of the part, which of two tables it belongs to, and rows as an Arrow stream."""

SPARK_SCHEMA = "part int, side int, blob binary"


def packed(part: int, rows: pa.Table, side: int = 0) -> Iterator[pa.RecordBatch]:
    """Rows as batches of one blob each."""
    for piece in _pieces(rows):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, piece.schema) as writer:
            writer.write_table(piece)
        blob = pa.array([sink.getvalue().to_pybytes()], pa.binary())
        yield pa.RecordBatch.from_arrays(
            [pa.array([part], pa.int32()), pa.array([side], pa.int32()), blob], schema=SCHEMA
        )


def unpacked(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, int, pa.Table]]:
    """Part, side and rows of each blob."""
    for batch in batches:
        parts, sides = batch["part"].to_pylist(), batch["side"].to_pylist()
        for part, side, blob in zip(parts, sides, batch["blob"], strict=True):
            with pa.ipc.open_stream(blob.as_buffer()) as reader:
                yield part, side, reader.read_all()


def _pieces(rows: pa.Table) -> Iterator[pa.Table]:
    if not len(rows):
        return
    step = max(1, int(len(rows) * MOST_BYTES / max(1, rows.nbytes)))
    for start in range(0, len(rows), step):
        yield rows.slice(start, step)
