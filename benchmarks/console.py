"""The review console with a million messages: how fast each page is, the network, and fifty people at once.

Pages are asked for over HTTP on 127.0.0.1 from a ``seawall serve`` in a process of its own. A page's figure is the time
that the person's own connection sees, from the first byte sent to the last one read; the note says how many of the
answers began within 300 ms at the server's own edge, as its /metrics count them. The network's time is the browser's
own: from the beginning of the navigation to the frame after the one in which everything was drawn.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import numpy as np

from benchmarks.console_pages import NETWORK, Measured, measured, things
from benchmarks.console_people import CONTESTED, at_once
from benchmarks.console_served import Served, served
from benchmarks.console_world import GROUPS, MEMBERS, MESSAGES, REVIEWERS, build
from benchmarks.table import Row

NAME = "Review console"
BOUND_SECONDS = 0.3
DRAWN_TIMES = 5
CHROMIUM = Path("/usr/bin/chromium")
_COMPLETE = """
const look = () => {
  if (document.querySelector('[data-network]')?.dataset.drawnMs === undefined) requestAnimationFrame(look);
  else requestAnimationFrame(() => { window.completeMs = performance.now(); });
};
requestAnimationFrame(look);
"""


def run() -> list[Row]:
    """Build the world, look at every page, draw the network, and let everyone decide."""
    with tempfile.TemporaryDirectory(prefix="seawall-console-") as name:
        workspace = build(Path(name))
        some = things(workspace)
        with served(workspace.path) as console:
            pages = list(measured(console, some))
            within = console.within(BOUND_SECONDS)
            peak = console.peak_bytes()
            drawn = list(_network(console))
            counted = at_once(console, some.cases[5 : 5 + CONTESTED])
        size = f"{MESSAGES:,} messages, 50,000 alerts, 5,000 cases"
        decided = (
            f"{len(REVIEWERS)} sessions, {counted.accepted} accepted, {counted.refused} told that they came second"
        )
        return [
            Row("console: from the start to its address", console.started, "s", note=size),
            *(_row(page, within) for page in pages),
            Row("console: most rows in a table of any page", max(page.rows for page in pages), "rows", "<= 200"),
            Row("console: peak of memory after all pages", peak / 1e6, "MB", note=size),
            *drawn,
            Row("console: decisions lost, of 50 reviewers at once", counted.lost, "", "<= 0", note=decided),
            Row("console: decisions doubled, of 50 reviewers at once", counted.doubled, "", "<= 0", note=decided),
            Row(
                "console: a decision among 50 at once, p95",
                counted.slowest,
                "s",
                note=f"all in {counted.seconds:.0f} s",
            ),
        ]


def _row(page: Measured, within: dict[str, tuple[int, int]]) -> Row:
    fast, all_ = within.get(page.route, (0, 0))
    longest = (
        f"{page.visits} visits after a first one ({page.first * 1e3:.0f} ms), the longest {page.worst * 1e3:.0f} ms; "
        f"processor time of the server {page.processor * 1e3:.0f} ms each"
    )
    return Row(
        f"console: {page.route}, p95",
        page.p95 * 1e3,
        "ms",
        "<= 300",
        note=f"{longest}; at the server {fast} of {all_} within 300 ms",
    )


def _network(console: Served) -> Iterator[Row]:
    """Nothing where there is no browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return
    if not CHROMIUM.exists():
        return
    origin = f"http://localhost:{console.port}"
    complete, drawing = [], []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1400, "height": 1000}, bypass_csp=True)
        context.add_cookies([{"name": "seawall", "value": console.token("Lea Larkspur"), "url": origin}])
        context.add_init_script(_COMPLETE)
        page = context.new_page()
        for _ in range(DRAWN_TIMES + 1):
            page.goto(f"{origin}/explore?{urlencode(NETWORK)}")
            page.wait_for_function("window.completeMs !== undefined")
            complete.append(page.evaluate("window.completeMs"))
            drawing.append(float(page.evaluate("document.querySelector('[data-network]').dataset.drawnMs")))
        browser.close()
    note = (
        f"chromium without a graphics card, {DRAWN_TIMES} times after a first one ({complete[0]:.0f} ms), the longest "
        f"{max(complete[1:]):.0f} ms; drawing alone {np.median(drawing[1:]):.0f} ms"
    )
    claim = f"console: network of {GROUPS * MEMBERS:,} accounts, from the navigation to its first whole frame"
    yield Row(claim, median(complete[1:]) / 1e3, "s", "<= 1", note=note)
