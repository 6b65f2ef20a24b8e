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
    order = sorted(range(len(start)), key=lambda place: (start[place], series[place], place))
    free = [True] * len(order)

    def group(moment: int) -> list[int]:
        best: dict[int, int] = {}
        for place in order[moment::-1]:
            if start[place] < start[order[moment]] - tolerance:
                break
            if free[place] and end[place] > start[order[moment]]:
                other = best.get(series[place])
                if other is None or (weight[place], place) > (weight[other], other):
                    best[series[place]] = place
        return list(best.values())

    def key(moment: int) -> tuple[int, int, int]:
        members = group(moment)
        return -len(members), -sum(weight[place] for place in members), moment

    last = [place for place in range(len(order)) if _last_of_its_start(order, start, place)]
    waiting = [key(moment) for moment in last]
    heapq.heapify(waiting)
    found = []
    while waiting and -waiting[0][0] >= least:
        best = heapq.heappop(waiting)
        now = key(best[2])  # groups only shrink, so what is still the best of its moment is the best of all
        if now != best:
            heapq.heappush(waiting, now)
            continue
        members = sorted(group(best[2]), key=lambda place: (start[place], series[place]))
        for place in members:
            free[place] = False
        found.append(members)
    return sorted(found, key=lambda members: [(start[place], series[place]) for place in members])


def _last_of_its_start(order: list[int], start: Sequence[int], place: int) -> bool:
    return place + 1 == len(order) or start[order[place + 1]] != start[order[place]]
