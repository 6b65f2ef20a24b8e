from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from seawall.checks import CheckFailed, check_engine, check_measure
from seawall.checks.engines import CountByKey
from seawall.engine import LocalEngine

ROWS = pa.table({"key": [number % 13 for number in range(200)]})


class Count(CountByKey):
    """Equal to its like, so that a pickled copy is."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    __hash__ = None  # type: ignore[assignment]


class CountsParts(Count):
    def finalise(self, partial: pa.Table) -> pa.Table:
        return partial

    def merge(self, parts: Sequence[pa.Table]) -> pa.Table:
        return pa.concat_tables(parts)


class LooksAround(Count):
    def prepare(self, rows: pa.Table) -> pa.Table:
        return pa.table({"key": pc.add(rows["key"], len(rows))})


def test_a_good_measure_passes() -> None:
    """Counting by key keeps the contract."""
    check_measure(Count(), ROWS)


@pytest.mark.parametrize(("measure", "contract"), [(CountsParts(), "Any split"), (LooksAround(), "row by row")])
def test_a_broken_contract_is_named(measure: Count, contract: str) -> None:
    """A merge that is none, and a prepare that looks at other rows, are found."""
    with pytest.raises(CheckFailed, match=contract):
        check_measure(measure, ROWS)


class Forgetful(LocalEngine):
    """An engine that loses the last batch."""

    def run(self, measure: object, rows: pa.RecordBatchReader, *, total: int | None = None) -> object:
        batches = list(rows)
        kept = pa.RecordBatchReader.from_batches(rows.schema, batches[: max(1, len(batches) - 1)])
        return super().run(measure, kept, total=total)  # type: ignore[arg-type]


class Cutting(LocalEngine):
    """An engine that cuts keys apart."""

    def run(self, measure: CountByKey, rows: pa.RecordBatchReader, *, total: int | None = None) -> object:  # type: ignore[override]
        partials = [measure.kernel(measure.prepare(pa.Table.from_batches([batch]))) for batch in rows]
        return measure.finalise(measure.merge(partials or [measure.kernel(rows.schema.empty_table())]))


@pytest.mark.parametrize(("engine", "contract"), [(Forgetful(), "all rows at once"), (Cutting(), "stay together")])
def test_a_broken_engine_is_found(engine: LocalEngine, contract: str) -> None:
    """Losing rows and cutting keys apart break the contract of engines."""
    with pytest.raises(CheckFailed, match=contract):
        check_engine(engine)
