"""The picture of surges: which series it shows, that it is a picture, and that it tells the same as the table."""

from __future__ import annotations

import struct
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from seawall.cli.surge_panels import MOST_PANELS, MOST_STEPS
from tests.cli.clubs import club_rows, write_csv
from tests.cli.running import run

pytest.importorskip("matplotlib")
SVG = "{http://www.w3.org/2000/svg}"
NAMES = ["plain", "$x_1$ and $", "<b>&amp;</b>", "حديقة الورد", "שושנים", "薔薇園", "🌷"]
NAMES += ["a" * 300, "line\nbreak", "tulips"]


def png_size(path: Path) -> tuple[int, int]:
    """Width and height as the file tells them."""
    head = path.read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", head[16:24])
    return int(width), int(height)


def test_a_png_is_drawn(tmp_path: Path) -> None:
    """A PNG at 150 dots an inch, its panels and its description in the document and in the file."""
    out = tmp_path / "out.png"
    told = run("surges", write_csv(tmp_path / "clubs.csv", club_rows()), "--plot", out, "--json").json["plot"]
    width, height = png_size(out)
    assert (width, 700 < height < 1600) == (1500, True)
    assert told["file"] == str(out)
    assert told["panels"] == ["tulips", "compost", "roses"]
    assert told["left_out"] == 0
    assert "tulips: ▲ " in told["description"]
    assert told["description"].encode() in out.read_bytes()


def test_series_with_windows_come_first_and_the_rest_is_counted(tmp_path: Path) -> None:
    """Of twenty series twelve are drawn, in two columns, and it is said that eight are not."""
    clubs = [f"club {number:02}" for number in range(20)]
    rows = club_rows(clubs=clubs, wave=["club 07", "club 19"])
    path, out = write_csv(tmp_path / "clubs.csv", rows), tmp_path / "out.svg"
    told = run("surges", path, "--plot", out, "--json").json
    assert set(told["plot"]["panels"][:2]) == {"club 07", "club 19"} == {one["series"] for one in told["windows"]}
    assert (len(told["plot"]["panels"]), told["plot"]["left_out"]) == (MOST_PANELS, 8)
    assert "8 more series not drawn." in out.read_text(encoding="utf-8")
    assert "not drawn: 8 more" in run("surges", path, "--plot", out).err


def test_an_svg_tells_what_it_shows(tmp_path: Path) -> None:
    """Names stay text in any script, nothing in them is read as markup or formula, and a description is there."""
    path, out = tmp_path / "names.csv", tmp_path / "out.svg"
    rows = [(day, f'"{name}"', count) for day, name, count in club_rows(clubs=NAMES, wave=["tulips"])]
    said = run("surges", write_csv(path, rows), "--plot", out, "--json")
    assert said.code == 0, said.err
    root = ElementTree.parse(out).getroot()  # noqa: S314 - written a moment ago
    assert root.get("role") == "img"
    assert (root.findtext(f"{SVG}desc") or "") == said.json["plot"]["description"].replace("\n", " ")
    texts = {"".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")}
    for name in [*NAMES[:6], "line break"]:
        assert name in texts
    run("surges", path, "--plot", tmp_path / "out.png")
    assert png_size(tmp_path / "out.png")[0] > 1500


def test_the_same_counts_give_the_same_picture(tmp_path: Path) -> None:
    """Drawn twice, the bytes are the same, so that a picture can be kept under version control."""
    path = write_csv(tmp_path / "clubs.csv", club_rows())
    for name in ("one.svg", "two.svg", "one.png", "two.png"):
        run("surges", path, "--plot", tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_odd_counts_are_drawn(tmp_path: Path) -> None:
    """One row, only zeros, more bins than steps, series at different times, what was not collected."""
    hours = [(1_767_225_600 + 3600 * (hour % 672), f"h{hour // 672}", hour % 9) for hour in range(1344)]
    minutes = [(1_767_225_600 + 300 * place, "m", place % 5) for place in range(2 * MOST_STEPS + 7)]
    for rows in ([("2026-01-01", "a", 5)], [(day, name, 0) for day, name, _ in club_rows(50)], hours, minutes):
        path, out = write_csv(tmp_path / "odd.csv", rows), tmp_path / "odd.png"
        out.unlink(missing_ok=True)
        said = run("surges", path, "--plot", out)
        assert said.code == 0, said.err
        assert png_size(out)[0] >= 1500
    parts = [("", "2025-01-06", "2025-03-01"), ("", "2025-03-09", "2025-11-01")]
    gaps = write_csv(tmp_path / "c.csv", parts, "series,start,end")
    said = run("surges", write_csv(path, club_rows()), "--coverage", gaps, "--plot", tmp_path / "odd.svg")
    assert said.code == 0, said.err
    assert "not collected" in (tmp_path / "odd.svg").read_text(encoding="utf-8")


def test_without_matplotlib_the_extra_is_named(tmp_path: Path) -> None:
    """The command ends before it computes, and says what to install; without --plot it needs no matplotlib."""
    path = write_csv(tmp_path / "clubs.csv", club_rows(60))
    program = "import sys; sys.modules['matplotlib'] = None; from seawall.cli import main; main()"
    call = [sys.executable, "-c", program, "surges", str(path)]
    done = subprocess.run([*call, "--plot", str(tmp_path / "out.png")], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'seawall[plot]'" in done.stderr
    assert not (tmp_path / "out.png").exists()
    assert subprocess.run(call, capture_output=True, check=False).returncode == 0


def test_no_display_is_needed(tmp_path: Path) -> None:
    """A machine without a screen, and whatever backend is asked for, draws all the same."""
    path, out = write_csv(tmp_path / "clubs.csv", club_rows(60)), tmp_path / "out.png"
    call = [sys.executable, "-m", "seawall", "surges", str(path), "--plot", str(out)]
    done = subprocess.run(call, env={"MPLBACKEND": "tkagg", "HOME": str(tmp_path)}, capture_output=True, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert png_size(out)[0] == 1500
