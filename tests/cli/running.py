"""Runs the command line in this process, and the small inputs that its tests share."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from seawall.cli import main


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


def table(folder: Path, name: str = "table.csv", text: str = "Ride at nine", account: str = "rosa") -> Path:
    """An export of one message."""
    path = folder / name
    path.write_text(f'id,author,time,text\n1,{account},2026-05-03T14:05:00Z,"{text}"\n', encoding="utf-8")
    return path


def waiting(club: Path) -> list[str]:
    """Cases that nobody has decided."""
    return [row["case_id"] for row in run("cases", club, "--json").json if row["status"] == "open"]
