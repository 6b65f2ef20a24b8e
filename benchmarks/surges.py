"""Surges: simulated campaigns whose truth is known; Seawall beside an oracle and every other method, in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from benchmarks import surge_packages as packages
from benchmarks import surge_peers as peers
from benchmarks.surge_judge import DRAWS, Judged, judge, ratio
from benchmarks.surge_oracle import oracle
from benchmarks.surge_windows import delays, online, windows_of
from benchmarks.surge_world import Setting, World, make_world, pool
from benchmarks.table import Row

NAME = "Surges"
Floats = npt.NDArray[np.float64]
Method = Callable[[World], Floats]
SEEDS = (9001, 9002, 9003)
"""Not those of development (1 to 20)."""
USUAL = Setting()
ELSEWHERE = Setting(
    level=(3.0, 1.3), weekday=0.4, yearly=(0.0, 0.3), growth=(-0.6, 1.0), dispersion=(0.01, 0.3), ramp=3, spikes=1.0
)
"""Another setting of the generator than the usual one."""
UNSEEN = Setting(
    begins="2021-06-01", level=(3.2, 1.4), weekday=0.35, yearly=(0.05, 0.35), growth=(-0.5, 0.9),
    dispersion=(0.01, 0.25), campaigns=1.6, ramp=3, spikes=1.5, outages=3.0, holidays=8, holiday_factor=0.75,
)  # fmt: skip
"""A setting that nothing was developed with."""
RESTLESS = replace(USUAL, memory=0.7, disturbance=0.2)
"""Days that resemble the day before: what the baseline does not know of (the oracle does)."""
FAST: dict[str, Method] = {
    "NB scan, plain GLM": peers.nb_scan,
    "NB-GLM, single day": peers.nb_day,
    "NB-CUSUM for x2": peers.nb_cusum,
    "NB-CUSUM for x4": peers.nb_cusum_steep,
    "windowed Gaussian": peers.gaussian,
    "EARS C1": peers.ears_c1,
    "EARS C2": peers.ears_c2,
    "EARS C3": peers.ears_c3,
    "Kleinberg": peers.kleinberg,
}
SLOW: dict[str, tuple[Method, Callable[[], bool], int]] = {
    "BOCPD": (packages.bocpd, lambda: True, 150),
    "PELT (ruptures)": (packages.pelt, lambda: packages.has("ruptures"), 60),
    "ADWIN (river)": (packages.adwin, lambda: packages.has("river"), 150),
    "Page-Hinkley (river)": (packages.page_hinkley, lambda: packages.has("river"), 150),
    "Farrington-flexible (R surveillance)": (packages.farrington, packages.has_farrington, 8),
}
"""The method, whether it is there, and how many series it is given."""


def quality_rows(name: str, world: World, mine: Floats, best: Floats, draws: int = DRAWS) -> Iterator[Row]:
    """Seawall beside the oracle at both rates of false alarms."""
    ours, oracles = judge(mine, world), judge(best, world)
    for rate, bound in ((1.0, ">= 0.95"), (0.1, ">= 0.8")):
        share = ratio(mine, best, world, rate, draws)
        note = (
            f"95 % interval {share.low:.3f}-{share.high:.3f} over series; recall {ours[rate].recall:.3f}, "
            f"oracle {oracles[rate].recall:.3f}; {ours[rate].events} campaigns; delay {ours[rate].delay:g} days"
        )
        claim = f"recall at {rate:g} false alarms per series-year, {name}"
        yield Row(claim, share.value, "of the oracle's", bound, note=note)
    claim, delay = f"median delay at 1 false alarm per series-year, {name}", ours[1.0].delay
    yield Row(claim, delay, "days", "<= 3", "oracle", oracles[1.0].delay, "of what was found")


def window_rows(name: str, worlds: list[World]) -> Iterator[Row]:
    """The windows of ``surges`` at q <= 0.05: false discovery, coverage, recall."""
    told = [windows_of(world) for world in worlds]
    campaigns, found, windows, wrong = (
        sum(getattr(one, key) for one in told) for key in ("campaigns", "found", "windows", "wrong")
    )
    years = sum(one.series_years for one in told)
    size = f"{worlds[0].setting.series:,} series x 2 years, {len(worlds)} seeds"
    yield Row(f"realised false discovery at 0.05, {name}", wrong / max(windows, 1), "", "<= 0.05", note=size)
    covered = [hit for one in told for hit in one.covered]
    note, share = f"{len(covered)} true windows", float(np.mean(covered)) if covered else 0.0
    yield Row(f"factors inside their 95 % interval, {name}", share, "", "within 0.93 0.97", note=note)
    note = f"{campaigns} campaigns, {size}; {wrong / years:.3f} false windows per series-year"
    yield Row(f"campaigns found by windows at q <= 0.05, {name}", found / campaigns, "", note=note)


def part(world: World, size: int) -> World:
    """The first series of a world."""
    matrices = {key: getattr(world, key)[:size] for key in ("ordinary", "mean", "counts", "known", "dispersion")}
    return replace(
        world,
        setting=replace(world.setting, series=size),
        campaigns=[event for event in world.campaigns if event[0] < size],
        spikes=[event for event in world.spikes if event[0] < size],
        **matrices,
    )


def peer_row(name: str, method: str, told: dict[float, Judged], best: dict[float, Judged], size: str) -> Row:
    """One method at its own best threshold."""
    once, seldom = told[1.0], told[0.1]
    note = (
        f"recall {once.recall:.3f}, delay {once.delay:g} days; at 0.1 false alarms {seldom.recall:.3f}, "
        f"{seldom.recall / best[0.1].recall:.3f} of the oracle's{size}"
    )
    return Row(f"peer: {method}, {name}", once.recall / best[1.0].recall, "of the oracle's", note=note)


def fast_rows(name: str, world: World, best: Floats) -> Iterator[Row]:
    """The methods that take all series, in the same judge."""
    oracles = judge(best, world)
    for method, score in FAST.items():
        yield peer_row(name, method, judge(score(world), world), oracles, "")


def slow_rows(name: str, world: World, best: Floats) -> Iterator[Row]:
    """The packages that take fewer series, in the same judge."""
    for method, (score, present, size) in SLOW.items():
        if present():
            few = part(world, size)
            yield peer_row(name, method, judge(score(few), few), judge(best[:size], few), f"; on {size} series")


def delay_row() -> Row:
    """When a window at q <= 0.05 first tells a campaign, a day at a time."""
    found = delays(make_world(USUAL, SEEDS[0]))
    told = [delay for delay in found if delay < float("inf")]
    note = f"told {len(told)} of {len(found)} campaigns of one seed while a day is added at a time; of those told"
    return Row("median delay of windows at q <= 0.05, usual", float(np.median(told)), "days", "<= 3", note=note)


def run() -> list[Row]:
    """The figures, in about five minutes."""
    rows: list[Row] = []
    settings = {"usual": USUAL, "unseen setting": UNSEEN, "another setting": ELSEWHERE, "restless days": RESTLESS}
    for name, setting in settings.items():
        worlds = [make_world(setting, seed) for seed in SEEDS]
        world = pool(worlds)
        best = oracle(world)
        rows += quality_rows(name, world, online(world), best)
        rows += window_rows(name, worlds)
        if setting in (USUAL, UNSEEN):
            rows += fast_rows(name, world, best)
        if setting is UNSEEN:
            rows += slow_rows(name, world, best)
    many = make_world(replace(UNSEEN, series=10_000), SEEDS[0])
    rows += quality_rows("unseen setting, 10,000 series", many, online(many), oracle(many), draws=60)
    rows += window_rows("unseen setting, 10,000 series", [many])
    return [*rows, delay_row()]
