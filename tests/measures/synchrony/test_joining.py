from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.synchrony import joined

Window = tuple[int, int, int, int]  # series, start, length, weight

windows = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40), st.integers(1, 12), st.integers(0, 9)), max_size=14)


def slow(told: list[Window], tolerance: int, least: int) -> list[list[int]]:
    """Look at every moment anew after each group that is taken."""
    free = set(range(len(told)))
    found = []
    while True:
        groups = []
        for moment in sorted({told[place][1] for place in free}):
            of: dict[int, tuple[int, int]] = {}
            for place in free:
                series, start, length, weight = told[place]
                if moment - tolerance <= start <= moment < start + length:
                    of[series] = max(of.get(series, (-1, -1)), (weight, place))
            members = [place for _, place in of.values()]
            groups.append((-len(members), -sum(told[place][3] for place in members), moment, members))
        groups = [group for group in groups if -group[0] >= least]
        if not groups:
            return sorted(found, key=lambda members: [(told[place][1], told[place][0]) for place in members])
        members = sorted(min(groups)[3], key=lambda place: (told[place][1], told[place][0]))
        free -= set(members)
        found.append(members)


@given(windows, st.integers(0, 6), st.integers(2, 4))
def test_groups_are_those_of_looking_at_every_moment(told: list[Window], tolerance: int, least: int) -> None:
    """The same groups as from trying all moments again and again."""
    series, start, length, weight = ([window[part] for window in told] for part in range(4))
    end = [begin + long for begin, long in zip(start, length, strict=True)]
    assert joined(series, start, end, weight, tolerance=tolerance, least=least) == slow(told, tolerance, least)


@given(windows, st.integers(0, 6))
def test_members_began_close_to_one_another_and_were_open_together(told: list[Window], tolerance: int) -> None:
    """A group has each series once, and a moment at which all of it is open and has just begun."""
    series, start, length, weight = ([window[part] for window in told] for part in range(4))
    end = [begin + long for begin, long in zip(start, length, strict=True)]
    seen: set[int] = set()
    for members in joined(series, start, end, weight, tolerance=tolerance, least=2):
        begins = [start[place] for place in members]
        assert len({series[place] for place in members}) == len(members)
        assert max(begins) - min(begins) <= tolerance
        assert min(end[place] for place in members) > max(begins)
        assert not seen & set(members)
        seen |= set(members)
