"""What is printed cannot steer a terminal, goes where it belongs, and is said to be missing where it is."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from seawall.cli.output import as_json, in_a_line, shown
from tests.cli.running import run, waiting

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@given(st.text())
def test_json_cannot_steer_a_terminal(text: str) -> None:
    """What could move a cursor or turn text around is escaped, and the document still says the same."""
    out = StringIO()
    with redirect_stdout(out):
        as_json({"text": text})
    assert CONTROLS.search(out.getvalue()) is None
    assert json.loads(out.getvalue()) == {"text": text}


@given(st.text())
def test_shown_text_cannot_steer_a_terminal(text: str) -> None:
    """Control and direction characters are written out; a cell stays in its line."""
    assert CONTROLS.search(shown(text)) is None
    assert not set("\n\t") & set(in_a_line(text))


def test_escapes_in_data_and_paths_do_not_reach_the_terminal(tmp_path: Path) -> None:
    """Texts, reasons, names and paths with escape sequences are shown written out, wherever they come up."""
    folder = tmp_path / "club"
    evil = "\x1b]0;owned\x07 \x1b[2J\u202egnp.exe"
    rows = [
        f'{ride}-{member},m{member},2026-05-0{ride}T09:00:0{member}Z,"Ride {ride} {evil}"'
        for ride in range(1, 7)
        for member in range(3)
    ]
    rows += [
        f"{ride}-{member},m{member},2026-05-0{ride}T{member:02}:30:00Z,Bed {ride} of garden {member}"
        for ride in range(1, 7)
        for member in range(10, 24)
    ]
    export = tmp_path / "\x1b[31mrides.csv"
    export.write_text("\n".join(["id,author,time,text", *rows]), encoding="utf-8")
    said = [
        run("init", folder),
        run("add", folder, export, "--visibility", "public"),
        run("detect", folder),
        run("cases", folder),
        run("case", folder, *waiting(folder)),
        run("decide", folder, *waiting(folder), "watch", "--reason", evil, "--reviewer", f"Rosa {evil}"),
        run("audit", folder, "show"),
        run("add", folder, tmp_path / f"{evil}.csv".replace("/", "")),
        run("add", tmp_path / "\x1b[31mnowhere", export),
        run("init", tmp_path / "\x1b[31mnew"),
        run("audit", folder, "show", "--json"),
    ]
    assert [one.code for one in said] == [0] * 7 + [4, 3, 2, 0]
    assert "\\x1b]0;owned" in said[4].out
    for one in said:
        assert CONTROLS.search(one.out + one.err) is None, one


def test_an_empty_answer_says_why(empty: Path) -> None:
    """Where there is nothing to list, stdout stays empty and stderr says what to do."""
    for name, mend in (
        ("cases", "seawall detect"),
        ("alerts", "seawall detect"),
        ("coverage", "silence"),
        ("hold", "No"),
    ):
        said = run(name, empty)
        assert (said.code, said.out) == (0, "")
        assert mend in said.err
    assert f"seawall add {empty}" in run("detect", empty).out


def in_a_terminal(arguments: list[str], *, stdout: bool, **environment: str) -> tuple[str, str]:
    """Run a command whose stderr (and stdout, if asked) is a terminal; what it wrote to stdout and to the terminal."""
    ours, theirs = pty.openpty()
    surroundings = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {
        "TERM": "xterm-256color"
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "seawall", *arguments],
        stdout=theirs if stdout else subprocess.PIPE,
        stderr=theirs,
        env=surroundings | environment,
        text=True,
    )
    os.close(theirs)
    seen = b"".join(_until_closed(ours))
    told = child.stdout.read() if child.stdout is not None else ""
    assert child.wait() == 0
    return told, seen.decode()


def _until_closed(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            piece = os.read(terminal, 65_536)
        except OSError:  # the other side is gone
            return
        if not piece:
            return
        yield piece


def test_no_color_is_respected() -> None:
    """A terminal gets colours, and none with NO_COLOR."""
    colour = re.compile(r"\x1b\[[0-9;]*3[0-8][0-9;]*m")
    assert colour.search(in_a_terminal(["--help"], stdout=True)[1])
    assert not colour.search(in_a_terminal(["--help"], stdout=True, NO_COLOR="1")[1])


def test_progress_goes_to_stderr_only(empty: Path, exports: Path) -> None:
    """With a terminal on stderr, progress is shown there; stdout holds the result and nothing else."""
    arguments = ["add", str(empty), str(exports / "export.csv"), "--visibility", "public"]
    told, seen = in_a_terminal(arguments, stdout=False)
    counts, assumed = told.splitlines()
    assert re.fullmatch(r"3,457 in = 3,457 kept \+ 0 rejected \+ 0 duplicate \(.* s\)", counts)
    assert re.fullmatch(r"  assumed for .*: Columns were taken by their names: .*", assumed)
    assert "reading" in seen
    assert "3,457 in" not in seen


def test_output_that_cannot_be_written_is_said() -> None:
    """A full disk behind stdout ends with 5 and a message; a reader who leaves early ends it quietly."""
    call = [sys.executable, "-m", "seawall", "--help"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(call, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 5
    assert re.fullmatch(r"seawall: The system refused: .*\n", done.stderr)
    ours, theirs = os.pipe()
    os.close(ours)
    left = subprocess.run(call, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False)
    os.close(theirs)
    assert left.stderr == ""
