"""The command line says what it did, where it failed and how to mend it, to people and to machines alike."""

from __future__ import annotations

import gzip
import shlex
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import typer.main

import seawall
from seawall.cli import app
from seawall.lake import lock
from tests.cli.clubs import SPELLS, club_rows, lives, write_csv
from tests.cli.running import run, table, waiting

COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
HEAVY = ("numba", "scipy", "networkx", "duckdb", "deltalake", "sqlalchemy", "pandas")
UNUSED = (
    *(module for module in HEAVY if module != "sqlalchemy"),
    "argon2", "authlib", "fastapi", "httpx", "jinja2", "nats", "pyarrow.compute", "pyarrow.dataset", "requests",
    "seawall.detectors", "seawall.intake", "seawall.lake.lake", "seawall.measures", "seawall.sources", "slixmpp",
    "starlette", "tldextract", "uvicorn", "webauthn", "websockets",
)  # fmt: skip
"""What a command that is about the casebook alone has no use for."""
NOBODY = "h" + "0" * 20


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


@pytest.mark.parametrize("command", ["alerts", "audit", "cases", "hold"])
def test_a_look_at_the_casebook_waits_for_no_other_part(command: str, club: Path) -> None:
    """Lists of the casebook appear at once: nothing of the kernels, the lake, the sources or the console is loaded."""
    program = (
        "import runpy, sys\n"
        "try: runpy.run_module('seawall', run_name='__main__')\n"
        f"finally: print([m for m in {UNUSED} if sys.modules.get(m)], file=sys.stderr)"
    )
    arguments = [sys.executable, "-c", program, command, str(club), "--json"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert done.stdout.strip()
    assert done.stderr.strip() == "[]"


# --- for machines


def closing(exports: Path) -> Path:
    """A list of one action: the tools club was closed."""
    path = exports / "closed.csv"
    path.write_text("date,channel\n2026-04-01,tools\n", encoding="utf-8")
    return path


def with_incidents(exports: Path) -> list[object]:
    """Windows of surges, and incidents."""
    windows, incidents = exports / "windows.csv", exports / "incidents.csv"
    windows.write_text("start,end\n2026-01-10,2026-01-20\n2026-04-02,2026-04-12\n")
    days = "".join(f"2026-{month:02}-{day:02},ride\n" for month in range(1, 7) for day in (3, 11, 17))
    incidents.write_text(f"date,kind\n{days}")
    return [windows, "--incidents", incidents]


def json_commands(club: Path, exports: Path) -> dict[str, list[object]]:
    """A call of each command that knows --json, but for those that need a person of a role or a moment."""
    return {
        "init": [exports / "another"],
        "add": [club, exports / "club.ndjson", "--visibility", "public", "--platform", "forum"],
        "detect": [club],
        "indicators": [club],
        "match": [club, "https://tulips.example/"],
        "rescan": [club],
        "network": [club, "--min-repeats", "5"],
        "places": [club],
        "plan": ["100000"],
        "successors": [club],
        "effect": [club, "--actions", closing(exports)],
        "alerts": [club],
        "clusters": [club],
        "cases": [club],
        "case": [club, waiting(club)[0]],
        "decide": [club, waiting(club)[0], "watch", "--reason", "Until the end of the season."],
        "appeals": [club],
        "campaigns": [club],
        "brief": [club],
        "coverage": [club],
        "expire": [club, "--before", "2020-01-01"],
        "erase": [club, NOBODY, "--reason", "Asked for it."],
        "hold": [club],
        "audit": [club, "verify"],
        "compact": [club],
        "doctor": [club],
        "reviewers": [club],
        "connect": [club],
        "tell": [club],
        "simulate": ["funnel", exports / "practice", "--accounts", "300", "--days", "20"],
        "evaluate": ["funnel", "--seeds", "1", "--accounts", "300", "--days", "20"],
        "survival": ["--spells", write_csv(exports / "spells.csv", lives(), SPELLS)],
        "surges": [write_csv(exports / "counts.csv", club_rows(60))],
        "coincidence": ["--surges", *with_incidents(exports)],
    }


def test_json_is_one_document_and_nothing_else(club: Path, exports: Path) -> None:
    """With --json every command prints one JSON document on stdout and is silent on stderr; watch prints one a line."""
    calls = json_commands(club, exports)
    knows = {name for name, command in COMMANDS.items() if any("--json" in option.opts for option in command.params)}
    assert knows - {"demo", "safeguarding", "serve", "undo", "unmask", "watch"} == set(calls)
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


# --- for people


def test_a_case_shows_words_of_its_evidence(club: Path) -> None:
    """Claim, doubt and the first messages, with their words, stand in what seawall case prints."""
    rows = run("cases", club, "--json").json
    coordination = next(row["case_id"] for row in rows if row["detectors"] == ["coordination"])
    said = run("case", club, coordination)
    assert "Claim     6 accounts posted the same 12 texts" in said.out
    assert "Doubt     " in said.out
    assert "2026-05-05 09:00:00 UTC" in said.out
    assert "Vote for bed number 0 now" in said.out


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


def test_no_workspace_or_a_busy_one_ends_with_3(empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a workspace, one with something else in it, and one that another process writes."""
    assert "seawall init DIR" in run("cases", tmp_path / "nowhere").err
    assert run("cases", tmp_path / "nowhere").code == 3
    assert run("init", empty).code == 3
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.1)
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
