"""What every source must keep to, whichever platform it reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

import pyarrow as pa

from seawall.checks.failure import CheckFailed, expect
from seawall.errors import SeawallError
from seawall.model import (
    CHANNEL_KINDS,
    CONTACT_KINDS,
    INTERACTION_KINDS,
    MEDIA_KINDS,
    MESSAGE_KINDS,
    RAW_CHANNELS,
    RAW_COVERAGE,
    RAW_DELETIONS,
    RAW_INTERACTIONS,
    RAW_MESSAGES,
    REJECTED,
    Visibility,
)
from seawall.protocols import BATCH_RECORDS, RawBatch, ReadOptions, Source
from seawall.sources.memory import MemoryInput

__all__ = ["MemoryInput", "check_batches", "check_damage", "check_source"]

_SCHEMAS = {
    "messages": RAW_MESSAGES,
    "interactions": RAW_INTERACTIONS,
    "deletions": RAW_DELETIONS,
    "rejected": REJECTED,
    "channels": RAW_CHANNELS,
    "coverage": RAW_COVERAGE,
}
_RECORDS = ("messages", "interactions", "deletions", "rejected")
_ALLOWED: dict[tuple[str, str], set[Any]] = {
    ("messages", "kind"): set(MESSAGE_KINDS) - {"edit"},
    ("messages", "visibility"): set(Visibility) | {None},
    ("interactions", "kind"): set(INTERACTION_KINDS),
    ("interactions", "visibility"): set(Visibility) | {None},
    ("deletions", "visibility"): set(Visibility) | {None},
    ("interactions", "contact_kind"): {*CONTACT_KINDS, None},
    ("channels", "kind"): set(CHANNEL_KINDS),
    ("channels", "visibility"): set(Visibility) | {None},
}
_STATED = ReadOptions(timezone="UTC", visibility=Visibility.PUBLIC, date_order="dmy")
_STRANGE = (
    b"",
    b"\x00",
    b"\xff\xfe\x00\xd8",
    b"[" * 20_000,
    b'{"a":' * 20_000,
    b'"' * 70_000,
    b"\x1f\x8b\x08",
    b"\n\n,",
)
_CUTS = 40
_CONFIDENCE = "recognise gives a confidence between 0 and 1."


def check_source(source: Source, rivals: Sequence[Source] = (), options: ReadOptions = _STATED) -> None:
    """Check a source against the contract of ``protocols.Source``, on its own examples and on damaged copies of them.

    Args:
        source: the source.
        rivals: the other sources: none may be as sure of its examples as it is itself.
        options: what a user would state.

    Raises:
        CheckFailed: it breaks the contract; the message says how.
    """
    examples = source.examples()
    expect(bool(examples), "It has examples.", f"source {source.name}")
    for number, (name, content) in enumerate(examples, 1):
        where = f"source {source.name}, example {number}"
        file = MemoryInput(name, content)
        _check_recognised(source, rivals, file, where)
        batches = list(source.read(file, options))
        expect(sum(batch.records for batch in batches) > 0, "It reads its own example.", where)
        expect(not any(batch.rejected.num_rows for batch in batches), "It rejects nothing of its own example.", where)
        check_batches(batches, where)
        again = list(source.read(file, options))
        expect(_same(batches, again), "The same bytes give the same batches.", where)
        _check_resuming(source, file, options, batches, where)
        check_damage(source, file, options, where)
    for content in _STRANGE:
        sure = source.recognise(MemoryInput("strange", content))
        expect(0.0 <= sure <= 1.0, _CONFIDENCE, f"source {source.name}, strange bytes")


def check_batches(batches: Sequence[RawBatch], where: str) -> None:
    """Check that batches have the raw schemas and that every record is in exactly one table.

    Raises:
        CheckFailed: they do not.
    """
    last = 0
    for batch in batches:
        for name, schema in _SCHEMAS.items():
            _check_table(getattr(batch, name), schema, f"{where}: {name}")
        for (name, column), allowed in _ALLOWED.items():
            found = set(getattr(batch, name)[column].unique().to_pylist())
            expect(found <= allowed, f"{name}.{column} holds only what the model knows.", where)
        kinds = batch.messages["media"].combine_chunks().flatten().field("kind").unique().to_pylist()
        expect(set(kinds) <= {*MEDIA_KINDS, None}, "Media are of kinds that the model knows.", where)
        positions = sorted(at for name in _RECORDS for at in getattr(batch, name)["position"].to_pylist())
        expect(len(positions) == batch.records, "Each record is in one table, and counted.", where)
        expect(len(set(positions)) == len(positions), "No record is told twice.", where)
        expect(not positions or positions[0] > last, "Positions grow from batch to batch.", where)
        expect(batch.records <= BATCH_RECORDS, f"A batch has at most {BATCH_RECORDS:,} records.", where)
        last = positions[-1] if positions else last


def check_damage(source: Source, file: MemoryInput, options: ReadOptions, where: str) -> None:
    """Check that cut and altered copies of an input give batches or a SeawallError, and nothing else.

    Raises:
        CheckFailed: some other exception came, or the batches break the contract.
    """
    for number, content in enumerate(_damaged(file.content)):
        damaged = MemoryInput(file.name, content)
        place = f"{where}, damaged copy {number}"
        try:
            sure = source.recognise(damaged)
            batches = list(source.read(damaged, options))
        except SeawallError:
            continue
        except Exception as error:
            contract = f"Damage gives batches or a SeawallError, not a {type(error).__name__}."
            raise CheckFailed(f"Broken contract: {contract}", where=place) from error
        expect(0.0 <= sure <= 1.0, _CONFIDENCE, place)
        check_batches(batches, place)


def _damaged(content: bytes) -> Iterator[bytes]:
    step = max(1, len(content) // _CUTS)
    for cut in range(0, len(content), step):
        yield content[:cut]
        for byte in (0x00, 0x22, 0x7D, 0xFF, content[cut] ^ 0x01):
            yield content[:cut] + bytes((byte,)) + content[cut + 1 :]


def _check_recognised(source: Source, rivals: Sequence[Source], file: MemoryInput, where: str) -> None:
    sure = source.recognise(file)
    expect(0.0 < sure <= 1.0, "It recognises its own example.", where)
    for rival in rivals:
        if rival.name != source.name:
            expect(rival.recognise(file) < sure, f"It is surer of its own example than {rival.name}.", where)


def _check_table(table: pa.Table, schema: pa.Schema, where: str) -> None:
    expect(table.schema.equals(schema), "Tables have the schemas of the model.", where)
    table.validate(full=True)
    for column in schema:
        missing = not column.nullable and table[column.name].null_count
        expect(not missing, f"{column.name} is always told.", where)


def _check_resuming(
    source: Source, file: MemoryInput, options: ReadOptions, batches: Sequence[RawBatch], where: str
) -> None:
    for number, batch in enumerate(batches, 1):
        if batch.checkpoint is not None:
            rest = list(source.read(file, options, batch.checkpoint))
            expect(_same(batches[number:], rest), f"Resumed after batch {number}, the same batches come.", where)


def _same(left: Sequence[RawBatch], right: Sequence[RawBatch]) -> bool:
    return len(left) == len(right) and all(
        getattr(one, each.name) == getattr(other, each.name)
        for one, other in zip(left, right, strict=True)
        for each in fields(RawBatch)
    )
