"""seawall surges: a table of counts in, windows out, and what had to be assumed."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from seawall.cli.count_facts import Facts
from seawall.cli.surge_answer import Answer
from seawall.measures import surges
from tests.cli.clubs import BEGIN, CLUBS, Row, club_rows, write_csv
from tests.cli.running import run

KEYS = {"file", "rows", "bin", "assumptions", "series", "windows", "plot", "out"}
SERIES_KEYS = {"series", "start", "end", "bins", "known", "total", "history"}
WINDOW_KEYS = {
    *("series", "start", "end", "observed", "expected", "factor", "factor_low", "factor_high", "p", "q"),
    *("direction", "history", "unknown"),
}


@pytest.fixture(scope="module")
def clubs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_csv(tmp_path_factory.mktemp("counts") / "clubs.csv", club_rows())


def test_the_wave_is_found(clubs: Path) -> None:
    """One window, in the right series, around the ten days, with a factor of about four."""
    said = run("surges", clubs)
    assert said.code == 0
    (line,) = said.out.splitlines()
    series, when, direction, _, _, factor, *_ = line.split("\t")
    assert (series, direction) == ("tulips", "▲ up")
    assert when.startswith(("24 July", "25 July"))
    assert 3 < float(factor.split()[0]) < 5
    assert "1 window in 1 of 3 series" in said.err


def test_json_is_the_answer_of_the_measure(clubs: Path) -> None:
    """The document holds what seawall.measures.surges gives for the same rows, under documented keys."""
    told = run("surges", clubs, "--json").json
    at, series, count = zip(*club_rows(), strict=True)
    moments = [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in at]
    expected = surges(pa.table({"series": series, "at": moments, "count": count}), bin="1d").to_pylist()
    assert set(told) == KEYS
    assert all(set(one) == SERIES_KEYS for one in told["series"])
    assert all(set(one) == WINDOW_KEYS for one in told["windows"])
    assert [one["series"] for one in told["series"]] == list(CLUBS)
    assert [{key: one[key] for key in expected[0] if key not in ("start", "end")} for one in told["windows"]] == [
        {key: value for key, value in one.items() if key not in ("start", "end")} for one in expected
    ]
    assert [one["start"] for one in told["windows"]] == [one["start"].isoformat() for one in expected]
    assert (told["rows"], told["bin"], told["plot"], told["out"]) == (900, "1d", None, None)
    assert {one["history"] for one in told["series"]} == {"full"}


def parquet(folder: Path, rows: list[Row]) -> Path:
    """The rows as Parquet, with the names of the measure and numbers for names."""
    at, series, count = zip(*rows, strict=True)
    table = pa.table(
        {
            "at": pa.array([datetime.fromisoformat(day) for day in at], pa.timestamp("ns")),
            "series": [CLUBS.index(name) for name in series],
            "count": pa.array(count, pa.float64()),
        }
    )
    pq.write_table(table, folder / "clubs.parquet")
    return folder / "clubs.parquet"


def test_the_same_table_in_any_form_gives_the_same_windows(clubs: Path, tmp_path: Path) -> None:
    """Parquet, semicolons with decimal commas, a byte order mark, unix seconds, other names, any order of rows."""
    rows = club_rows()
    seconds = [
        (int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()), name, count) for day, name, count in rows
    ]
    german = [(day, f'"{name}"', f"{count},0") for day, name, count in rows]
    marked = tmp_path / "marked.csv"
    marked.write_bytes(b"\xef\xbb\xbf" + clubs.read_bytes().replace(b"\n", b"\r\n"))
    forms = [
        [parquet(tmp_path, rows)],
        [write_csv(tmp_path / "german.csv", german, "time;series;count", ";")],
        [marked],
        [write_csv(tmp_path / "seconds.csv", seconds)],
        [write_csv(tmp_path / "named.csv", rows, "when,club,what"), *maps(time="when", series="club", count="what")],
        [write_csv(tmp_path / "shuffled.csv", sorted(rows, key=lambda row: row[2]))],
        [write_csv(tmp_path / "guessed.csv", rows, "Date,Channel,Messages")],
    ]
    first = run("surges", clubs, "--json").json["windows"]
    assert len(first) == 1
    for form in forms:
        said = run("surges", *form, "--json")
        assert said.code == 0, said.err
        assert [one | {"series": "tulips"} for one in said.json["windows"]] == first, form


def maps(**fields: str) -> list[str]:
    return [word for field, column in fields.items() for word in ("--map", f"{field}={column}")]


def test_a_table_without_series_is_one_series(tmp_path: Path) -> None:
    """Two columns are enough; the series is called by the file, or as --map says."""
    rows = [(day, count) for day, name, count in club_rows() if name == "tulips"]
    path = write_csv(tmp_path / "rides.csv", rows, "time,count")
    assert [one["series"] for one in run("surges", path, "--json").json["windows"]] == ["rides"]
    stated = run("surges", path, "--map", "series==all rides", "--json").json
    assert [one["series"] for one in stated["windows"]] == ["all rides"]


def test_names_may_be_written_in_any_script(tmp_path: Path) -> None:
    """Names from right to left, with quotes, commas and emoji come out as they went in; none steers the terminal."""
    name = 'حديقة "الورد", שושנים 🌷'
    rows = [(day, '"' + name.replace('"', '""') + '"', count) for day, _, count in club_rows(clubs=["tulips"])]
    path = write_csv(tmp_path / "names.csv", rows)
    assert [one["series"] for one in run("surges", path, "--json").json["windows"]] == [name]
    assert run("surges", path).out.split("\t")[0] == name


# --- what had to be assumed


def assumed(*arguments: object) -> str:
    said = run("surges", *arguments, "--json")
    assert said.code == 0, said.err
    return " ".join(said.json["assumptions"])


def test_what_is_assumed_is_said(tmp_path: Path, clubs: Path) -> None:
    """No zone, the width of bins, rows that were added up, disorder, missing bins, a series that never changes."""
    rows = club_rows(100)
    rows = [*rows[50:], *rows[:50]]
    del rows[60:63]
    still = [(day, "beans", 3) for day, name, _ in club_rows(100) if name == "roses"]
    path = write_csv(tmp_path / "odd.csv", [*rows, *still, rows[5]])
    told = assumed(path)
    assert "Times carry no zone; UTC was assumed." in told
    assert "Bins are 1d wide, as the rows stand apart; --bin says otherwise." in told
    assert "1 row shares its bin with another row of its series and was added up (1 of them" in told
    assert "Rows do not stand in the order of time; they were sorted." in told
    assert "3 bins without a row count as zero; --coverage says otherwise." in told
    assert "1 series never changed" in told
    assert "zone" not in assumed(write_csv(tmp_path / "z.csv", [(f"{d}T00:00:00Z", n, c) for d, n, c in rows]))


def test_a_stated_zone_is_used(tmp_path: Path) -> None:
    """--timezone moves times without a zone, and the table says nothing of UTC."""
    rows = [(f"{day} 12:00", name, count) for day, name, count in club_rows(60)]
    path = write_csv(tmp_path / "noon.csv", rows)
    assert "UTC was assumed" in assumed(path)
    assert "UTC was assumed" not in assumed(path, "--timezone", "Europe/Paris")


def test_a_short_past_is_marked(tmp_path: Path) -> None:
    """Six to ten weeks: an answer marked as short in table and document; under six weeks: none, and it is said."""
    days = 64
    steep = [
        (day, name, count * (5 if number % days >= days - 6 and name == "tulips" else 1))
        for number, (day, name, count) in enumerate(club_rows(days, wave=()))
    ]
    path = write_csv(tmp_path / "short.csv", steep)
    said = run("surges", path, "--json").json
    assert {one["history"] for one in said["series"]} == {"short"}
    assert [(one["series"], one["history"]) for one in said["windows"]] == [("tulips", "short")]
    assert "3 of 3 series have fewer than 10 known weeks: answers are marked as uncertain on them." in " ".join(
        said["assumptions"]
    )
    assert "short history: uncertain" in run("surges", path).out
    few = run("surges", write_csv(tmp_path / "few.csv", club_rows(30)), "--json").json
    assert {one["history"] for one in few["series"]} == {"none"}
    assert few["windows"] == []
    assert "3 of 3 series have fewer than 6 known weeks: nothing can be said about them." in few["assumptions"]


def test_one_row_is_an_answer_that_says_why_it_is_empty(tmp_path: Path) -> None:
    """One bin: no window, and the reason."""
    said = run("surges", write_csv(tmp_path / "one.csv", [("2026-01-01", "tulips", 5)]))
    assert (said.code, said.out) == (0, "")
    assert "1 of 1 series has fewer than 6 known weeks: nothing can be said about it." in said.err
    assert said.err.startswith("No window in 1 series, 1 January 2026 (UTC), bins of 1d.")
    assert "does not prove that nothing happened" in said.err


def test_a_gap_that_is_stated_is_no_collapse(tmp_path: Path) -> None:
    """Weeks without rows are a collapse, unless --coverage says that nothing was collected then."""
    gap = range(230, 245)
    rows = [row for number, row in enumerate(club_rows(wave=())) if number % 300 not in gap]
    path = write_csv(tmp_path / "gap.csv", rows)
    days = [BEGIN + timedelta(days=day) for day in (0, gap[0], gap[-1] + 1, 300)]
    whole = [("", days[0].date(), days[1].date()), ("", days[2].date(), days[3].date())]
    collected = write_csv(tmp_path / "collected.csv", whole, "series,start,end")
    assert {one["direction"] for one in run("surges", path, "--json").json["windows"]} == {"down"}
    said = run("surges", path, "--coverage", collected, "--json").json
    assert said["windows"] == []
    assert [one["bins"] - one["known"] for one in said["series"]] == [len(gap)] * 3
    assert "45 bins outside of what was collected are unknown, not zero." in said["assumptions"]
    parts = [("pansies", days[0].date(), days[1].date()), *whole[:1]]
    part = write_csv(tmp_path / "part.csv", parts, "series,start,end")
    told = assumed(path, "--coverage", part)
    assert "1 series of the coverage without counts." in told
    alone = write_csv(tmp_path / "alone.csv", [("tulips", days[0].date(), days[3].date())], "series,start,end")
    assert "2 series without any coverage: no answer is possible." in assumed(path, "--coverage", alone)
    assert "bins with counts lie outside of what was collected" in told


def test_the_bin_that_runs_is_left_out(tmp_path: Path) -> None:
    """Rows of today are not read as a fall, and it is said."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = [((today - timedelta(days=back)).isoformat(), "rides", 50 if back else 1) for back in range(120)]
    said = run("surges", write_csv(tmp_path / "today.csv", rows), "--json").json
    assert said["windows"] == []
    assert said["series"][0]["bins"] == 119
    assert "The last bin is not over yet: its 1 rows were left out." in said["assumptions"]


@pytest.mark.parametrize(("step", "bin"), [("5m", "5m"), ("1h", "1h"), ("1d", "1d"), ("1w", "1w"), ("17m", "1d")])
def test_the_width_of_bins_is_that_of_the_rows(tmp_path: Path, step: str, bin: str) -> None:  # noqa: A002
    """Rows that stand a usual width apart get bins of it; others days."""
    width = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
    apart = int(step[:-1]) * width[step[-1]]
    rows = [((BEGIN + place * apart).isoformat(), "rides", place % 7) for place in range(60)]
    path = write_csv(tmp_path / "rows.csv", rows)
    assert run("surges", path, "--json").json["bin"] == bin
    assert run("surges", path, "--bin", "2d", "--json").json["bin"] == "2d"


def test_months_are_calendar_months(tmp_path: Path) -> None:
    """Rows a month apart are counted by month, and windows begin and end with months; also when it is stated."""
    months = [
        (f"{2022 + month // 12}-{1 + month % 12:02}", 6 if month >= 34 else 85 + month % 9) for month in range(36)
    ]
    path = write_csv(tmp_path / "videos.csv", months, "month,videos")
    said = run("surges", path, "--map", "count=videos", "--json").json
    assert said["bin"] == "1mo"
    assert "Bins are calendar months" in " ".join(said["assumptions"])
    assert [(one["direction"], one["start"][:10], one["end"][:10]) for one in said["windows"]] == [
        ("down", "2024-11-01", "2025-01-01")
    ]
    assert (said["series"][0]["start"][:10], said["series"][0]["bins"]) == ("2022-01-01", 36)
    daily = run("surges", write_csv(tmp_path / "days.csv", club_rows(400)), "--bin", "1mo", "--json").json
    assert [one["bins"] for one in daily["series"]] == [14] * 3


def test_what_is_no_finite_number_is_null_for_machines() -> None:
    """A factor without an upper end stands as null in the document, for which JSON has no other word."""
    windows = pa.table({"series": ["tulips"], "factor": [2.0], "factor_high": [float("inf")]})
    told = Answer("clubs.csv", 1, "1d", Facts((), ()), windows, ()).as_dict()
    assert told["windows"] == [{"series": "tulips", "factor": 2.0, "factor_high": None}]


# --- results as files


def test_windows_are_written(clubs: Path, tmp_path: Path) -> None:
    """--out writes the windows as CSV or Parquet, and replaces what is there."""
    out = tmp_path / "windows.csv"
    out.write_text("old")
    said = run("surges", clubs, "--out", out, "--json").json
    (window,) = said["windows"]
    with out.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert set(row) == WINDOW_KEYS
    assert datetime.fromisoformat(row["start"]) == datetime.fromisoformat(window["start"])
    assert float(row["factor"]) == pytest.approx(window["factor"])
    assert said["out"] == str(out)
    run("surges", clubs, "--out", tmp_path / "windows.parquet")
    assert pq.read_table(tmp_path / "windows.parquet").column("series").to_pylist() == ["tulips"]


def test_a_series_that_is_named_like_a_formula_is_no_formula_in_the_file(clubs: Path, tmp_path: Path) -> None:
    """A series called =1+1 has an apostrophe before it in CSV; numbers stay numbers, and Parquet keeps the name."""
    odd = tmp_path / "odd.csv"
    odd.write_text(clubs.read_text(encoding="utf-8").replace("tulips", "=1+1"), encoding="utf-8")
    for kind, name in (("csv", "'=1+1"), ("parquet", "=1+1")):
        run("surges", odd, "--out", tmp_path / f"windows.{kind}")
        read = pq.read_table if kind == "parquet" else pa_csv.read_csv
        (row,) = read(tmp_path / f"windows.{kind}").to_pylist()
        assert row["series"] == name
        assert isinstance(row["factor"], float)


@pytest.mark.parametrize(
    ("arguments", "code", "mend"),
    [
        (["--bin", "soon"], 2, "1mo"),
        (["--bin", "1s"], 2, "one minute"),
        (["--out", "windows.xlsx"], 2, ".csv, .parquet"),
        (["--plot", "windows.gif"], 2, ".png, .svg"),
        (["--out", "{file}"], 2, "Name another file"),
        (["--out", "{folder}/nowhere/windows.csv"], 5, "Make it"),
        (["--map", "time"], 2, "--map text=body"),
        (["--map", "tyme=time"], 2, "Fields are: time, series, count"),
        (["--map", "time=when"], 2, "Columns seen: time, series, count"),
        (["--map", "count==3"], 2, "Only the series"),
        (["--timezone", "Mars/Base"], 2, "Europe/Berlin"),
        (["--encoding", "klingon"], 2, "no such text encoding"),
        (["--coverage", "{folder}/missing.csv"], 4, "no such file"),
        (["--coverage", "{file}"], 2, "No column tells the start and the end"),
    ],
)
def test_wrong_options_are_refused(clubs: Path, tmp_path: Path, arguments: list[str], code: int, mend: str) -> None:
    """What cannot work ends with its code and says what to write instead; nothing is written."""
    said = run("surges", clubs, *(one.format(file=clubs, folder=tmp_path) for one in arguments))
    assert (said.code, said.out) == (code, "")
    assert mend in said.err
    assert list(tmp_path.iterdir()) == []


def test_help_names_what_the_file_needs() -> None:
    """The columns stand in the help."""
    assert "columns time, series, count" in " ".join(run("surges", "--help").out.replace("│", " ").split())
