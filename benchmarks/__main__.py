"""Run the benchmarks and write RESULTS.md: ``python -m benchmarks [name ...]``.

Each module runs in a process of its own, so that its peak of memory is its own. A module has ``NAME`` and
``run() -> list[Row]``. Named modules replace their part of RESULTS.md; the others stay as they are. ``migration``,
which is no module, names all that begin with ``migration_``.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.table import Row, markdown

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "RESULTS.md"
PACKAGES = (
    "seawall", "numpy", "numba", "pyarrow", "duckdb", "deltalake", "coordination-network-toolkit", "ruptures", "river",
    "datasketch", "rensa",
    "faiss-cpu", "threatexchange",
)  # fmt: skip
MARK = "::rows::"


def modules() -> list[str]:
    """The benchmarks of this folder: each file that defines NAME."""
    return sorted(
        path.stem for path in HERE.glob("*.py") if re.search(r"^NAME\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    )


def named(arguments: Sequence[str]) -> list[str]:
    """The modules that arguments name: one, or all of a family."""
    known = modules()
    return [
        module
        for name in arguments
        for module in ([name] if name in known else [one for one in known if one.startswith(f"{name}_")] or [name])
    ]


def measure(module: str) -> tuple[str, list[Row]]:
    """Run one benchmark in a fresh process."""
    command = [sys.executable, "-m", "benchmarks", "--inside", module]
    done = subprocess.run(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout.rpartition(MARK)[2])
    return told["name"], [Row(**row) for row in told["rows"]]


def inside(module: str) -> None:
    """In the fresh process: run, and hand the rows over on the last line."""
    benchmark = importlib.import_module(f"benchmarks.{module}")
    rows = benchmark.run()
    print(MARK + json.dumps({"name": benchmark.NAME, "rows": [asdict(row) for row in rows]}))


def surroundings() -> str:
    """When, where and with what it was measured; no name of the machine."""
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"{when}, {cores} cores, Python {platform.python_version()}, {', '.join(found)}."


def written(sections: dict[str, str]) -> str:
    """The whole page."""
    head = "# Results\n\nWritten by `make bench`. A claim is measured in the same run as its peer.\n"
    return head + "".join(f"\n## {name}\n{body.strip()}\n" for name, body in sections.items())


def earlier() -> dict[str, str]:
    """The sections that RESULTS.md has now."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def main(arguments: Sequence[str]) -> int:
    """Run what is named, or all; 1 if a bound is not kept."""
    if arguments[:1] == ["--inside"]:
        inside(arguments[1])
        return 0
    sections = earlier() if arguments else {}
    kept = True
    for module in named(arguments) or modules():
        name, rows = measure(module)
        sections[name] = f"\n{surroundings()}\n\n{markdown(rows)}\n"
        print(f"{name}\n{markdown(rows)}\n")
        kept = kept and all(row.holds is not False for row in rows)
        RESULTS.write_text(written(sections), encoding="utf-8")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
