"""The command line says what it did, where it failed and how to mend it, to people and to machines alike."""

from __future__ import annotations

import gzip
import json
import os
import pty
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import typer.main
from hypothesis import given
from hypothesis import strategies as st

import seawall
from seawall.cli import app, main
from seawall.cli.output import as_json, in_a_line, shown
from tests.docs.club import write_club

COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
HEAVY = ("numba", "scipy", "networkx", "duckdb", "deltalake", "sqlalchemy", "pandas")
NOBODY = "h" + "0" * 20
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its one document."""
        return json.loads(self.out)


def run(*arguments: object) -> Said:
    """The command line as it runs, in this process."""
    out, err = StringIO(), StringIO()
    with (
        patch.object(sys, "argv", ["seawall", *map(str, arguments)]),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as end,
    ):
        main()
    return Said(int(end.value.code or 0), out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    write_club(folder)
    return folder


@pytest.fixture(scope="module")
def club(exports: Path) -> Path:
    """A workspace in which four cases wait."""
    folder = exports / "club"
    for command in (
        ("init", folder),
        ("add", folder, exports / "export.csv", "--visibility", "public", "--platform", "forum"),
        ("detect", folder),
    ):
        assert run(*command).code == 0
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A workspace without records."""
    assert run("init", tmp_path / "empty").code == 0
    return tmp_path / "empty"


def table(folder: Path, name: str = "table.csv", text: str = "Ride at nine", account: str = "rosa") -> Path:
    """An export of one message."""
    path = folder / name
    path.write_text(f'id,author,time,text\n1,{account},2026-05-03T14:05:00Z,"{text}"\n', encoding="utf-8")
    return path


def waiting(club: Path) -> list[str]:
    """Cases that nobody has decided."""
    return [row["case_id"] for row in run("cases", club, "--json").json if row["status"] == "open"]


# --- help and version


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_an_example_that_the_command_takes(name: str) -> None:
    """Each command explains itself with an example whose arguments it accepts."""
    said = run(name, "--help")
    assert said.code == 0
    assert f"Example: seawall {name}" in said.out
    example = COMMANDS[name].epilog.removeprefix("Example: ")
    COMMANDS[name].make_context(name, shlex.split(example)[2:])


def test_the_version_needs_no_heavy_part() -> None:
    """--version and --help answer at once: no library of the kernels, the lake or the casebook is loaded."""
    program = f"import sys; sys.argv = ['seawall']; import seawall.cli; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert run("--version").out == f"seawall {seawall.__version__}\n"


# --- for machines


def json_commands(club: Path, exports: Path) -> dict[str, list[object]]:
    """A call of each command that knows --json, but for demo and unmask."""
    return {
        "init": [exports / "another"],
        "add": [club, exports / "club.ndjson", "--visibility", "public", "--platform", "forum"],
        "detect": [club],
        "alerts": [club],
        "cases": [club],
        "case": [club, waiting(club)[0]],
        "decide": [club, waiting(club)[0], "watch", "--reason", "Until the end of the season."],
        "brief": [club],
        "coverage": [club],
        "expire": [club, "--before", "2020-01-01"],
        "erase": [club, NOBODY, "--reason", "Asked for it."],
        "hold": [club],
        "audit": [club, "verify"],
        "compact": [club],
        "doctor": [club],
    }


def test_json_is_one_document_and_nothing_else(club: Path, exports: Path) -> None:
    """With --json every command prints one JSON document on stdout and is silent on stderr."""
    calls = json_commands(club, exports)
    knows = {name for name, command in COMMANDS.items() if any("--json" in option.opts for option in command.params)}
    assert knows - {"demo", "unmask"} == set(calls)
    for name, arguments in calls.items():
        said = run(name, *arguments, "--json")
        assert (said.code, said.err) == (0, ""), f"{name}: {said.err}"
        assert isinstance(said.json, dict | list), name


def test_add_tells_machines_what_it_tells_people(empty: Path, tmp_path: Path) -> None:
    """in = kept + rejected + duplicate stands in the document, and why records were set aside."""
    path = tmp_path / "rides.csv"
    path.write_text("id,author,time,text\n1,rosa,2026-05-03T14:05:00Z,Ride\n2,,2026-05-03T14:05:00Z,Ride\n")
    told = run("add", empty, path, "--visibility", "public", "--json").json
    assert (told["in"], told["kept"], told["rejected"], told["duplicate"]) == (2, 1, 1, 0)
    assert told["quarantine"] == 1
    assert told["reasons"] == {"account: no account is told": 1}
    again = run("add", empty, path, "--visibility", "public", "--json").json
    assert (again["in"], again["kept"], again["rejected"], again["duplicate"]) == (2, 0, 1, 1)


@given(st.text())
def test_json_cannot_steer_a_terminal(text: str) -> None:
    """What could move a cursor or turn text around is escaped, and the document still says the same."""
    out = StringIO()
    with redirect_stdout(out):
        as_json({"text": text})
    assert CONTROLS.search(out.getvalue()) is None
    assert json.loads(out.getvalue()) == {"text": text}


# --- for people


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


def test_a_case_shows_words_of_its_evidence(club: Path) -> None:
    """Claim, doubt and the first messages, with their words, stand in what seawall case prints."""
    rows = run("cases", club, "--json").json
    coordination = next(row["case_id"] for row in rows if row["detectors"] == ["coordination"])
    said = run("case", club, coordination)
    assert "Claim     6 accounts posted the same 12 texts" in said.out
    assert "Doubt     " in said.out
    assert "2026-05-05 09:00:00 UTC" in said.out
    assert "Vote for bed number 0 now" in said.out


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
    assert re.fullmatch(r"3,457 in = 3,457 kept \+ 0 rejected \+ 0 duplicate \(.* s\)\n", told)
    assert "reading" in seen
    assert "3,457 in" not in seen


# --- exit codes


@pytest.mark.parametrize(
    ("arguments", "mend"),
    [
        (["add", "{club}", "{export}", "--nonsense"], "No such option"),
        (["add", "{club}", "{table}"], "State it: --visibility public"),
        (["add", "{club}", "{export}", "--visibility", "publik"], "'public', 'closed'"),
        (["add", "{club}", "{export}", "--map", "text"], "As in: --map text=body"),
        (["add", "{club}", "{export}", "--map", "txt=text"], "Did you mean text?"),
        (["add", "{club}", "{export}", "--map", "text=txt"], "The nearest: text."),
        (["add", "{club}", "{export}", "--source", "telegramm"], "Did you mean telegram?"),
        (["add", "{club}", "{export}", "--timezone", "Mars/Base"], "Europe/Berlin"),
        (["detect", "{club}", "--window", "-1"], "greater than or equal to 0"),
        (["detect", "{club}", "--min-accounts", "1"], "greater than or equal"),
        (["expire", "{club}", "--before", "2025"], "write a day as 2026-05-03"),
        (["coverage", "{club}", "--gap", "2026-05-03", "2026-05-04"], "As in: --platform"),
        (["erase", "{club}", "rosa", "--reason", "Asked for it."], "a or h and 20 hex digits"),
        (["hold", "{club}", "h00", "--reason", "An order."], "a or h and 20 hex digits"),
        (["erase", "{club}", "--reason", "Asked for it."], "--platform telegram --id user123"),
        (["audit", "{club}", "verify", "--against", "abc"], "12:9f3a"),
        (["init", "{new}", "--identities", "maybe"], "drop or vault"),
        (["init", "{new}", "--identities", "vault"], "seawall reviewer-key"),
        (["unmask", "{club}", NOBODY, "--key", "a", "--key", "b", "--reason", "x"], "--identities vault"),
    ],
)
def test_a_wrong_option_ends_with_2(arguments: list[str], mend: str, club: Path, exports: Path, tmp_path: Path) -> None:
    """What cannot work as given is refused before anything is done, with what to write instead."""
    places = {"club": club, "export": exports / "export.csv", "new": tmp_path / "new", "table": table(tmp_path)}
    said = run(*(argument.format(**places) for argument in arguments))
    assert said.code == 2
    assert said.out == ""
    assert mend in " ".join(said.err.replace("│", " ").split())
    assert not (tmp_path / "new").exists()


def test_no_workspace_or_a_busy_one_ends_with_3(empty: Path, tmp_path: Path) -> None:
    """A folder without a workspace, one with something else in it, and one that another process writes."""
    assert "seawall init DIR" in run("cases", tmp_path / "nowhere").err
    assert run("cases", tmp_path / "nowhere").code == 3
    assert run("init", empty).code == 3
    with seawall.open(empty).writing():
        said = run("add", empty, table(tmp_path), "--visibility", "public")
    assert said.code == 3
    assert "another process" in said.err.lower()


def test_what_cannot_be_read_ends_with_4_and_the_rest_is_kept(empty: Path, tmp_path: Path) -> None:
    """One damaged file among others: the others are kept, the document says which failed, the message where."""
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress(table(tmp_path).read_bytes())[:-12])
    said = run("add", empty, cut, table(tmp_path, "whole.csv", account="linden"), "--visibility", "public", "--json")
    assert said.code == 4
    assert said.json["kept"] == 1
    assert [file["error"] is not None for file in said.json["files"]] == [True, False]
    assert "cut.csv.gz" in said.err
    assert run("add", empty, tmp_path / "missing.csv").code == 4


def test_a_refusing_disk_ends_with_5(empty: Path, tmp_path: Path) -> None:
    """A place that is not there, a file that is there already, damaged settings."""
    said = run("brief", empty, "--out", tmp_path / "nowhere" / "brief.html")
    assert said.code == 5
    assert "Make it, or check the path." in said.err
    (tmp_path / "anna.pub").write_text("somebody's")
    assert run("reviewer-key", tmp_path / "anna", "--passphrase", "four quiet green tomatoes").code == 5
    assert (tmp_path / "anna.pub").read_text() == "somebody's"
    (empty / "seawall.json").write_text("{")
    assert run("cases", empty).code == 5


def test_a_rule_ends_with_6(club: Path) -> None:
    """No reason, the same person twice, a decided case: the casebook refuses, and says what is needed."""
    case, other = waiting(club)[:2]
    assert "--reason" in run("decide", club, case, "watch", "--reason", " ").err
    assert run("decide", club, case, "watch", "--reason", " ").code == 6
    assert run("decide", club, case, "refer", "--reason", "A wave.", "--reviewer", "Rosa").code == 0
    twice = run("decide", club, case, "refer", "--reason", "A wave.", "--reviewer", " ROSA")
    assert (twice.code, "second person" in twice.err) == (6, True)
    second = run("decide", club, case, "refer", "--reason", "I agree.", "--reviewer", "Linden")
    assert "The case is decided." in second.out
    assert run("decide", club, case, "watch", "--reason", "Again.").code == 6
    assert run("hold", club, NOBODY).code == 6
    assert other in waiting(club)


def test_something_found_wrong_ends_with_1(empty: Path) -> None:
    """doctor and audit verify end with 1 where they find something."""
    assert run("doctor", empty).code == 0
    (empty / "keys" / "pseudonym.key").chmod(0o644)
    said = run("doctor", empty)
    assert (said.code, "chmod 600" in said.out) == (1, True)
    assert run("audit", empty, "verify", "--against", "999:abc").code == 1


# --- the vault


def test_two_reviewers_open_the_vault_without_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases come from the environment; where there is neither that nor a terminal, the message says which."""
    words = {"anna": "four quiet green tomatoes", "ben": "seven round red radishes"}
    for name, passphrase in words.items():
        assert run("reviewer-key", tmp_path / name, "--passphrase", passphrase).code == 0
    one = ["--reviewer-key", tmp_path / "anna.pub"]
    alone = run("init", tmp_path / "alone", "--identities", "vault", *one)
    assert (alone.code, (tmp_path / "alone").exists()) == (2, False)
    folder = tmp_path / "club"
    run("init", folder, "--identities", "vault", *one, "--reviewer-key", tmp_path / "ben.pub")
    run("add", folder, table(tmp_path), "--visibility", "public", "--platform", "forum")
    pseudonym = seawall.open(folder).messages(["account_id"])["account_id"][0].as_py()
    keys = ["--key", tmp_path / "anna.key", "--key", tmp_path / "ben.key", "--reason", "Danger to life"]
    monkeypatch.setattr(sys, "stdin", StringIO())
    silent = run("unmask", folder, pseudonym, *keys)
    assert (silent.code, "SEAWALL_PASSPHRASE_1" in silent.err) == (2, True)
    for number, passphrase in enumerate(words.values(), 1):
        monkeypatch.setenv(f"SEAWALL_PASSPHRASE_{number}", passphrase)
    opened = run("unmask", folder, pseudonym, *keys, "--json")
    assert opened.json == [{"pseudonym": pseudonym, "platform": "forum", "id": None, "handle": "rosa", "name": None}]
    monkeypatch.setenv("SEAWALL_PASSPHRASE_2", words["anna"])
    assert run("unmask", folder, pseudonym, *keys).code == 2


# --- what nobody wishes for


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


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "Run the same command again to go on."),
        (ZeroDivisionError("rosa@garden.example"), 70, "A fault of Seawall itself (ZeroDivisionError)."),
    ],
)
def test_an_interruption_or_a_fault_is_no_traceback(
    raised: BaseException, code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C ends with 130; a fault ends with 70, and what it was about, which may be private, is not shown."""

    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(seawall, "open", fail)
    told = run("cases", tmp_path)
    assert told.code == code
    assert said in told.err
    assert "rosa" not in told.err
    assert "Traceback" not in told.err
