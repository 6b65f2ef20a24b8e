"""Records of JSON documents, one at a time."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import json_stream
from seawall.sources.json_stream import BROKEN, CUT_OFF, ITEM, TOO_LONG, Kind, Path, Piece, Plan, Step, lines, walk
from seawall.sources.json_values import decoded

STEPS = {(): Step.OBJECT, ("id",): Step.KEEP, ("messages",): Step.LIST, ("messages", ITEM): Step.RECORD}


def steps(path: Path) -> Step:
    return STEPS.get(path, Step.SKIP)


def walked(content: bytes, plan: Plan = steps) -> list[Piece]:
    return list(walk(BytesIO(content), plan))


def records(content: bytes, plan: Plan = steps) -> list[Any]:
    return [decoded(piece.raw) for piece in walked(content, plan) if piece.kind is Kind.RECORD]


def faults(content: bytes, plan: Plan = steps) -> list[tuple[Path, str]]:
    return [(piece.path, piece.reason) for piece in walked(content, plan) if piece.kind is Kind.FAULT]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(
    before=st.dictionaries(st.text(max_size=6).filter(lambda key: key not in ("id", "messages")), VALUES, max_size=3),
    told=st.lists(VALUES, max_size=8),
    indent=st.sampled_from([None, 0, 1]),
    escape=st.booleans(),
    chunk=st.integers(1, 40),
)
def test_records_are_those_of_a_whole_parser(
    before: dict[str, Any], told: list[Any], indent: int | None, escape: bool, chunk: int
) -> None:
    """However the bytes are laid out and cut into chunks, the records are those that json.loads finds."""
    document = {**before, "messages": told, "id": 7}
    content = json.dumps(document, indent=indent, ensure_ascii=escape).encode("utf-8", "surrogatepass")
    was = json_stream.READ_BYTES
    json_stream.READ_BYTES = chunk
    try:
        pieces = walked(content)
    finally:
        json_stream.READ_BYTES = was
    assert [decoded(piece.raw) for piece in pieces if piece.kind is Kind.RECORD] == json.loads(content)["messages"]
    assert [decoded(piece.raw) for piece in pieces if piece.kind is Kind.VALUE] == [7]
    assert not [piece for piece in pieces if piece.kind is Kind.FAULT]


@given(st.lists(VALUES, max_size=6), st.integers(0, 400))
def test_what_stands_before_a_cut_is_read(told: list[Any], cut: int) -> None:
    """A file that was cut off gives the records before the cut, and says once that it was cut off."""
    content = json.dumps({"messages": told}).encode()
    cut = min(cut, len(content) - 1)
    found = records(content[:cut])
    assert found == told[: len(found)]
    assert faults(content[:cut]) == ([((), CUT_OFF)] if content[:cut].strip() else [])


@given(st.binary(max_size=200))
def test_strange_bytes_raise_nothing(content: bytes) -> None:
    """Whatever the bytes are, they become pieces."""
    assert all(isinstance(piece, Piece) for piece in walked(content))


def test_documents_after_one_another_are_all_read() -> None:
    """Pages of an export that were put into one file are read as one."""
    assert records(b'{"messages": [1, 2]}\n{"messages": []} {"messages": [3]}') == [1, 2, 3]


def test_a_byte_order_mark_is_no_part_of_the_document() -> None:
    """Editors on Windows put one in front."""
    assert records(b'\xef\xbb\xbf{"messages": [1]}') == [1]


@pytest.mark.parametrize("wrong", [b"null", b"7", b'"x"', b"{}", b'{"a": [1]}'])
def test_another_kind_of_value_than_expected_is_a_fault(wrong: bytes) -> None:
    """A list of messages that is none is told, and what follows is still read."""
    content = b'{"messages": ' + wrong + b', "id": 7}'
    assert faults(content) == [(("messages",), "not a list")]
    assert [piece.raw for piece in walked(content) if piece.kind is Kind.VALUE] == [b"7"]


@pytest.mark.parametrize(
    "content", [b'{"messages": [1}', b'{"messages" [1]}', b"{messages: [1]}", b'{"messages": [1]]', b"x", b"[1] x"]
)
def test_what_is_no_json_ends_the_reading(content: bytes) -> None:
    """Where the structure itself is broken, the rest is not guessed at."""
    plan = steps if content[:1] != b"[" else (lambda path: Step.RECORD if path else Step.LIST)
    assert [reason for _, reason in faults(content, plan)] == [BROKEN]


def test_a_record_that_is_too_long_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The records around it are read."""
    monkeypatch.setattr(json_stream, "RECORD_BYTES", 1_000)
    monkeypatch.setattr(json_stream, "READ_BYTES", 64)
    content = json.dumps({"messages": [1, "x" * 1_100, 2, "y" * 990, 3]}).encode()
    assert records(content) == [1, 2, "y" * 990, 3]
    assert faults(content) == [(("messages", ITEM), TOO_LONG)]


def test_memory_does_not_grow_with_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a 100 MB text no more than one chunk is held at a time, whether it is wanted or not."""
    held: list[int] = []

    class Endless(BytesIO):
        sent = 0

        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            self.sent += 1
            if self.sent == 1:
                return b'{"name": 1, "messages": ["'
            held.append(size)
            return b"x" * size if self.sent < 110 else b'", 5]}' if self.sent == 110 else b""

    assert [piece.kind for piece in walk(Endless(), steps)] == [
        Kind.OPEN,
        Kind.OPEN,
        Kind.FAULT,
        Kind.RECORD,
        Kind.CLOSE,
        Kind.CLOSE,
    ]
    assert max(held) == json_stream.READ_BYTES


def test_deep_nesting_is_passed_over_or_told() -> None:
    """A value nested 10,000 deep is one record like any other to the scanner."""
    deep = b"[" * 10_000 + b"]" * 10_000
    pieces = walked(b'{"other": ' + deep + b', "messages": [' + deep + b", 1]}")
    assert [len(piece.raw) for piece in pieces if piece.kind is Kind.RECORD] == [20_000, 2]


@given(st.lists(st.sampled_from([b'{"a": 1}', b"", b"  ", b"\xff", b'{"text": "\xc3\xa9"}']), max_size=8))
def test_lines_keep_their_numbers(told: list[bytes]) -> None:
    """Blank lines are left out, and count."""
    expected = [(number, line) for number, line in enumerate(told, 1) if line.strip()]
    assert [(number, raw and raw.rstrip(b"\n")) for number, raw in lines(BytesIO(b"\n".join(told)))] == expected


def test_a_line_that_is_too_long_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told by its number, and the next line has its own."""
    monkeypatch.setattr(json_stream, "RECORD_BYTES", 10)
    assert list(lines(BytesIO(b"1\n" + b"x" * 35 + b"\n2"))) == [(1, b"1\n"), (2, None), (3, b"2")]
