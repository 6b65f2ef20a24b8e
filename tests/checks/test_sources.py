"""The conformance checks of sources, and every source under them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

import pytest

from seawall.checks.failure import CheckFailed
from seawall.checks.sources import check_source
from seawall.model import RAW_MESSAGES, raw_table
from seawall.protocols import Input, RawBatch, ReadOptions, Source
from seawall.sources import SOURCES


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_source_keeps_to_the_contract(source: Source) -> None:
    """Every source that is listed passes the checks, with all others as rivals."""
    check_source(source, SOURCES)


class Lines:
    """A source for these tests: one message a line, ``account text``."""

    name: ClassVar[str] = "lines"
    version: ClassVar[str] = "1"

    def recognise(self, file: Input) -> float:
        return 0.5 if file.name.endswith(".lines") else 0.0

    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        with file.open() as stream:
            for number, line in enumerate(stream, 1):
                if number > int(checkpoint or 0):
                    yield self.batch(number, line)

    def batch(self, number: int, line: bytes) -> RawBatch:
        columns = {
            "position": [number],
            "account": [{"id": line.hex(), "handle": None, "name": None}],
            "sent_at": [1_712_900_000_000_000],
            "kind": ["post"],
        }
        return RawBatch("lines", 1, raw_table(RAW_MESSAGES, columns), checkpoint=str(number))

    def examples(self) -> Sequence[tuple[str, bytes]]:
        return (("club.lines", b"bea beans\ntom peas\n"),)


def test_a_faithful_source_passes() -> None:
    """The source that the following tests spoil passes when unspoilt."""
    check_source(Lines())


class Miscounts(Lines):
    def batch(self, number: int, line: bytes) -> RawBatch:
        return replace(super().batch(number, line), records=2)


class Repeats(Lines):
    def batch(self, number: int, line: bytes) -> RawBatch:
        return super().batch(1, line)


class Forgets(Lines):
    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        return super().read(file, options)


class Wavers(Lines):
    turn = 0

    def batch(self, number: int, line: bytes) -> RawBatch:
        self.turn += 1
        return super().batch(number, line + bytes(self.turn))


class Stumbles(Lines):
    def batch(self, number: int, line: bytes) -> RawBatch:
        line.decode("ascii")
        return super().batch(number, line)


class Invents(Lines):
    def batch(self, number: int, line: bytes) -> RawBatch:
        made = super().batch(number, line)
        place = made.messages.schema.get_field_index("kind")
        return replace(made, messages=made.messages.set_column(place, made.messages.schema.field("kind"), [["toot"]]))


class Modest(Lines):
    name: ClassVar[str] = "modest"

    def recognise(self, file: Input) -> float:
        return 0.4


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        (Miscounts(), "in one table, and counted"),
        (Repeats(), "Positions grow"),
        (Forgets(), "Resumed after batch 1"),
        (Wavers(), "The same bytes give the same"),
        (Stumbles(), "not a UnicodeDecodeError"),
        (Invents(), "messages.kind holds only what the model knows"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Lines) else "",
)
def test_a_source_that_breaks_the_contract_is_told_how(source: Source, complaint: str) -> None:
    """Each way to break the contract is found and named."""
    with pytest.raises(CheckFailed, match=complaint):
        check_source(source)


def test_a_rival_that_is_as_sure_is_named() -> None:
    """Two sources that are equally sure of an example cannot both be right."""
    with pytest.raises(CheckFailed, match="surer of its own example than lines"):
        check_source(Modest(), (Lines(),))
