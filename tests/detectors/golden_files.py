"""A committed world of a detector, and what must be said of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from seawall.model import Alert


def as_json(alerts: Sequence[Alert]) -> Any:
    """Alerts as the golden file holds them: numbers to six digits, so that another processor may differ in the rest."""
    told = [asdict(alert) for alert in alerts]
    for one in told:
        if not one["approached"]:
            del one["approached"]
    return _rounded(json.loads(json.dumps(told, default=str)))


def expected(folder: Path) -> Any:
    """What must be said."""
    return json.loads((folder / "expected.json").read_text())


def read(folder: Path) -> dict[str, pa.Table]:
    """The committed input."""
    return {name: pq.read_table(folder / f"{name}.parquet") for name in ("messages", "coverage")}


def write_input(folder: Path, tables: Mapping[str, pa.Table], needs: Mapping[str, Sequence[str]]) -> None:
    """Commit the columns that the detector may see."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        pq.write_table(table.select(list(needs[name])), folder / f"{name}.parquet", compression="zstd")


def write_expected(folder: Path, alerts: Sequence[Alert]) -> None:
    """Commit what is said now."""
    (folder / "expected.json").write_text(json.dumps(as_json(alerts), indent=1, sort_keys=True) + "\n")


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list) else value
