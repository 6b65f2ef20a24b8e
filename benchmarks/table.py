"""One claim, what was measured, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A line of RESULTS.md.

    Args:
        claim: what is claimed, in words.
        measured: the figure.
        unit: of the figure and of the bound.
        bound: "<= 10", ">= 30", "within 0.93 0.97" ...; None = a figure without a bound.
        peer: the tool that it was compared with, in the same run.
        peer_measured: the peer's figure.
        note: what a reader must know: sizes, lengths, what is included.
    """

    claim: str
    measured: float
    unit: str
    bound: str | None = None
    peer: str | None = None
    peer_measured: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the figure keeps its bound; None = it has none.

        >>> Row("sum", 9.5, "s", "<= 10").holds, Row("speed", 3, "x", ">= 30").holds, Row("rows", 3, "").holds
        (True, False, None)
        >>> Row("coverage", 0.94, "", "within 0.93 0.97").holds, Row("coverage", 0.98, "", "within 0.93 0.97").holds
        (True, False)
        """
        if self.bound is None:
            return None
        sign, *limits = self.bound.split()
        low, high = float(limits[0]), float(limits[-1])
        return {"<=": self.measured <= high, ">=": self.measured >= low, "within": low <= self.measured <= high}[sign]


def markdown(rows: Iterable[Row]) -> str:
    """The rows as a table."""
    lines = ["| claim | measured | bound | holds | peer | note |", "|---|---|---|---|---|---|"]
    for row in rows:
        holds = {True: "yes", False: "**no**", None: ""}[row.holds]
        bound = f"{row.bound} {row.unit}".strip() if row.bound else ""
        peer = (
            f"{row.peer}: {_figure(row.peer_measured)} {row.unit}" if row.peer and row.peer_measured is not None else ""
        )
        lines.append(f"| {row.claim} | {_figure(row.measured)} {row.unit} | {bound} | {holds} | {peer} | {row.note} |")
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 or float(value).is_integer() else f"{value:.3g}"
