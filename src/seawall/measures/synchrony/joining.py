"""Which windows belong together: those that are open at one moment and began shortly before it."""

from __future__ import annotations

import heapq
from collections.abc import Sequence


def joined(
    series: Sequence[int],
    start: Sequence[int],
    end: Sequence[int],
    weight: Sequence[int],
    *,
    tolerance: int,
    least: int,
) -> list[list[int]]:
    """Groups of windows of different series that began within ``tolerance`` of one another and were open together.

    At each moment at which a window begins, the group is made of the windows that are open and began at most
    ``tolerance`` before; of a series with several the heaviest. The group with the most series is taken (then the
    heaviest, then the earliest), its windows are put aside, and so on. So each window is in one group at most.

    Args:
        series: number of the series of each window.
        start: of each window, in any whole unit.
        end: exclusive, later than the start.
        weight: of each window, a whole number: what decides between equals.
        tolerance: in the same unit.
        least: number of series below which a group is none.

    Returns:
        Positions of the windows of each group, by start and series; the groups by their first start.

    >>> joined([0, 1, 2, 0], [10, 11, 12, 90], [20, 20, 20, 99], [5, 5, 5, 5], tolerance=3, least=3)
    [[0, 1, 2]]
    """
    windows = _Windows(series, start, end, weight, tolerance)
    waiting = [windows.key(moment) for moment in windows.moments()]
    heapq.heapify(waiting)
    found = []
    while waiting and -waiting[0][0] >= least:
        best = heapq.heappop(waiting)
        now = windows.key(best[2])  # groups only shrink, so what is still the best of its moment is the best of all
        if now != best:
            heapq.heappush(waiting, now)
            continue
        found.append(windows.put_aside(best[2]))
    return sorted(found, key=lambda members: [(start[place], series[place]) for place in members])


class _Windows:
    """Windows in order of their start, and which of them are in no group yet; a moment is a place in that order."""

    def __init__(
        self, series: Sequence[int], start: Sequence[int], end: Sequence[int], weight: Sequence[int], tolerance: int
    ) -> None:
        self._series, self._start, self._end, self._weight = series, start, end, weight
        self._tolerance = tolerance
        self._order = sorted(range(len(start)), key=lambda place: (start[place], series[place], place))
        self._free = [True] * len(start)

    def moments(self) -> list[int]:
        """The last window of each start: by then all that begin at that time are open."""
        starts = [self._start[place] for place in self._order]
        return [moment for moment, at in enumerate(starts) if starts[moment + 1 : moment + 2] != [at]]

    def key(self, moment: int) -> tuple[int, int, int]:
        """The better the group, the smaller."""
        members = self._group(moment)
        return -len(members), -sum(self._weight[place] for place in members), moment

    def put_aside(self, moment: int) -> list[int]:
        """The windows of a group, by start and series, which are in no other from now on."""
        members = sorted(self._group(moment), key=lambda place: (self._start[place], self._series[place]))
        for place in members:
            self._free[place] = False
        return members

    def _group(self, moment: int) -> list[int]:
        at = self._start[self._order[moment]]
        best: dict[int, int] = {}
        for place in self._order[moment::-1]:
            if self._start[place] < at - self._tolerance:
                break
            if self._free[place] and self._end[place] > at:
                other = best.get(self._series[place])
                if other is None or (self._weight[place], place) > (self._weight[other], other):
                    best[self._series[place]] = place
        return list(best.values())
