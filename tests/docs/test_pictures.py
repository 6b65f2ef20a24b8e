"""The pictures on the pages are what the commands on the pages draw."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs.test_docs import BLOCK, run_python

DESCRIPTION = re.compile(r"<desc>(.*?)</desc>", re.DOTALL)


def test_the_picture_of_surges_is_what_the_command_draws(tmp_path: Path) -> None:
    """Its description, which names every window with its factor and days, is that of a picture drawn now.

    Where the method changed, draw it anew: run the two pieces of Python of how-to/find-surges-in-counts.md, then the
    command of explanation/surges.md, and put surges.svg beside that page.
    """
    pytest.importorskip("matplotlib")
    page = (ROOT / "docs" / "how-to" / "find-surges-in-counts.md").read_text(encoding="utf-8")
    for language, block in BLOCK.findall(page)[:2]:
        assert language == "python"
        run_python(block, tmp_path)
    words = ["surges", "clubs.csv", "--coverage", "collected.csv", "--plot", "surges.svg"]
    assert f"`seawall {' '.join(words)}`" in (ROOT / "docs" / "explanation" / "surges.md").read_text(encoding="utf-8")
    subprocess.run([sys.executable, "-m", "seawall", *words], cwd=tmp_path, check=True, env=os.environ)
    drawn, kept = (
        DESCRIPTION.findall((folder / "surges.svg").read_text(encoding="utf-8"))
        for folder in (tmp_path, ROOT / "docs" / "explanation")
    )
    assert kept == drawn
