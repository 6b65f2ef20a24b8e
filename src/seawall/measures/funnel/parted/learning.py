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

from seawall.measures.funnel.model import SIZE, first_model, learn
from seawall.measures.funnel.parted.acts import sums
from seawall.measures.funnel.parted.notes import SHAPES, TAUGHT, Looking
from seawall.measures.funnel.parted.placing import UNIT, Placing, differing, first_fed
from seawall.measures.funnel.settle import RELEARN_PART
from seawall.measures.funnel.state import Array
from seawall.measures.funnel.weights import WEIGHTS
from seawall.measures.funnel.words import DAY
from seawall.parts import Parts

WIDTH = sum(int(np.prod(shape)) for shape in SHAPES)


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
    added = np.zeros((epochs, WIDTH), np.int64)
    added[told["epoch"].to_numpy()] = np.column_stack([told[f"t{k}"].to_numpy() for k in range(WIDTH)])
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
    fed: Parts | None = None
    while True:
        notes = (placed.each(look.alone) if fed is None else placed.beside(fed, look)).kept()
        models = models_of(notes.each(_lessons).by("epoch").each(_summed_lessons).all(), len(look.epochs))
        now = notes.each(placing.fed).by(*UNIT).each(first_fed)
        changed = now.each(_counted) if fed is None else now.beside(fed, differing)
        same = np.array_equal(models, look.models)
        if same and not sum(changed.all()["rows"].to_pylist()):
            return look, notes
        look, fed = replace(look, models=models), now


def _counted(rows: pa.Table) -> pa.Table:
    return pa.table({"rows": pa.array([len(rows)], pa.int64())})


def _lessons(notes: pa.Table) -> pa.Table:
    own = notes.filter(pa.array(notes["what"].to_numpy() == TAUGHT))
    flat = own["whole"].combine_chunks().flatten().to_numpy().reshape(len(own), WIDTH)
    columns = {f"t{k}": np.ascontiguousarray(flat[:, k]) for k in range(WIDTH)}
    return _summed_lessons(pa.table({"epoch": own["when"].to_numpy(), **columns}))


_summed_lessons = partial(sums, ("epoch",))
