"""Peers that are packages of their own: ruptures, river and R's surveillance; and BOCPD, which none of them has.

Each may be absent: then it has no row. They are slower than the others and may be given fewer series.
"""

from __future__ import annotations

import math
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.surge_peers import each_series
from benchmarks.surge_world import World
from seawall.measures.compiled import compiled

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
LONGEST_RUN, RECENT, HAZARD = 180, 7, 1 / 200
SEGMENT = 14
"""Days that the last segment of PELT may last."""
PRIOR_DAYS = 60
PELT_DAYS, PELT_PENALTY = 120, 4.0
"""Days that PELT looks back on, and its penalty in units of the noise's variance and ln(days)."""
ADWIN_DELTAS = (0.9, 0.5, 0.2, 0.05, 0.01, 1e-3, 1e-5, 1e-8, 1e-12, 1e-20)
PAGE_HINKLEY = (2.0, 4.0, 8.0, 12.0, 16.0, 24.0, 36.0, 54.0, 80.0)
FARRINGTON = """
suppressMessages(library(surveillance))
arguments <- commandArgs(trailingOnly = TRUE)
counts <- as.matrix(read.csv(arguments[1], header = FALSE))
scores <- matrix(NA, nrow(counts), ncol(counts))
since <- 120
one <- function(column) {
  series <- sts(counts[, column], start = c(1, 1), frequency = 7)
  control <- list(range = since:nrow(counts), b = 13, w = 3, noPeriods = 7, pastWeeksNotIncluded = 14, alpha = 0.01,
                  thresholdMethod = "nbPlugin", glmWarnings = FALSE, limit54 = c(0, 4))
  found <- suppressWarnings(farringtonFlexible(series, control))
  -log(pmax(found@control$pvalue, 1e-300))
}
scores[since:nrow(counts), ] <- do.call(cbind, parallel::mclapply(seq_len(ncol(counts)), one, mc.cores = 2))
write.table(scores, arguments[2], sep = ",", row.names = FALSE, col.names = FALSE)
"""


@compiled
def run_lengths(values: Floats, known: Bools, table: Floats, hazard: float, recent: int) -> Floats:
    """Log-odds that the level rose within the last ``recent`` days: Adams and MacKay's recursion, normal-gamma.

    ``table`` holds lgamma(alpha + 1/2) - lgamma(alpha) for runs of 0, 1, 2 ... days.
    """
    size = table.shape[0]
    odds = np.full(values.shape[0], np.nan)
    chance, fresh = np.zeros(size), np.zeros(size)

    chance[0] = 1.0
    used = values[:PRIOR_DAYS][known[:PRIOR_DAYS]]
    start, spread = used.mean(), max(used.var(), 1e-4)
    centre, squares = np.full(size, start), np.full(size, spread)
    long_mean = start
    for day in range(values.shape[0]):
        if not known[day]:
            continue
        total = 0.0
        for run in range(size):
            alpha, kappa = 1.0 + 0.5 * run, 0.1 + run
            scale = squares[run] * (kappa + 1.0) / kappa
            density = np.exp(
                table[run] - 0.5 * np.log(2.0 * np.pi * scale)
                - (alpha + 0.5) * np.log1p((values[day] - centre[run]) ** 2 / (2.0 * scale))
            )  # fmt: skip
            fresh[run] = chance[run] * density
            total += fresh[run]
        total = max(total, 1e-300)
        for run in range(size - 1, 0, -1):
            chance[run] = fresh[run - 1] * (1.0 - hazard) / total
            kappa = 0.1 + run - 1
            squares[run] = squares[run - 1] + kappa * (values[day] - centre[run - 1]) ** 2 / (2.0 * (kappa + 1.0))
            centre[run] = (kappa * centre[run - 1] + values[day]) / (kappa + 1.0)
        chance[0], centre[0], squares[0] = hazard, long_mean, spread
        raised, everything = 0.0, 0.0
        for run in range(size):
            everything += chance[run]
            if 0 < run <= recent and centre[run] > long_mean:
                raised += chance[run]
        odds[day] = np.log(max(raised, 1e-300)) - np.log(max(everything - raised, 1e-300))
        long_mean += (values[day] - long_mean) / 91.0
    return odds


def bocpd(world: World) -> Floats:
    """Bayesian online change points of log(1 + messages)."""
    alphas = 1 + np.arange(LONGEST_RUN) / 2
    table = np.array([math.lgamma(alpha + 0.5) - math.lgamma(alpha) for alpha in alphas])
    return each_series(world, lambda counts, known: run_lengths(np.log1p(counts), known, table, HAZARD, RECENT))


def pelt(world: World) -> Floats:
    """PELT (ruptures, in C), every day anew: how far the last segment lies above the one before, in standard errors."""
    from ruptures import KernelCPD

    def score(counts: Floats, known: Bools) -> Floats:
        found = np.full(len(counts), np.nan)
        values = np.log1p(counts)
        for day in range(PELT_DAYS, len(counts)):
            days = day - PELT_DAYS + 1 + np.flatnonzero(known[day - PELT_DAYS + 1 : day + 1])
            window = values[days]
            noise = 1.4826 * np.median(np.abs(np.diff(window))) / math.sqrt(2) + 1e-3
            ends = (
                KernelCPD(kernel="linear", min_size=2)
                .fit(window[:, None] / noise)
                .predict(pen=PELT_PENALTY * math.log(len(window)))
            )
            if len(ends) > 1 and len(window) - ends[-2] <= SEGMENT:
                before = window[ends[-3] if len(ends) > 2 else 0 : ends[-2]]
                rise = (window[ends[-2] :].mean() - before.mean()) / noise
                found[day] = rise * math.sqrt(len(window) - ends[-2])
        return found

    return each_series(world, score)


def adwin(world: World) -> Floats:
    """River's ADWIN on log(1 + messages), at several deltas: the strictest one that sees a rise on that day."""
    from river.drift import ADWIN

    def score(counts: Floats, known: Bools) -> Floats:
        found = np.full(len(counts), np.nan)
        for delta in ADWIN_DELTAS:
            detector = ADWIN(delta=delta, clock=1, grace_period=10)
            for day in np.flatnonzero(known).tolist():
                before = detector.estimation
                detector.update(math.log1p(counts[day]))
                if detector.drift_detected and detector.estimation > before:
                    found[day] = -math.log10(delta)
        return found

    return each_series(world, score)


def page_hinkley(world: World) -> Floats:
    """River's Page-Hinkley on log(1 + messages), at several thresholds: the highest one that is passed on that day."""
    from river.drift import PageHinkley

    def score(counts: Floats, known: Bools) -> Floats:
        found = np.full(len(counts), np.nan)
        for threshold in PAGE_HINKLEY:
            detector = PageHinkley(min_instances=28, delta=0.1, threshold=threshold, alpha=0.99, mode="up")
            for day in np.flatnonzero(known).tolist():
                detector.update(math.log1p(counts[day]))
                if detector.drift_detected:
                    found[day] = threshold
        return found

    return each_series(world, score)


def has(package: str) -> bool:
    """Whether a package of Python is installed."""
    return find_spec(package) is not None


def has_farrington() -> bool:
    """Whether R and its package surveillance are installed."""
    script = shutil.which("Rscript")
    command = [script or "Rscript", "-e", 'quit(status = !requireNamespace("surveillance", quietly = TRUE))']
    return script is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0


def farrington(world: World) -> Floats:
    """Farrington-flexible of R's surveillance, weekday as its season, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        given, script, told = (Path(folder) / name for name in ("counts.csv", "run.R", "scores.csv"))
        table = np.where(world.known, world.counts, -1).T
        given.write_text("\n".join(",".join("NA" if v < 0 else str(v) for v in row) for row in table.tolist()))
        script.write_text(FARRINGTON)
        subprocess.run(["Rscript", "--vanilla", str(script), str(given), str(told)], check=True, capture_output=True)
        scores = np.genfromtxt(told, delimiter=",", missing_values="NA").T
    return np.where(world.known, scores, np.nan)
