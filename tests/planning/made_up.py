"""Figures that nobody measured, so round that a person can compute with them."""

from __future__ import annotations

from seawall.planning import Constants, Measured, Run

MILLION = 1_000_000
GB = 1_000_000_000


def run(millions: int, seconds: float, cpu: float, gigabytes: float, **more: int) -> Run:
    return Run(millions * MILLION, seconds, cpu, int(gigabytes * GB), **more)


MEASURED = Measured(
    "hedges",
    {"messages": 1.0},
    local=(run(5, 10, 15, 1.5), run(20, 40, 60, 3.0)),
    cluster=(
        run(5, 15, 30, 0.5, workers=2, shuffled=GB, java=GB, driver=GB // 10),
        run(20, 100, 120, 0.5, workers=1, shuffled=4 * GB, java=GB, driver=GB // 4),
        run(20, 60, 120, 0.5, workers=2, shuffled=4 * GB, java=GB, driver=GB // 4),
    ),
)
"""Locally half of the CPU cannot be shared; of a cluster's work a fifth."""

CONSTANTS = Constants(
    measured_at="2026-05-03",
    cores=2,
    memory=24 * GB,
    versions={"Python": "3.11"},
    share={"messages": 1.0, "text": 1.0, "links": 0.5, "interactions": 0.25},
    start_local=1.0,
    start_cluster=20.0,
    lake=100.0,
    index=20.0,
    add=50.0,
    measures=(MEASURED,),
)
