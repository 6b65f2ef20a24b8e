"""The documentation is true: each command and each piece of Python on a page runs."""

from __future__ import annotations

import doctest
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import fields
from itertools import groupby
from pathlib import Path

import pytest
import typer.main

from seawall import errors
from seawall.casebook import reading
from seawall.cli import app
from seawall.detectors import DETECTORS
from seawall.model import TABLES, Outcome
from seawall.protocols import Detector, ReadOptions
from seawall.sources import SOURCES
from seawall.sources.synonyms import INTERACTION_FIELDS, MESSAGE_FIELDS
from seawall.workspace import Workspace
from tests.conftest import ROOT
from tests.docs.club import write_club

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WITH_SNIPPETS = [page for page in PAGES if BLOCK.search(page.read_text(encoding="utf-8"))]
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")


def run_console(block: str, folder: Path) -> None:
    """Run each ``$`` line and compare what follows it with its output; ``...`` stands for anything."""
    environment = os.environ | {"NO_COLOR": "1", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for command in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, expected = command.partition("\n")
        done = subprocess.run(
            ["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        if expected.strip():
            got = done.stdout.strip()
            matches = doctest.OutputChecker().check_output(
                expected.strip(), got, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
            )
            assert matches, f"{line}\n--- the page says\n{expected}\n--- it printed\n{got}"


SESSION = """
import doctest, sys
flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
sys.exit(doctest.testfile(sys.argv[1], module_relative=False, optionflags=flags).failed)
"""


def run_python(block: str, folder: Path) -> None:
    """Run a piece of Python; where it is a session with ``>>>``, its answers must be those on the page."""
    arguments = ["-c", block]
    if block.startswith(">>>"):
        page = folder / ".session"
        page.write_text(block, encoding="utf-8")
        arguments = ["-c", SESSION, str(page)]
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_snippet_is_overlooked(page: Path) -> None:
    """Each fence of a page that promises a command or Python is one that is run."""
    text = page.read_text(encoding="utf-8")
    assert len(BLOCK.findall(text)) == len(re.findall(r"^ *```+ *(?:console|python)", text, re.MULTILINE))


@pytest.mark.parametrize("page", WITH_SNIPPETS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_snippet_runs(page: Path, tmp_path: Path) -> None:
    """The commands and the Python of a page run in the order in which they stand, in a folder with a club's exports.

    Sessions that follow one another are one session.
    """
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    write_club(tmp_path)
    for session, some in groupby(blocks, key=lambda block: block[1].startswith(">>>")):
        if session:
            run_python("\n".join(block for _, block in some), tmp_path)
            continue
        for language, block in some:
            (run_console if language == "console" else run_python)(block, tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """A link to another file of the repository names one that exists."""
    missing = [
        target
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).resolve().exists()
    ]
    assert missing == []


def test_every_command_is_documented() -> None:
    """The reference names each command and each of its options."""
    reference = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    missing = []
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        if f"## seawall {name}\n" not in reference:
            missing.append(name)
            continue
        section = reference.split(f"## seawall {name}\n")[1].split("\n## ")[0]
        options = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
        missing += [f"{name} {option}" for option in options if option != "--help" and f"`{option}" not in section]
    assert missing == []


def missing_from(page: str, names: Iterable[str]) -> list[str]:
    """Which names do not stand on a page in code type."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    code = set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", " ".join(re.findall(r"`([^`\n]+)`", text))))
    return [name for name in names if name not in code]


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_documented(table: str) -> None:
    """The page of records has a section for each table of the lake, and in it each column with its nullability."""
    page = (ROOT / "docs" / "reference" / "records.md").read_text(encoding="utf-8")
    section = page.split(f"\n## {table}\n")[1].split("\n## ")[0]
    told = dict(re.findall(r"^\| `(\w+)`(\??) \|", section, re.MULTILINE))
    assert told == {column.name: "?" if column.nullable else "" for column in TABLES[table]}


def test_the_columns_of_the_casebook_are_documented() -> None:
    """The page of the casebook names each column of the tables of alerts and cases."""
    names = {*reading.ALERTS.names, *reading.CASES.names, *(outcome.value for outcome in Outcome)}
    assert missing_from("reference/casebook.md", sorted(names)) == []


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)
def test_every_detector_is_documented(detector: Detector) -> None:
    """The page of detectors has a section for each one, with each parameter, its usual value, and what it may see."""
    page = (ROOT / "docs" / "reference" / "detectors.md").read_text(encoding="utf-8")
    section = page.split(f"\n## {detector.name}\n")[1].split("\n## ")[0]
    for parameter in fields(detector):  # type: ignore[arg-type]
        assert f"| `{parameter.name}` | `{json.dumps(getattr(detector, parameter.name))}` |" in section
    for table, columns in detector.needs.items():
        assert f"`{table}`: {', '.join(f'`{column}`' for column in columns)}" in " ".join(section.split())


def test_every_source_is_documented() -> None:
    """The page of formats has a section for each source, and names each field that --map can name."""
    page = (ROOT / "docs" / "reference" / "formats.md").read_text(encoding="utf-8")
    assert [source.name for source in SOURCES if f"\n## {source.name}\n" not in page] == []
    assert missing_from("reference/formats.md", [*MESSAGE_FIELDS, *INTERACTION_FIELDS]) == []


def test_every_method_of_a_workspace_is_documented() -> None:
    """The page of Python names each public method of a workspace, each option of reading, and each error."""
    methods = [name for name in dir(Workspace) if not name.startswith("_")]
    options = [option.name for option in fields(ReadOptions)]
    raised = [name for name, error in vars(errors).items() if isinstance(error, type)]
    assert missing_from("reference/python.md", [*methods, *options, *raised]) == []


def test_every_dependency_is_explained() -> None:
    """The page of dependencies names what pyproject.toml lists, and nothing that it does not."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[<>=,\[ ]", line)[0] for line in project["dependencies"]}
    page = (ROOT / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z0-9, -]+) \|", page, re.MULTILINE)
    assert {name.strip() for row in rows[1:] for name in row.split(",")} == needed


def test_exit_codes_are_those_of_the_errors() -> None:
    """The page of commands gives each error's exit code a line."""
    page = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    codes = {error.exit_code for error in vars(errors).values() if isinstance(error, type)}
    assert [code for code in sorted(codes) if f"\n| {code} |" not in page] == []


def test_the_exports_of_the_examples_are_about_gardening(tmp_path: Path) -> None:
    """The exports that the pages use are made up, small and harmless."""
    write_club(tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "club.ndjson").read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 1000
    assert {"id", "author", "created_at", "text", "channel"} <= set(rows[0])
