"""What is ordinary, day after day: learnt from all accounts, and learnt again until nothing changes any more.

The model of a day depends on the scores of the days before, and scores on the models. Each look at all accounts makes
the next epoch right at least, because nothing depends on what comes later; so the looks end, and they end at what the
pass through time finds. Most worlds need a handful of looks.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.funnel.model import SIZE, first_model, learn
from seawall.measures.funnel.parted.acts import sums
from seawall.measures.funnel.parted.events import BROUGHT, SUSPECT
from seawall.measures.funnel.parted.notes import SHAPES, TAUGHT, Looking
from seawall.measures.funnel.parted.placing import UNIT, Placing, first_fed
from seawall.measures.funnel.settle import RELEARN_PART
from seawall.measures.funnel.state import Array
from seawall.measures.funnel.weights import WEIGHTS
from seawall.measures.funnel.words import DAY
from seawall.measures.keys import combine
from seawall.parts import Parts

WIDTH = sum(int(np.prod(shape)) for shape in SHAPES)
COLUMNS = tuple(f"t{k}" for k in range(WIDTH))
CHECK = -1
"""The epoch of the row by which looks are compared."""


def epochs_of(days: pa.Table) -> Array:
    """The midnights at which a model is learnt, as ``when`` of events, from how many acts each day has."""
    seen = taught = 0
    found = []
    days = days.sort_by("day")
    for day, rows in zip(days["day"].to_pylist(), days["rows"].to_pylist(), strict=True):
        if (seen - taught) * RELEARN_PART > taught:
            taught = seen
            found.append(2 * day * DAY)
        seen += rows
    return np.array(found, np.int64)


def models_of(told: pa.Table, epochs: int) -> Array:
    """The first model and that of each epoch, from what is taught anew in each."""
    models = np.empty((epochs + 1, SIZE))
    models[:] = first_model(WEIGHTS)
    told = told.filter(pa.array(told["epoch"].to_numpy() != CHECK))
    added = np.zeros((epochs, WIDTH), np.int64)
    added[told["epoch"].to_numpy()] = np.column_stack([told[name].to_numpy() for name in COLUMNS])
    ends = np.cumsum([int(np.prod(shape)) for shape in SHAPES])[:-1]
    for epoch, lesson in enumerate(np.cumsum(added, axis=0), start=1):
        learn(models[epoch], *(part.reshape(shape) for part, shape in zip(np.split(lesson, ends), SHAPES, strict=True)))
    return models


def learnt(placed: Parts, placing: Placing, look: Looking) -> tuple[Looking, Parts]:
    """Look at all accounts again and again, until models and what accounts know of one another stay as they are.

    Args:
        placed: events, cut by unit.
        placing: tells to which unit what is found belongs.
        look: with any models.

    Returns:
        The last look, and what it gives (rows of ``NOTES``).
    """
    notes = placed.each(look.alone).kept()
    known: pa.Table | None = None
    while True:
        told = notes.each(_lessons).by("epoch").each(_summed_lessons).all().sort_by("epoch")
        if told.equals(known):
            return look, notes
        look, known = replace(look, models=models_of(told, len(look.epochs))), told
        notes = placed.beside(notes.each(placing.fed).by(*UNIT).each(first_fed), look).kept()


def _lessons(notes: pa.Table) -> pa.Table:
    """What is taught in each epoch, and one row that changes where what accounts know of one another does."""
    own = notes.filter(pa.array(notes["what"].to_numpy() == TAUGHT))
    flat = own["whole"].combine_chunks().flatten().to_numpy().reshape(len(own), WIDTH)
    lessons = {name: np.ascontiguousarray(flat[:, k]) for k, name in enumerate(COLUMNS)}
    return _summed_lessons(pa.concat_tables([pa.table({"epoch": own["when"].to_numpy(), **lessons}), _check(notes)]))


def _check(notes: pa.Table) -> pa.Table:
    """The number of rows that are fed, and the sums of both halves of their keys."""
    fed = notes.filter(pc.is_in(notes["what"], value_set=pa.array([BROUGHT, SUSPECT], pa.uint8())))
    keys = combine(fed["account"].to_numpy(), fed["what"].to_numpy().astype(np.uint64), fed["when"].to_numpy())
    halves = (keys >> np.uint64(32)), (keys & np.uint64(0xFFFFFFFF))
    sums_of = [len(fed), *(int(half.sum()) for half in halves)]
    row = {name: np.array([value], np.int64) for name, value in zip(COLUMNS, sums_of + [0] * WIDTH, strict=False)}
    return pa.table({"epoch": np.array([CHECK]), **row})


_summed_lessons = partial(sums, ("epoch",))
