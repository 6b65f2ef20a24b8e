"""What the page about engines says of detectors is what they do."""

from __future__ import annotations

import re
from typing import Any

from seawall.checks import MemoryWindow
from seawall.detectors import DETECTORS
from seawall.engine import LocalEngine
from seawall.parts import Rows
from seawall.protocols import Detector
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "explanation" / "beyond-one-machine.md").read_text(encoding="utf-8")


class Asked(LocalEngine):
    """Notes whether it was given rows to read by itself."""

    rows_given = 0

    def run(self, measure: Any, rows: Any, *, total: int | None = None) -> Any:
        """See ``LocalEngine.run``."""
        self.rows_given += isinstance(rows, Rows)
        return super().run(measure, rows, total=total)

    def parts(self, rows: Any, *, total: int | None = None) -> Any:
        """See ``LocalEngine.parts``."""
        self.rows_given += isinstance(rows, Rows)
        return super().parts(rows, total=total)


def hands_over(detector: Detector) -> bool:
    """Whether it lets the engine read the rows of a world in which it speaks."""
    engine = Asked()
    firing, _ = detector.examples()
    list(detector.detect(MemoryWindow(firing, detector, engine)))
    return engine.rows_given > 0


def named(row: str) -> set[str]:
    """The detectors that stand in a row of the page's table."""
    (cell,) = re.findall(rf"^\| {row} \| (.*) \|$", PAGE, re.MULTILINE)
    return set(re.findall(r"`(\w+)`", cell))


def test_the_page_says_which_detectors_the_engine_serves() -> None:
    """Each detector stands in one row of the table, that of what it does."""
    served = {detector.name for detector in DETECTORS if hands_over(detector)}
    assert named("on the engine") == served
    assert named("on your machine") == {detector.name for detector in DETECTORS} - served
