"""Do an engine's parts keep their contract? Rows of every type of the lake, through every step, as in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial, reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.checks.failure import CheckFailed, expect
from seawall.engine.local_parts import LocalParts
from seawall.errors import MeasureError
from seawall.model import TABLES
from seawall.parts import Mapped, Parts, Rows, TableRows
from seawall.protocols import Engine

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
SIZE = 300
PARTS = 3
"""In so many parts the rows in memory are cut that an engine's are compared with."""


def _value(kind: pa.DataType, number: int) -> Any:
    """The value of a number in a type; every seventh is null, and equal numbers give equal values."""
    if number % 7 == 3:
        return None
    if pa.types.is_list(kind):
        return [_value(kind.value_type, number + step) for step in range(number % 3)]
    if pa.types.is_struct(kind):
        return {field.name: _value(field.type, number + place) for place, field in enumerate(kind)}
    if pa.types.is_timestamp(kind):
        return BEGIN + timedelta(microseconds=number * 1_000_003)
    if pa.types.is_boolean(kind):
        return number % 2 == 0
    if pa.types.is_unsigned_integer(kind):
        return (1 << kind.bit_width) - 1 - number % 100
    if pa.types.is_integer(kind):
        return number % 100 - 50
    if pa.types.is_floating(kind):
        return number / 8
    return f"tulip {number}".encode() if pa.types.is_binary(kind) else f"tulip {number} é"


def every_type() -> pa.Table:
    """Rows with a column ``c0``, ``c1``, ... of each type that stands in a table of the lake, and ``number``."""
    kinds = sorted({str(field.type): field.type for schema in TABLES.values() for field in schema}.items())
    columns = {
        f"c{place}": pa.array([_value(kind, number % 40) for number in range(SIZE)], kind)
        for place, (_, kind) in enumerate(kinds)
    }
    return pa.table(columns | {"number": pa.array([number % 40 for number in range(SIZE)], pa.int64())})


def check_parts(engine: Engine) -> None:
    """Run an engine's parts through their contract.

    Every step gives the rows that it gives in memory, in columns of the same types, for rows of every type of the lake,
    with nulls, and for no rows; rows with one key lie in one part; what is asked again is the same; and an error of a
    kernel comes through.

    Raises:
        CheckFailed: it breaks a part of the contract; the message says which.
    """
    where = f"parts of engine {engine.name}"
    world = every_type()
    for rows in (world, world.slice(0, 0)):
        for contract, step in STEPS.items():
            expected = step(lambda given: LocalParts.of(given, PARTS), TableRows(rows))
            found = step(engine.parts, TableRows(rows))
            expect(found.schema == expected.schema, f"{contract} (types)", where)
            expect(_content(found) == _content(expected), contract, where)
    _check_whole_keys(engine, world, where)
    _check_errors(engine, where)


def _check_whole_keys(engine: Engine, world: pa.Table, where: str) -> None:
    """Keys of every type that can be one, all in one question."""
    names = [name for name in world.column_names if _is_key(world.schema.field(name).type)]
    parts = engine.parts(TableRows(world))
    counted = [parts.by(name).each(partial(_keys_of, name)) for name in names]
    told = reduce(lambda one, other: one.joined(other), counted).all()
    for name in names:
        found = told.filter(pc.equal(told["column"], name))
        expect(len(found) == pc.count_distinct(world[name], mode="all").as_py(), WHOLE, f"{where}, {name}")


def _keys_of(name: str, rows: pa.Table) -> pa.Table:
    counted = rows.group_by(name).aggregate([([], "count_all")])["count_all"]
    return pa.table({"column": pa.array([name] * len(counted), pa.string()), "rows": counted})


def _check_errors(engine: Engine, where: str) -> None:
    try:
        engine.parts(TableRows(every_type())).by("number").each(_refuses).all()
    except MeasureError:
        return
    except Exception as error:  # noqa: BLE001 - whatever else comes, the contract is broken
        raise CheckFailed(f"Broken contract: An error of a kernel comes through ({type(error).__name__}).") from None
    expect(False, "An error of a kernel comes through.", where)


def _content(rows: pa.Table) -> list[str]:
    return sorted(map(repr, rows.to_pylist()))


def _is_key(kind: pa.DataType) -> bool:
    return not pa.types.is_nested(kind) and not pa.types.is_floating(kind) and not pa.types.is_boolean(kind)


# --- steps --------------------------------------------------------------------------------------------

Open = Callable[[Rows], Parts]
WHOLE = "Rows with one key lie in one part, nulls too."


def _read(open_parts: Open, rows: Rows) -> pa.Table:
    return open_parts(rows).all()


def _each(open_parts: Open, rows: Rows) -> pa.Table:
    return open_parts(Mapped(rows, _with_half)).each(_even).each(_in_pieces).all()


def _by(open_parts: Open, rows: Rows) -> pa.Table:
    return open_parts(rows).by("number").each(_counts).by("rows").each(_in_pieces).all()


def _finer(open_parts: Open, rows: Rows) -> pa.Table:
    parts = open_parts(rows)
    fine = parts.by("number", finer=5).each(_counts)
    both = fine.beside(parts.each(_low).by("number", finer=5).kept(), _both).kept()
    return both.joined(both.by("ours").each(_even)).by("number", finer=2).each(_in_pieces).all()


def _beside(open_parts: Open, rows: Rows) -> pa.Table:
    parts = open_parts(rows)
    ours = parts.each(_even).by("number").each(_counts)
    return ours.beside(parts.each(_low).by("number"), _both).all()


def _beside_all(open_parts: Open, rows: Rows) -> pa.Table:
    few = every_type().slice(0, 5).select(["number"])
    return open_parts(rows).by("number").beside_all(few, _those_of).all()


def _joined(open_parts: Open, rows: Rows) -> pa.Table:
    parts = open_parts(rows)
    both = parts.by("number").each(_even).joined(parts.each(_low))
    return both.by("number").each(_counts).all()


def _kept(open_parts: Open, rows: Rows) -> pa.Table:
    kept = open_parts(rows).by("number").each(_counts).kept()
    again = kept.each(_even).joined(kept)
    beside = kept.beside(kept.each(_low), _first_of_both)
    return pa.concat_tables([again.joined(beside).joined(kept).all(), kept.all()])


def _nothing(open_parts: Open, rows: Rows) -> pa.Table:
    return open_parts(rows).each(_none).by("number").each(_in_pieces).all()


STEPS: dict[str, Callable[[Open, Rows], pa.Table]] = {
    "all gives every row once.": _read,
    "each gives what the kernel gives, be it one table or several.": _each,
    "by cuts, and cuts anew.": _by,
    "by cuts as finely as it is asked, and as before when it is asked for nothing.": _finer,
    "beside lays parts with the same keys beside one another, those that one side lacks too.": _beside,
    "beside_all lays a whole table beside each part.": _beside_all,
    "joined gives the rows of both.": _joined,
    "kept gives the same rows each time.": _kept,
    "No rows go through every step.": _nothing,
}


def _with_half(batch: pa.RecordBatch) -> pa.RecordBatch:
    half = pc.divide(batch["number"].cast(pa.float64()), 2.0)
    return pa.RecordBatch.from_arrays([*batch.columns, half], names=[*batch.schema.names, "half"])


def _even(rows: pa.Table) -> pa.Table:
    return rows.filter(pc.equal(pc.bit_wise_and(rows["number"], 1), 0))


def _low(rows: pa.Table) -> pa.Table:
    return rows.filter(pc.less(rows["number"], 25))


def _none(rows: pa.Table) -> pa.Table:
    return rows.slice(0, 0)


def _in_pieces(rows: pa.Table) -> Iterator[pa.Table]:
    yield rows.slice(0, 0)
    for start in range(0, len(rows), 50):
        yield rows.slice(start, 50)


def _counts(rows: pa.Table) -> pa.Table:
    return rows.group_by("number").aggregate([([], "count_all")]).rename_columns({"count_all": "rows"})


def _both(ours: pa.Table, theirs: pa.Table) -> pa.Table:
    left = _summed(ours, "rows", "ours")
    right = _summed(_counts(theirs), "rows", "theirs")
    return left.join(right, "number", join_type="full outer").select(["number", "ours", "theirs"])


def _summed(rows: pa.Table, name: str, told: str) -> pa.Table:
    return pa.table({"number": rows["number"], told: rows[name]})


def _first_of_both(ours: pa.Table, theirs: pa.Table) -> pa.Table:
    return ours.filter(pc.is_in(ours["number"], value_set=theirs["number"].combine_chunks()))


def _those_of(rows: pa.Table, few: pa.Table) -> pa.Table:
    return rows.filter(pc.is_in(rows["number"], value_set=few["number"].combine_chunks()))


def _refuses(rows: pa.Table) -> pa.Table:
    if len(rows):
        raise MeasureError("This kernel refuses rows.")
    return rows
