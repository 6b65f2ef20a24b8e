"""Does a detector's standing state keep its contract? It says at any moment what ``detect`` says of the same rows."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.checks.failure import expect
from seawall.checks.memory_window import MemoryWindow
from seawall.checks.worlds import Tables
from seawall.engine import TIME_COLUMNS
from seawall.lake.folds import ACCOUNT_COLUMNS, REVISED
from seawall.model import COVERAGE, TABLES, Alert
from seawall.protocols import LiveDetector, Standing, fed_table

LONG = timedelta(days=1500)
"""Rounds of the check of memory lie so far apart: whatever began in one has ended long before the next."""

ROUNDS = 4

REVISABLE = (
    {"text_key", "links", "language"}
    | (REVISED & set(TABLES["interactions"].names))
    | set(ACCOUNT_COLUMNS["interactions"])
)
"""What the check revises on the way."""


def check_live_detector(detector: LiveDetector, worlds: tuple[Tables, ...] = (), *, seeds: int = 3) -> None:
    """Run a detector's standing state through its contract, on its examples and on further tables of the lake.

    It is fed the table that it watches (``protocols.fed_table``): messages or interactions.

    Fed in any order and grouping, with rows that are taken out, revised and put in again, and saved and read back on
    the way, it gives the alerts that ``detect`` gives of the rows that are held, and the same saved tables. It sees its
    declared columns alone, changes nothing that it is given, and lets go of what is long over.

    Args:
        detector: what is to be checked.
        worlds: further tables (table name -> rows) to run the same checks on.
        seeds: how many orders to try on each.

    Raises:
        CheckFailed: it breaks a part of the contract; the message says which.

    >>> from seawall.detectors import CanaryDetector
    >>> check_live_detector(CanaryDetector())
    """
    where = f"standing state of {detector.name}"
    expect(isinstance(detector, LiveDetector), "It has a standing state.", where)
    firing, quiet = detector.examples()
    for tables in (firing, quiet, *worlds):
        told = list(detector.detect(MemoryWindow(tables, detector)))
        saved = [_check_order(detector, tables, told, seed, where) for seed in range(seeds)]
        expect(all(state == saved[0] for state in saved), "The order of rows does not change what is saved.", where)
    _check_memory(detector, firing, where)


def _check_order(
    detector: LiveDetector, tables: Tables, told: list[Alert], seed: int, where: str
) -> dict[str, list[Any]]:
    """Feed the rows in one order and grouping; what is saved at the end."""
    order = random.Random(seed)  # noqa: S311 - not a secret
    rows = _declared(detector, tables)
    coverage = tables.get("coverage", COVERAGE.empty_table())
    state = detector.standing()
    for step, (removed, added) in enumerate(_steps(rows, order)):
        before = pickle.dumps((removed, added))
        state.feed(removed, added)
        expect(pickle.dumps((removed, added)) == before, "It does not change its input.", where)
        if step == seed:
            list(state.alerts(coverage, _after(tables)))
        if order.random() < 0.2:
            state = detector.standing(_stored(state))
    again = detector.standing(_stored(state))
    for one in (state, state, again):
        found = list(one.alerts(coverage, _after(tables)))
        expect(found == told, "It says what detect says of the same rows.", f"{where}, order {seed}")
    for one in (state, again):
        one.feed(rows, rows.slice(0, 0))
        expect(not list(one.alerts(coverage, _after(tables))), "It says nothing once all rows are taken out.", where)
        one.feed(rows.slice(0, 0), rows)
        expect(list(one.alerts(coverage, _after(tables))) == told, "Rows can be taken out and put in.", where)
    return {name: table.to_pylist() for name, table in state.save().items()}


def _steps(rows: pa.Table, order: random.Random) -> Iterator[tuple[pa.Table, pa.Table]]:
    """The rows in groups; some come in a wrong version first, which is taken out again, together or one by one."""
    places = list(range(len(rows)))
    order.shuffle(places)
    none = rows.slice(0, 0)
    while places:
        size = min(order.choice((1, 3, 50, 2000)), len(places))
        group, places = rows.take(pa.array(places[:size], pa.int64())), places[size:]
        wrong = _revised(group.slice(0, order.randrange(len(group) + 1)), rows, order)
        right, rest = group.slice(0, len(wrong)), group.slice(len(wrong))
        yield none, pa.concat_tables([wrong, rest])
        yield wrong, right


def _revised(group: pa.Table, rows: pa.Table, order: random.Random) -> pa.Table:
    """The group with what an edit or an alias changes taken from other rows."""
    others = rows.take(pa.array([order.randrange(len(rows)) for _ in range(len(group))], pa.int64()))
    for name in REVISABLE & set(rows.column_names):
        group = group.set_column(group.schema.get_field_index(name), group.schema.field(name), others[name])
    return group


def _stored(state: Standing) -> Mapping[str, pa.Table]:
    """What is saved, written to a file and read back."""
    return {name: _through_file(table) for name, table in state.save().items()}


def _through_file(table: pa.Table) -> pa.Table:
    sink = BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return pa.ipc.open_stream(sink.getvalue()).read_all()


def _check_memory(detector: LiveDetector, tables: Tables, where: str) -> None:
    """What came long ago is let go: the state does not grow from round to round."""
    rows = _declared(detector, tables)
    state = detector.standing()
    sizes = []
    for turn in range(ROUNDS):
        state.feed(rows.slice(0, 0), _later(rows, turn))
        state.forget(_after(tables) + (turn - 1) * LONG)
        sizes.append(sum(table.num_rows for table in state.save().values()))
    expect(max(sizes[2:]) <= sizes[1], "It lets go of what is long over.", f"{where}: {sizes} rows after each round")


def _later(rows: pa.Table, turn: int) -> pa.Table:
    """The same rows as others, some years later."""
    time = next(name for name in TIME_COLUMNS.values() if name in rows.column_names)
    changed = {time: pc.add(rows[time], pa.scalar(turn * LONG)).cast(rows.schema.field(time).type)}
    for name in {"message_id", "interaction_id"} & set(rows.column_names):
        changed[name] = pc.binary_join_element_wise(rows[name], str(turn), "#")
    for name, values in changed.items():
        rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), values)
    return rows


def _declared(detector: LiveDetector, tables: Tables) -> pa.Table:
    table = fed_table(detector)
    return tables.get(table, TABLES[table].empty_table()).select(list(detector.needs[table]))


def _after(tables: Tables) -> datetime:
    """A day after everything that the tables speak of."""
    times = [datetime(1970, 1, 1, tzinfo=UTC)]
    for table, column in (*TIME_COLUMNS.items(), ("coverage", "end")):
        if table in tables and tables[table].num_rows:
            times.append(pc.max(tables[table][column]).as_py())
    return max(times) + timedelta(days=1)
