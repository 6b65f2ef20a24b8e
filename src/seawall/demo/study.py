"""A worked study in one call: a simulated takedown, from the raw export to the page of before and after.

Each step is a command that a reader can type; what it printed is kept beside the pages.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seawall.errors import StorageError
from seawall.model import SIMULATED_PLATFORM
from seawall.protocols import Progress
from seawall.simulate.files import new_folder

EXPORT, WORKSPACE, FINDINGS = "export", "club", "findings.txt"
LISTED = f"{EXPORT}/actions.csv"
WIDTH = "200"


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the study.

    Attributes:
        title: what it is for.
        arguments: what is typed after ``seawall``.
    """

    title: str
    arguments: tuple[str, ...]

    @property
    def typed(self) -> str:
        """The command as a person types it."""
        return shlex.join(("seawall", *self.arguments))


IMPORT = (
    Step("Make a world of channels", ("simulate", "takedown", EXPORT, "--seed", "5", "--channels", "50")),
    Step("Make a workspace", ("init", WORKSPACE)),
    Step(
        "Read the export",
        (
            "add", WORKSPACE, f"{EXPORT}/messages.ndjson", "--source", "generic", "--platform", SIMULATED_PLATFORM,
            "--visibility", "public",
        ),
    ),
)  # fmt: skip
LOOKS = (
    Step("Where do links lead?", ("places", WORKSPACE, "--most", "10")),
    Step("Where do members go?", ("places", WORKSPACE, "--flow", "--plot", "flow.html")),
    Step("What comes after a channel that ended?", ("successors", WORKSPACE, "--out", "successors.csv")),
    Step("How long do channels live?", ("survival", WORKSPACE, "--plot", "survival.html")),
    Step("What was counted after the action?", ("effect", WORKSPACE, "--actions", LISTED, "--plot", "effect.html")),
)
STEPS = (*IMPORT, *LOOKS)


@dataclass(frozen=True, slots=True)
class Study:
    """What was made.

    Attributes:
        folder: where everything is.
        said: each step with the sentence in which it sums up.
    """

    folder: Path
    said: tuple[tuple[Step, str], ...]

    @property
    def pages(self) -> list[Path]:
        """The pages, to be opened in a browser."""
        return sorted(self.folder.glob("*.html"))

    def as_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            "folder": str(self.folder),
            "steps": [{"title": step.title, "command": step.typed, "said": said} for step, said in self.said],
            "pages": [str(page) for page in self.pages],
            "findings": str(self.folder / FINDINGS),
        }

    def __str__(self) -> str:
        told = [f"{step.title}\n  $ {step.typed}\n  {said}" for step, said in self.said]
        pages = "\n".join(f"  {page}  (open it in a browser)" for page in self.pages)
        return "\n".join([*told, "", f"Every step with all that it printed: {self.folder / FINDINGS}", pages])


def build_study(folder: str | Path, *, progress: Progress | None = None) -> Study:
    """Simulate, import, look, and write the pages, in a new folder.

    Raises:
        StorageError: the folder holds something, or a step failed; what it said is told.
    """
    place = Path(folder)
    said: list[tuple[Step, str]] = []
    with new_folder(place), (place / FINDINGS).open("w", encoding="utf-8") as findings:
        for number, step in enumerate(STEPS):
            if progress is not None:
                progress("working through the study", number, len(STEPS))
            out, beside = _run(step, place)
            findings.write(f"# {step.title}\n$ {step.typed}\n{beside}{out}\n")
            said.append((step, _sentence(out, beside)))
    return Study(place, tuple(said))


def _run(step: Step, place: Path) -> tuple[str, str]:
    """What a command printed: its result, and what it says beside it."""
    done = subprocess.run(  # noqa: S603 - our own program, with our own words
        [sys.executable, "-m", "seawall", *step.arguments],
        cwd=place, env=os.environ | {"NO_COLOR": "1", "COLUMNS": WIDTH}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise StorageError(
            f"A step of the study failed: {step.typed}", where=str(place), mend=done.stderr.strip() or "Try it again."
        )
    return done.stdout, done.stderr


def _sentence(out: str, beside: str) -> str:
    """The first line that is no row of a table."""
    return next((line for line in (*out.splitlines(), *beside.splitlines()) if line and "\t" not in line), "")
