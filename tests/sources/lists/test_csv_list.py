"""Lists as tables."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import ConfigurationError, InputError
from seawall.model import IndicatorKind
from seawall.sources.lists import Broken, Entry, read_csv


def lines(folder: Path, content: bytes | str, **options):
    path = folder / "list.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_csv(path, **options))


def test_columns_are_known_by_their_names(tmp_path: Path) -> None:
    """Each column is read under its usual names, in any order; what a line does not tell is null."""
    told = "confidence;type;indicator;valid_until;comment;other\n80;domain-name;tulips.example;2026-08-01T02:00+03:00;A feud.;x\n;url;https://tulips.example/;;;\n"
    first, second = lines(tmp_path, told)
    assert first == Entry(2, IndicatorKind.DOMAIN, "tulips.example", "A feud.", None, 80, date(2026, 7, 31))
    assert second == Entry(3, IndicatorKind.URL, "https://tulips.example/")


def test_columns_can_be_mapped_and_a_kind_stated(tmp_path: Path) -> None:
    """A table without a column of kinds is of one kind; a column of any name holds the value."""
    told = "Wert,Warum\nTulpen aus dem Beet,Streit\n"
    (entry,) = lines(tmp_path, told, mapping={"value": "wert", "reason": "Warum"}, kind=IndicatorKind.PHRASE)
    assert entry == Entry(2, IndicatorKind.PHRASE, "Tulpen aus dem Beet", "Streit")


@pytest.mark.parametrize(
    ("content", "options", "error"),
    [
        ("", {}, InputError),
        ("\n", {}, InputError),
        ("kind,name\n", {}, ConfigurationError),
        ("value\n", {}, ConfigurationError),
        ("kind,value\n", {"mapping": {"value": "missing"}}, ConfigurationError),
        ("kind,value\n", {"mapping": {"colour": "kind"}}, ConfigurationError),
    ],
    ids=["empty", "blank", "no-value", "no-kind", "mapped-to-nothing", "unknown-field"],
)
def test_a_table_that_cannot_be_read_at_all_says_why(tmp_path: Path, content: str, options, error) -> None:
    """What is missing is named, and how to state it."""
    with pytest.raises(error):
        lines(tmp_path, content, **options)
    with pytest.raises(InputError):
        list(read_csv(tmp_path / "missing.csv"))


def test_every_broken_line_is_told_by_its_number(tmp_path: Path) -> None:
    """Open quotes, bytes that are no text, too many cells, unknown kinds, and numbers that are none: each line alone is
    lost, with its reason, and the lines after it are read."""
    good = b"domain,a.example,50,\n"
    broken = [
        b'domain,"open.example,50,\n',
        b"domain,\xff\xfe.example,50,\n",
        b"domain,a.example,50,,,,,\n",
        b"colour,red,50,\n",
        b",a.example,50,\n",
        b"domain,,50,\n",
        b"domain,a.example,101,\n",
        b"domain,a.example,50,soon\n",
        b"domain," + b"a" * 70_000 + b".example,50,\n",
        b"domain,a\x00b.example,50,9999-12-31T23:59:59-12:00\n",
    ]
    content = b"kind,value,confidence,expires\n" + b"".join(one + good for one in broken)
    told = lines(tmp_path, content)
    assert [one.number for one in told] == list(range(2, 2 + 2 * len(broken)))
    assert [type(one) for one in told] == [Broken, Entry] * len(broken)
    assert all("example" not in one.reason for one in told if isinstance(one, Broken))


def test_a_hundred_thousand_broken_lines_are_a_hundred_thousand_reasons(tmp_path: Path) -> None:
    """None is an exception, none is lost."""
    content = b"kind,value\n" + b'domain,"\ncolour,x\n,y\n\xff,z\n' * 25_000
    told = lines(tmp_path, content)
    assert len(told) == 100_000
    assert Counter(type(one) for one in told) == {Broken: 100_000}


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Whatever follows a sound first line, each line that is not blank is told once."""
    folder = tmp_path_factory.mktemp("list")
    told = lines(folder, b"kind,value\n" + content)
    assert len(told) == sum(bool(one.strip()) for one in content.split(b"\n"))
