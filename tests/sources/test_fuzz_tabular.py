from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.checks.sources import MemoryInput, check_batches
from seawall.errors import SeawallError
from seawall.protocols import ReadOptions, Source
from seawall.sources.csv_records import Dialect, Parsed, parse
from seawall.sources.fourcat import FourCat
from seawall.sources.generic import Generic
from seawall.sources.lines import line_blocks
from seawall.sources.shares import Shares
from seawall.sources.x_operations import XOperations

SOURCES: tuple[Source, ...] = (Generic(), XOperations(), Shares(), FourCat())
EXAMPLES = [(source, name, content) for source in SOURCES for name, content in source.examples()]
PIECES = [
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\\",
    b"{",
    b"}",
    b"[",
    b'"a":',
    b"\xef\xbb\xbf",
    b"9" * 40,
    b"-",
    b";",
]


@st.composite
def mutated(draw: st.DrawFn) -> tuple[Source, str, bytes]:
    source, name, content = draw(st.sampled_from(EXAMPLES))
    damaged = bytearray(content)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(damaged)))
        end = draw(st.integers(place, min(len(damaged), place + 20)))
        damaged[place:end] = draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)))
    return source, name, bytes(damaged)


def read_all(source: Source, name: str, content: bytes) -> None:
    file = MemoryInput(name, content)
    assert 0 <= source.recognise(file) <= 1
    try:
        batches = list(source.read(file, ReadOptions(date_order="dmy")))
    except SeawallError:
        return
    check_batches(batches, name)


@given(mutated())
def test_no_mutation_of_an_example_breaks_a_source(damaged: tuple[Source, str, bytes]) -> None:
    """Whatever is cut, put in or changed: batches whose records add up, or a SeawallError."""
    read_all(*damaged)


@given(st.sampled_from(SOURCES), st.binary(max_size=400))
def test_no_bytes_break_a_source(source: Source, content: bytes) -> None:
    """Any bytes at all: batches whose records add up, or a SeawallError."""
    read_all(source, "any", content)


@pytest.mark.verify
@settings(max_examples=5_000)
@given(mutated())
def test_no_mutation_breaks_a_source_for_long(damaged: tuple[Source, str, bytes]) -> None:
    """The same as above, five thousand times."""
    read_all(*damaged)


CSV_TEXT = st.text(st.sampled_from('ab,"\n\r'), max_size=60)


def whole(blocks: list[bytes]) -> Parsed:
    all_of_it = Parsed()
    for part in parse(iter(blocks), Dialect(",")):
        all_of_it.rows += part.rows
        all_of_it.starts += part.starts
        all_of_it.rejected += part.rejected
    return all_of_it


@given(CSV_TEXT, st.lists(st.integers(0, 60), max_size=5))
def test_records_do_not_depend_on_where_blocks_end(text: str, cuts: list[int]) -> None:
    """However the bytes are cut into pieces, the same records come at the same lines."""
    content = text.encode()
    places = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]
    pieces = [content[start:end] for start, end in pairwise(places)]
    assert whole(list(line_blocks(pieces))) == whole([content] if content else [])


@given(CSV_TEXT)
def test_records_are_those_of_a_reader_that_starts_anew_at_each(text: str) -> None:
    """The fast reader gives what a slow one gives that tries, line by line, the shortest strict record."""
    parsed = whole([text.encode()] if text else [])
    assert (parsed.rows, parsed.starts, [position for position, _, _ in parsed.rejected]) == slowly(text)


def slowly(text: str) -> tuple[list[list[str]], list[int], list[int]]:
    import csv
    from io import StringIO

    lines = StringIO(text, newline="\n").readlines()
    rows, starts, wrong = [], [], []
    at = 0
    while at < len(lines):
        reader = csv.reader(iter(lines[at:]), strict=True)
        try:
            row = next(reader)
        except csv.Error:
            wrong.append(at + 1)
            at += 1
            continue
        if row:
            rows.append(row)
            starts.append(at + 1)
        at += reader.line_num
    return rows, starts, wrong
