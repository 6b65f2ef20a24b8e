"""lifelines, in a venv of its own (it needs an older pandas than ours): figures of its estimators, as JSON."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

PYTHON = Path(__file__).resolve().parents[1] / ".venv" / "peers" / "survival" / "bin" / "python"
ABSENT = "lifelines is not installed: make peers"
PROGRAM = """
import json, sys, time, warnings
import numpy as np, pandas as pd
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import restricted_mean_survival_time

warnings.simplefilter("ignore")

def listed(values):
    return [None if not np.isfinite(one) else float(one) for one in np.asarray(values, float)]

def curve(case):
    entry = case.get("entry")
    try:
        km = KaplanMeierFitter(alpha=1 - case.get("confidence", 0.95)).fit(case["time"], case["event"], entry=entry)
    except Exception as error:
        return {"refused": type(error).__name__}
    bands = km.confidence_interval_
    told = {"time": listed(km.timeline), "survival": listed(km.survival_function_.iloc[:, 0]),
            "low": listed(bands.iloc[:, 0]), "high": listed(bands.iloc[:, 1]),
            "at_risk": listed(km.event_table["at_risk"]), "median": listed([km.median_survival_time_])[0]}
    if "horizon" in case:
        told["mean"] = float(restricted_mean_survival_time(km, t=case["horizon"]))
    return told

def incidence(case):
    aj = AalenJohansenFitter().fit(np.array(case["time"]), np.array(case["event"]), case["of"], entry=case.get("entry"))
    bands = aj.confidence_interval_
    return {"time": listed(aj.cumulative_density_.index), "incidence": listed(aj.cumulative_density_.iloc[:, 0]),
            "low": listed(bands.min(axis=1)), "high": listed(bands.max(axis=1))}

def between(case):
    km = KaplanMeierFitter().fit_interval_censoring(case["low"], case["high"], tol=1e-10)
    return {"time": listed(km.timeline), "survival": listed(km.survival_function_.iloc[:, 0])}

def ranks(case):
    test = multivariate_logrank_test(case["time"], case["group"], case["event"])
    return {"statistic": float(test.test_statistic), "p": float(test.p_value)}

def speed(case):
    rows = np.load(case["file"])
    best = []
    for _ in range(case["tries"]):
        begin = time.perf_counter()
        km = KaplanMeierFitter().fit(rows["time"], rows["event"])
        best.append(time.perf_counter() - begin)
    return {"seconds": min(best), "survival": listed(km.survival_function_.iloc[:, 0][:: case["every"]])}

print(json.dumps([globals()[case["what"]](case) for case in json.load(sys.stdin)]))
"""


def present() -> bool:
    """Whether it is installed."""
    return PYTHON.exists()


def ask(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What lifelines says of each case: ``what`` is curve, incidence, between, ranks or speed."""
    done = subprocess.run(
        [str(PYTHON), "-c", PROGRAM], input=json.dumps(cases), stdout=subprocess.PIPE, text=True, check=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )  # fmt: skip
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told
