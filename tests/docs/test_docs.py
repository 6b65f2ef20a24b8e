"""The documentation is true: each command and each piece of Python on a page runs."""

from __future__ import annotations

import doctest
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from seawall.cli import app
from tests.conftest import ROOT
from tests.docs.club import write_club

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
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


def run_python(block: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", block], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, f"{block}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_snippet_runs(page: Path, tmp_path: Path) -> None:
    """The commands and the Python of a page run in the order in which they stand, in a folder with a club's exports."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    if blocks:
        write_club(tmp_path)
    for language, block in blocks:
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


def test_the_exports_of_the_examples_are_about_gardening(tmp_path: Path) -> None:
    """The exports that the pages use are made up, small and harmless."""
    write_club(tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "club.ndjson").read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 1000
    assert {"id", "author", "created_at", "text", "channel"} <= set(rows[0])
