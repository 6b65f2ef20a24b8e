"""A table of counts that cannot be used is refused with the place, and no bytes give a traceback."""

from __future__ import annotations

import gzip
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.cli import count_plain, table_file
from seawall.cli.count_file import read_counts, read_coverage
from seawall.errors import ConfigurationError, InputError, SeawallError
from seawall.protocols import ReadOptions
from seawall.sources.files import FileInput
from tests.cli.clubs import BEGIN, club_rows, write_csv
from tests.cli.running import run

GOOD = "2026-01-01,tulips,5"


def refused(path: Path, **options: object) -> InputError:
    with pytest.raises(InputError) as error:
        read_counts(path, ReadOptions(**options), "all")  # type: ignore[arg-type]
    return error.value


@pytest.mark.parametrize(
    ("line", "column", "what"),
    [
        ("2026-01-02,tulips,-5", "count", "negative"),
        ("2026-01-02,tulips,2.5", "count", "not a whole number"),
        ('2026-01-02,tulips,"2,5"', "count", "not a whole number"),
        ('2026-01-02,tulips,"1,234"', "count", "part thousands or decimals"),
        ("2026-01-02,tulips,1.234", "count", "part thousands or decimals"),
        ("2026-01-02,tulips,1e99", "count", "too large"),
        ("2026-01-02,tulips,inf", "count", "too large"),
        ("2026-01-02,tulips,", "count", "missing"),
        ("2026-01-02,tulips,NaN", "count", "missing"),
        ("2026-01-02,tulips,many", "count", "no number"),
        ("soon,tulips,5", "time", "not a time in a known form"),
        (",tulips,5", "time", "no time"),
        ("0001-01-01,tulips,5", "time", "before 1971"),
        ("2026-02-30,tulips,5", "time", "not a time"),
        ("2026-01-02,,5", "series", "has no name"),
        ("2026-01-02, ,5", "series", "has no name"),
        ("2026-01-02,tulips", "", "2 fields, the header has 3"),
        ('2026-01-02,"tulips,5', "", "quote is not closed"),
        ("2026-01-02,tul\0ips,5", "", "NUL"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, column: str, what: str) -> None:
    """The message has the file, the line, the column and what is wrong; and no value out of the data."""
    path = tmp_path / "bad.csv"
    path.write_text(f"time,series,count\n{GOOD}\n{line}\n{GOOD}\n", encoding="utf-8")
    error = refused(path)
    assert what in error.what
    assert f"{path}, line 3" in (error.where or "")
    assert column in (error.where or "")
    assert error.mend
    assert "tulips" not in str(error)


def test_further_bad_lines_are_counted(tmp_path: Path) -> None:
    """The first is named, the others are counted."""
    path = write_csv(tmp_path / "bad.csv", [("2026-01-01", "tulips", -1), ("2026-01-02", "tulips", -2)])
    assert "line 2, column count, and 1 more line" in str(refused(path))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"time,series,count\n", "no rows"),
        (b"no table at all", "No columns can be made out"),
        (bytes(range(256)) * 40, "not a text file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(2000), "be made out"),
        (b"PAR1" + bytes(100), "Parquet data are damaged"),
        (b"BZh91AY&SY", "packed with bzip2"),
        (gzip.compress(b"time,series,count\n" + GOOD.encode() * 2000)[:-30], "cut off"),
        ("time,series,count\n".encode("utf-16-le") + b"\n" * 5, "UTF-8"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, what: str) -> None:
    """Empty files, pictures, archives that are cut off: a message that says what it is."""
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    said = run("surges", path)
    assert said.code == 4, said.err
    assert what in said.err
    assert str(path) in said.err


def test_paths_that_are_no_files_are_refused(tmp_path: Path) -> None:
    """A folder, a path that is not there, a path with NUL in it."""
    assert "This is a folder." in str(refused(tmp_path))
    assert "There is no such file." in str(refused(tmp_path / "missing.csv"))
    assert "NUL" in str(refused(tmp_path / "a\0b.csv"))


@pytest.mark.parametrize(
    ("header", "mend"),
    [
        ("when,series,count", "--map time=COLUMN. Columns seen: when, series, count."),
        ("2026-01-01,tulips,5", "is the first line a header?"),
        ("series,name,label", "No column tells the time and the count."),
    ],
)
def test_a_column_that_is_missing_is_asked_for(tmp_path: Path, header: str, mend: str) -> None:
    """What was seen and what to write; the first line of a table without a header is not repeated."""
    path = write_csv(tmp_path / "other.csv", [("2026-01-01", "tulips", 5)], header)
    with pytest.raises(ConfigurationError) as error:
        read_counts(path, ReadOptions(), "all")
    assert mend in str(error.value)
    assert "tulips" not in str(error.value)


def test_dates_that_could_be_mistaken_are_asked_about(tmp_path: Path) -> None:
    """3/4 may be in March or in April: the command asks, and takes --date-order."""
    path = write_csv(tmp_path / "dates.csv", [("3/4/2026", "tulips", 5), ("4/4/2026", "tulips", 5)])
    said = run("surges", path)
    assert (said.code, "--date-order dmy" in said.err) == (2, True)
    told = run("surges", path, "--date-order", "dmy", "--json").json
    assert told["series"][0]["start"].startswith("2026-04-03")


@pytest.mark.parametrize("jump", ["1972-01-01", "2150-06-01"])
def test_a_clock_that_jumped_is_refused(tmp_path: Path, jump: str) -> None:
    """One time decades from all others is named by its line, where it would be years of nothing."""
    path = write_csv(tmp_path / "jump.csv", [*club_rows(20), (jump, "tulips", 5)])
    error = refused(path)
    assert "clock had jumped" in error.what
    assert "line 62, column time" in str(error)


def test_a_pause_is_no_jump(tmp_path: Path) -> None:
    """A long pause with many rows on both sides, or few rows in all, is no fault of a clock."""
    years = [((BEGIN + timedelta(days=3650 + day)).date(), "tulips", 5) for day in range(20)]
    assert len(read_counts(write_csv(tmp_path / "a.csv", [*club_rows(20), *years]), ReadOptions(), "").rows) == 80
    two = [("2001-01-01", "tulips", 5), ("2026-01-01", "tulips", 5)]
    assert len(read_counts(write_csv(tmp_path / "b.csv", two), ReadOptions(), "").rows) == 2


def test_more_rows_than_can_be_held_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is said, and what to do."""
    monkeypatch.setattr(table_file, "MOST_ROWS", 10)
    error = refused(write_csv(tmp_path / "big.csv", club_rows(20)))
    assert "more than 10 rows" in error.what
    assert "Add the counts up" in str(error.mend)


@pytest.mark.parametrize(
    ("column", "values", "what"),
    [
        ("count", pa.array([1.5, 2.0]), "not a whole number"),
        ("count", pa.array([None, 2], pa.int8()), "missing"),
        ("count", pa.array([float("nan"), 2]), "missing"),
        ("count", pa.array([2**63, 2], pa.uint64()), "too large"),
        ("count", pa.array([True, False]), "no number"),
        ("count", pa.array([[1], [2]]), "holds lists"),
        ("time", pa.array([None, None]), "no time"),
        ("time", pa.array([True, False]), "not a time"),
        ("time", pa.array([{"a": 1}, {"a": 2}]), "No column tells the time"),
    ],
)
def test_a_bad_column_of_parquet_is_named(tmp_path: Path, column: str, values: pa.Array, what: str) -> None:
    """Types that are no counts or times, and values that are none, are refused by row and column."""
    good = {"time": pa.array(["2026-01-01", "2026-01-02"]), "series": ["tulips"] * 2, "count": [1, 2]}
    pq.write_table(pa.table(good | {column: values}), tmp_path / "bad.parquet")
    with pytest.raises(SeawallError) as error:
        read_counts(tmp_path / "bad.parquet", ReadOptions(), "all")
    assert what in str(error.value)


def test_coverage_is_read_and_checked(tmp_path: Path) -> None:
    """No series holds for all; an interval must end after it starts."""
    path = write_csv(tmp_path / "c.csv", [("", "2026-01-01", "2026-02-01")], "series,from,until")
    assert read_coverage(path, ReadOptions())["series"].to_pylist() == [None]
    alone = write_csv(tmp_path / "d.csv", [("2026-01-01", "2026-02-01")], "start,end")
    assert read_coverage(alone, ReadOptions())["series"].to_pylist() == [None]
    wrong = write_csv(tmp_path / "e.csv", [("tulips", "2026-02-01", "2026-01-01")], "series,start,end")
    with pytest.raises(InputError, match="line 2, column end"):
        read_coverage(wrong, ReadOptions())


def outcome(path: Path, *, plain: bool) -> object:
    """What is read, or what is said, with or without the reader of plain files."""
    with patch.object(table_file, "plain_dialect", count_plain.plain_dialect if plain else lambda *_: None):
        try:
            read = read_counts(path, ReadOptions(), "all")
        except SeawallError as error:
            return str(error)
        return read.rows.to_pylist(), read.assumptions


@given(st.binary(max_size=8), st.integers(0, 1600), st.booleans())
def test_plain_files_are_read_as_the_careful_reader_reads_them(content: bytes, place: int, insert: bool) -> None:
    """The quick reader of plain files gives the same rows, and the same words with the same lines, or stands back."""
    lines = ["time,series,count", *(",".join(map(str, row)) for row in club_rows(20))]
    whole = ("\n".join(lines) + "\n").encode()
    changed = whole[:place] + content + whole[place if insert else place + len(content) :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counts.csv"
        path.write_bytes(changed)
        assert outcome(path, plain=True) == outcome(path, plain=False)


def test_plain_files_are_read_quickly(tmp_path: Path) -> None:
    """A file without quotes is plain; one with quotes, blank lines, returns, a mark or repeated names is not."""
    rows = "2026-01-01,tulips,5\n"
    for content, is_plain in (
        ("time,series,count\n" + rows, True),
        ("time,series,count\n\n" + rows, False),
        ("time,series,count\r\n" + rows, False),
        ('time,series,count\n2026-01-01,"tulips",5\n', False),
        ("\ufefftime,series,count\n" + rows, False),
        ("time,series,count,count\n", False),
    ):
        path = tmp_path / "counts.csv"
        path.write_text(content, encoding="utf-8", newline="")
        found = count_plain.plain_dialect(FileInput("counts.csv", path), ("time", "series", "count"))
        assert (found is not None) == is_plain, content


PIECES = st.sampled_from(
    [b'"', b",", b"\n", b"\r", b"\0", b"\xff", b";", b"-", b".5", b"9" * 30, b"\xef\xbb\xbf", b"1e9", b"NaN", b"\t"]
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    lines = ["time,series,count", *(",".join(map(str, row)) for row in club_rows(20))]
    content = bytearray("\n".join(lines).encode())
    for _ in range(draw(st.integers(1, 5))):
        place = draw(st.integers(0, len(content)))
        end = draw(st.integers(place, min(len(content), place + 12)))
        content[place:end] = draw(st.one_of(PIECES, st.binary(max_size=4)))
    return bytes(content)


def try_to_read(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counts.csv"
        path.write_bytes(content)
        said = run("surges", path, "--json")
        assert said.code in (0, 2, 4), said.err
        assert "fault of Seawall" not in said.err
        assert bool(said.out) == (said.code == 0)
        with suppress(SeawallError):
            read_coverage(path, ReadOptions())


@given(damaged())
def test_no_mutation_of_a_table_breaks_the_command(content: bytes) -> None:
    """Whatever is cut, put in or changed: an answer, or a message with its exit code."""
    try_to_read(content)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_command(content: bytes) -> None:
    """Any bytes at all: an answer, or a message with its exit code."""
    try_to_read(content)


@pytest.mark.verify
@settings(max_examples=3_000)
@given(damaged())
def test_no_mutation_breaks_the_command_for_long(content: bytes) -> None:
    """The same as above, three thousand times."""
    try_to_read(content)
