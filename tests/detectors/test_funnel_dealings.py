"""When each stage of an approach was reached, against a plain count over the interactions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.detectors.funnel_dealings import ANSWERS, DAYS, reached
from seawall.model import UTC_MICROSECONDS

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
PEOPLE = ("hub", "fern", "moss")
KINDS = ("mention", "follow", "dm", "contact_shared", "report", "leave")
ACT = st.tuples(
    st.integers(0, 24 * 8), st.sampled_from(KINDS), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), st.booleans()
)
Act = tuple[int, str, str, str, bool]


def rows_of(acts: list[Act]) -> pa.Table:
    columns: dict[str, Any] = {
        "at": pa.array([BEGIN + timedelta(hours=hours) for hours, *_ in acts], UTC_MICROSECONDS),
        "kind": pa.array([kind for _, kind, *_ in acts], pa.string()),
        "source_account": pa.array([source for _, _, source, _, _ in acts], pa.string()),
        "target_account": pa.array([target for _, _, _, target, _ in acts], pa.string()),
        "contact_kind": pa.array(["email" if passed else None for *_, passed in acts], pa.string()),
    }
    return pa.table(columns)


def plainly(acts: list[Act], newcomer: str, first: int) -> dict[str, datetime | None]:
    since = sorted(act for act in acts if act[0] >= first)
    there = [act for act in since if act[2:4] == ("hub", newcomer)]
    back = [act for act in since if act[2:4] == (newcomer, "hub")]
    direct = ("dm", "contact_shared")

    def third_day(own: list[Act]) -> int | None:
        days: dict[int, int] = {}
        for hours, kind, *_ in own:
            if kind in direct:
                days.setdefault(hours // 24, hours)
        return sorted(days.values())[DAYS - 1] if len(days) >= DAYS else None

    both = (third_day(there), third_day(back))
    hours = {
        "follow_back": min((act[0] for act in back if act[1] in ANSWERS), default=None),
        "direct": min((act[0] for act in there + back if act[1] in direct), default=None),
        "contact": min(
            (act[0] for act in there if act[1] == "contact_shared" or (act[1] == "dm" and act[4])), default=None
        ),
        "sustained": None if None in both else max(one for one in both if one is not None),
    }
    return {stage: None if told is None else BEGIN + timedelta(hours=told) for stage, told in hours.items()}


@given(st.lists(ACT, max_size=40), st.integers(0, 24 * 4))
@settings(deadline=None)
def test_stages_are_told_when_the_interactions_show_them(acts: list[Act], first: int) -> None:
    """An answer, a direct message, an address of the hub's, and the third day on which both have written."""
    pairs = pa.table(
        {
            "hub": ["hub", "hub"],
            "newcomer": ["fern", "moss"],
            "first_at": pa.array([BEGIN + timedelta(hours=first)] * 2, UTC_MICROSECONDS),
        }
    )
    found = reached(rows_of(acts), pairs)
    for place, newcomer in enumerate(("fern", "moss")):
        assert {stage: times[place] for stage, times in found.items()} == plainly(acts, newcomer, first)
