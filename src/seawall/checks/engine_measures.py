"""Every measure of Seawall that reads the lake, on small seeded worlds: an engine gives what one machine gives."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

import pyarrow as pa

from seawall.checks.alike import difference
from seawall.checks.failure import expect
from seawall.checks.memory_window import MemoryWindow
from seawall.detectors import DETECTORS
from seawall.detectors.funnel_example import garden
from seawall.detectors.funnel_found import for_measure
from seawall.engine.local import LocalEngine
from seawall.measures.coshare import CoordinationMeasure
from seawall.measures.funnel import FunnelsMeasure
from seawall.measures.lifetimes.channel_lives import ChannelLives
from seawall.measures.similarity.near import NearDuplicates
from seawall.parts import Mapped, TableRows
from seawall.protocols import Detector, Engine

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
WORDS = (
    "tulip",
    "rose",
    "fern",
    "moss",
    "sage",
    "iris",
    "lily",
    "pond",
    "seed",
    "path",
    "bench",
    "gate",
    "wheel",
    "hill",
)

Run = Callable[[Engine], Any]


def check_measures(engine: Engine, gaps: Collection[str] = ()) -> None:
    """Run every measure on an engine and on one machine; both give the same: ids, counts and order exactly, p to 1e-12.

    Args:
        engine: what is checked.
        gaps: names of measures (``MEASURES``) that it cannot run.

    Raises:
        CheckFailed: a result differs, or a gap is named that there is none.
    """
    unknown = sorted(set(gaps) - set(MEASURES))
    expect(not unknown, f"Gaps are measures that there are: {', '.join(unknown)}.", f"engine {engine.name}")
    for name, run in MEASURES.items():
        if name in gaps:
            continue
        where = difference(_on_one_machine(name), run(engine))
        expect(where is None, f"{name} gives what it gives on one machine: {where}.", f"engine {engine.name}")


@cache
def _on_one_machine(name: str) -> Any:
    return MEASURES[name](LocalEngine())


def _shares() -> pa.Table:
    """Shares of a club, of whom four share the same within seconds."""
    fate = random.Random(11)  # noqa: S311 - not a secret
    rows = [
        (f"leaf-{fate.randrange(60)}", f"member-{fate.randrange(40)}", fate.randrange(86_400 * 5)) for _ in range(900)
    ]
    for number in range(25):
        at = fate.randrange(86_400 * 5)
        rows += [(f"poster-{number}", f"member-{member}", at + fate.randrange(8)) for member in range(4)]
    return pa.table(
        {
            "object": [leaf for leaf, _, _ in rows],
            "account": [member for _, member, _ in rows],
            "message": [f"m{number}" for number in range(len(rows))],
            "at": pa.array([BEGIN + timedelta(seconds=at) for _, _, at in rows], pa.timestamp("us", "UTC")),
        }
    )


def _network(engine: Engine, **settings: Any) -> Any:
    network = engine.run(CoordinationMeasure(10, **settings), TableRows(_shares()))
    return {"edges": network.edges, "nodes": network.nodes}


def _near(engine: Engine) -> Any:
    fate = random.Random(12)  # noqa: S311 - not a secret
    texts = [" ".join(fate.choices(WORDS, k=14)) for _ in range(40)]
    for text in texts[:12]:
        told = text.split()
        told[fate.randrange(len(told))] = fate.choice(WORDS)
        texts += [text, " ".join(told)]
    at = [BEGIN + timedelta(minutes=fate.randrange(9_000)) for _ in texts]
    ids = pa.array([(1 << 64) - 1 - number for number in range(len(texts))], pa.uint64())
    rows = pa.table({"id": ids, "text": texts, "at": pa.array(at, pa.timestamp("us", "UTC"))})
    return engine.run(NearDuplicates(0.6), TableRows(rows))


def _funnels(engine: Engine, most: int) -> Any:
    told = [garden(funnel=True), garden(funnel=False)]
    place = told[1].schema.get_field_index("platform")
    told[1] = told[1].set_column(place, told[1].schema.field(place), pa.array(["quiet"] * len(told[1])))
    rows = Mapped(TableRows(pa.concat_tables(told).select(_INTERACTIONS)), for_measure)
    found = engine.run(FunnelsMeasure(bound=1.0, most=most), rows)
    return {
        name: {
            "hubs": one.found.hubs,
            "pairs": one.found.pairs,
            "says": [one.found.explain(hub) for hub in one.found.hubs["hub"].to_pylist()],
            "left_out": one.found.left_out,
            "kinds": one.kinds,
            "rows": sorted(map(repr, one.rows.to_pylist())),
        }
        for name, one in found.items()
    }


_INTERACTIONS = list(next(one for one in DETECTORS if one.name == "funnel").needs["interactions"])


def _lives(engine: Engine) -> Any:
    fate = random.Random(13)  # noqa: S311 - not a secret
    size = 500
    rows = pa.table(
        {
            "platform": [fate.choice(("club", "garden")) for _ in range(size)],
            "channel_id": [fate.choice((None, *(f"c{number}" for number in range(30)))) for _ in range(size)],
            "sent_at": pa.array(
                [BEGIN + timedelta(seconds=fate.randrange(10**6)) for _ in range(size)], pa.timestamp("us", "UTC")
            ),
            "visibility": [fate.choice(("public", "closed", "direct")) for _ in range(size)],
        }
    )
    return engine.run(ChannelLives(), TableRows(rows)).sort_by([("platform", "ascending"), ("channel", "ascending")])


def _alerts(detector: Detector, engine: Engine) -> Any:
    firing, quiet = detector.examples()
    return [list(detector.detect(MemoryWindow(tables, detector, engine))) for tables in (firing, quiet)]


MEASURES: dict[str, Run] = {
    "coordination with its significance": partial(_network, significance=True),
    "coordination by a threshold": partial(_network, min_repeats=3),
    "near-duplicates": _near,
    "funnels": partial(_funnels, most=1 << 20),
    "funnels, busy accounts in slices": partial(_funnels, most=100),
    "survival counts": _lives,
    **{f"detector {detector.name}": partial(_alerts, detector) for detector in DETECTORS},
}
"""Name -> what is run on an engine; the detectors run on their examples, which are seeded worlds, and tell alerts."""
