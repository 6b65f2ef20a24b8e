"""The page of the worked study: its blocks and pictures are those that the study gives.

``python -m tests.demo.page`` writes them anew.
"""

from __future__ import annotations

import re
import subprocess
import sys
from math import isclose
from pathlib import Path
from tempfile import TemporaryDirectory

from seawall.demo.study import FINDINGS, LISTED, WORKSPACE, build_study
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "tutorial" / "study-of-a-takedown.md"
PICTURES = PAGE.parent / "pictures"
DRAWN = {
    "study-effect.svg": ("effect", WORKSPACE, "--actions", LISTED, "--plot"),
    "study-survival.svg": ("survival", WORKSPACE, "--plot"),
}
BLOCK = re.compile(r"(?<=^```text\n)\$ (seawall .*?)\n(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"\d+(?:\.\d+)?")
MOST = 10
"""Lines of a step that the page shows."""
BESIDE = ("Wrote ", "Next: ", "  left out", "  against it")
"""How lines begin that the page leaves to its text."""


def findings(folder: Path) -> dict[str, list[str]]:
    """Command -> what it printed."""
    told: dict[str, list[str]] = {}
    for part in (folder / FINDINGS).read_text(encoding="utf-8").split("\n# "):
        _, command, *lines = part.strip().splitlines()
        told[command.removeprefix("$ ")] = [steady(line) for line in lines if not line.startswith(BESIDE)]
    return told


def steady(line: str) -> str:
    """A line without how long it took, and with its columns apart."""
    return re.sub(r"\(\d+\.\d s\)", "(... s)", line).replace("\t", "  ")


def written(page: str, told: dict[str, list[str]]) -> str:
    """The page with each command's lines."""

    def block(found: re.Match[str]) -> str:
        lines = told[found[1]]
        more = ["..."] if len(lines) > MOST else []
        return "\n".join([f"$ {found[1]}", *lines[:MOST], *more]) + "\n"

    return BLOCK.sub(block, page)


def alike(one: str, two: str) -> bool:
    """Whether two texts have the same words, and numbers that differ by a tenth at most.

    Each workspace has keys of its own: what is added up in the order of pseudonyms differs in its last digit.
    """
    if NUMBER.split(one) != NUMBER.split(two):
        return False
    told = ([float(number) for number in NUMBER.findall(text)] for text in (one, two))
    return all(isclose(first, second, rel_tol=0.1, abs_tol=0.02) for first, second in zip(*told, strict=True))


def draw(folder: Path, name: str) -> str:
    """A picture of the page, drawn in the folder of the study."""
    command = [sys.executable, "-m", "seawall", *DRAWN[name], name]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / name).read_text(encoding="utf-8")


def main() -> None:
    """Work through the study, and write its page and pictures anew."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "study"
        build_study(folder)
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), findings(folder)), encoding="utf-8")
        for name in DRAWN:
            (PICTURES / name).write_text(draw(folder, name), encoding="utf-8")


if __name__ == "__main__":
    main()
