"""The conformance suite of engines: good ones pass, and each kind of lapse is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from seawall.checks import CheckFailed, check_engine
from seawall.checks.alike import difference
from seawall.checks.engine_measures import MEASURES, check_measures
from seawall.checks.engine_parts import check_parts, every_type
from seawall.detectors import DETECTORS
from seawall.engine import LocalEngine
from seawall.engine.local_parts import LocalParts
from seawall.model import TABLES
from seawall.parts import TableRows, as_rows


def test_the_local_engine_keeps_the_whole_contract(tmp_path: Path) -> None:
    """Steps, types and every measure, with rows that wait on disk."""
    check_engine(LocalEngine(threads=2, memory=4_000, spill_dir=tmp_path))


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_says_something_in_its_world(name: str) -> None:
    """No measure is compared by empty results."""
    found = MEASURES[name](LocalEngine())
    assert any(_content(found))


def _content(found: Any) -> list[Any]:
    if isinstance(found, pa.Table):
        return found.to_pylist()
    return list(found.values()) if isinstance(found, dict) else list(found)


def test_every_detector_is_in_the_suite() -> None:
    """Whatever runs over the lake is compared."""
    assert {f"detector {one.name}" for one in DETECTORS} <= set(MEASURES)


def test_rows_of_the_suite_have_every_type_of_the_lake() -> None:
    """Each type that a table of the lake has stands in the rows, with nulls and values."""
    rows = every_type()
    told = {str(kind) for kind in rows.schema.types}
    assert told >= {str(field.type) for schema in TABLES.values() for field in schema}
    assert all(0 < rows[name].null_count < len(rows) for name in rows.column_names if name != "number")


class LosesNulls(LocalEngine):
    """Parts without rows whose key is null."""

    def parts(self, rows: Any, *, total: int | None = None) -> Any:
        parts = super().parts(rows, total=total)
        return _LosingNulls(parts.empty, parts.count, parts.run)


class _LosingNulls(LocalParts):
    def by(self, *key: str, finer: int = 1) -> Any:
        return super().by(*key, finer=finer).each(lambda rows: rows.filter(pa.compute.is_valid(rows[key[0]])))


class ForgetsRows(LocalEngine):
    """Parts of which a row is missing."""

    def parts(self, rows: Any, *, total: int | None = None) -> Any:
        table = pa.Table.from_batches(
            [batch for piece in as_rows(rows).pieces(1) for batch in as_rows(rows).read(piece)], as_rows(rows).schema
        )
        return super().parts(TableRows(table.slice(1)), total=total)


class Swallows(LocalEngine):
    """Errors of kernels are no errors."""

    def parts(self, rows: Any, *, total: int | None = None) -> Any:
        parts = super().parts(rows, total=total)
        return _Swallowing(parts.empty, parts.count, parts.run)


class _Swallowing(LocalParts):
    def all(self) -> pa.Table:
        try:
            return super().all()
        except Exception:  # noqa: BLE001 - that is the lapse
            return self.empty


@pytest.mark.parametrize(
    ("engine", "contract"),
    [
        (LosesNulls(), "nulls too"),
        (ForgetsRows(), "every row once"),
        (Swallows(), "An error of a kernel comes through"),
    ],
)
def test_each_lapse_of_parts_is_told(engine: LocalEngine, contract: str) -> None:
    """The message names the part of the contract that is broken."""
    with pytest.raises(CheckFailed, match=contract):
        check_parts(engine)


class NearlyRight(LocalEngine):
    """Results a little off."""

    def run(self, measure: Any, rows: Any, *, total: int | None = None) -> Any:
        found = super().run(measure, rows, total=total)
        if type(measure).__name__ != "FunnelsMeasure":
            return found
        return {name: replace(one, kinds=one.kinds[1:]) for name, one in found.items()}


def test_a_measure_that_differs_is_named_with_the_place() -> None:
    """The message says which measure, and where; a gap that is named is not looked at, and must be one."""
    with pytest.raises(CheckFailed, match=r"funnels gives what it gives.*kinds"):
        check_measures(NearlyRight())
    with pytest.raises(CheckFailed, match="Gaps are measures that there are: tulips"):
        check_measures(LocalEngine(), gaps=("tulips",))
    check_measures(NearlyRight(), gaps=[name for name in MEASURES if "funnel" in name])


@pytest.mark.parametrize(
    ("one", "other", "where"),
    [
        ({"p": 0.5}, {"p": 0.5 + 1e-9}, "p"),
        ([1, 2], [1], "length"),
        ({"a": 1}, {"b": 1}, "keys"),
        ((1,), [1], "result"),
        (pa.table({"x": pa.array([1], pa.int32())}), pa.table({"x": [1]}), "schema"),
        (pa.table({"x": [1, 2]}), pa.table({"x": [2, 1]}), r"\[0\]"),
    ],
)
def test_differences_are_found(one: Any, other: Any, where: str) -> None:
    """Numbers beyond 1e-12, lengths, keys, kinds, types of columns, and order."""
    assert where.replace("\\", "") in (difference(one, other) or "")


@pytest.mark.parametrize("value", [float("nan"), None, "tulip", [1.0, {"a": (2, None)}]])
def test_equal_things_do_not_differ(value: Any) -> None:
    """The same is the same, NaN too."""
    assert difference(value, value) is None
