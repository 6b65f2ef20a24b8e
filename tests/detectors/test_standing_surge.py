"""The surge detector's state while records come in, against the detector over all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.checks import check_live_detector
from seawall.detectors.examples import messages_table
from seawall.detectors.surge import SurgeDetector
from seawall.detectors.surge_collected import Collected
from seawall.detectors.surge_counts import Counting
from seawall.detectors.surge_kinds import KINDS
from seawall.detectors.surge_series import Judging, SurgeSeries
from seawall.detectors.surge_standing import SurgeStanding
from seawall.errors import ConfigurationError
from seawall.measures.bursts.plan import DAY
from seawall.model import COVERAGE, Alert
from tests.detectors.standing import before, fed
from tests.detectors.surge_world import BEGIN, DAYS, TOUR, alerts, surge_tables

NEEDS = list(SurgeDetector.needs["messages"])
NOON = timedelta(hours=12)


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return surge_tables()


@pytest.mark.parametrize("bin_width", ["1d", "12h"])
def test_it_keeps_the_contract_of_standing_states(tables: dict[str, pa.Table], bin_width: str) -> None:
    """With coverage and without, for bins of several widths, it says what the detector says."""
    untold = {"messages": tables["messages"]}
    check_live_detector(SurgeDetector(bin=bin_width), (tables, untold), seeds=1)


@pytest.mark.parametrize("day", [TOUR.start, TOUR.start + 2, TOUR.stop, DAYS - 1])
def test_at_any_moment_it_says_what_the_batch_up_to_then_says(tables: dict[str, pa.Table], day: int) -> None:
    """At noon, while the tour builds and after it, with coverage stated beyond that moment, and with none."""
    now = BEGIN + timedelta(days=day) + NOON
    known = before(tables["messages"], now)
    for told in (tables["coverage"], COVERAGE.empty_table()):
        said = list(fed(known, SurgeDetector()).alerts(told.select(list(SurgeDetector.needs["coverage"])), now))
        assert said == alerts({"messages": known, "coverage": told}, end=now)


def test_a_rise_is_told_on_the_day_on_which_it_builds_and_no_fall_is(tables: dict[str, pa.Table]) -> None:
    """On its first evening the tour is told, with a doubt that the day is not over; quiet mornings are no fall."""
    evening = BEGIN + timedelta(days=TOUR.start, hours=23)
    told = tables["coverage"]
    building = alerts({"messages": before(tables["messages"], evening), "coverage": told}, end=evening)
    german = [alert for alert in building if alert.subjects[0].id == "de"]
    assert [(alert.start, alert.details["direction"]) for alert in german] == [
        (BEGIN + timedelta(days=TOUR.start), "up")
    ]
    assert any("last day is not over" in doubt for doubt in german[0].doubt)
    for hour in (1, 6, 12):
        morning = BEGIN + timedelta(days=TOUR.start - 3, hours=hour)
        assert not alerts({"messages": before(tables["messages"], morning), "coverage": told}, end=morning)
    over = alerts(tables)
    assert not any("not over" in doubt for alert in over for doubt in alert.doubt)


def test_what_is_told_of_a_running_day_grows_with_it(tables: dict[str, pa.Table]) -> None:
    """Through the next day the same window is told with more and more messages, under the same name."""
    found = []
    for hour in (2, 8, 12, 18, 21, 24):
        now = BEGIN + timedelta(days=TOUR.start + 1, hours=hour)
        state = fed(before(tables["messages"], now), SurgeDetector())
        found += [one for one in state.alerts(tables["coverage"], now) if one.subjects[0].id == "de"]
    assert len({(alert.anchor, alert.end) for alert in found}) == 1
    for alert in found:
        drawn = alert.details["picture"]
        inside = [alert.start.isoformat() <= at < alert.end.isoformat() for at in drawn["at"]]
        assert sum(count or 0 for count, own in zip(drawn["observed"], inside, strict=True) if own) == alert.observed
    seen = [alert.observed or 0 for alert in found]
    assert seen == sorted(seen)
    assert seen[0] < seen[-2] < seen[-1]


def test_what_is_forgotten_is_as_if_it_had_never_come(tables: dict[str, pa.Table]) -> None:
    """After letting go it says what the detector says of a window that begins there; late rows do not count."""
    detector = SurgeDetector()
    rows, now = tables["messages"], BEGIN + timedelta(days=DAYS)
    state = fed(rows, SurgeDetector())
    whole = len(state.save()["counts"])
    edge = BEGIN + timedelta(days=60)
    state.forget(edge + state.reach)
    known = tables["coverage"].select(list(detector.needs["coverage"]))
    assert list(state.alerts(known, now)) == alerts(tables, start=edge)
    assert len(state.save()["counts"]) < whole
    again = detector.standing(state.save())
    for one in (state, again):
        one.feed(rows.select(NEEDS).slice(0, 0), before(rows, edge).select(NEEDS))
        assert list(one.alerts(known, now)) == alerts(tables, start=edge)
        assert one.save() == state.save()


def test_nothing_is_computed_anew_where_nothing_has_changed(tables: dict[str, pa.Table]) -> None:
    """Only messages, another bin of now, and coverage that adds a bin or a source make it compute again."""
    asked = []

    def alerts_of(counted: pa.Table, collected: Collected) -> Iterator[Alert]:
        asked.append(counted)
        return iter(())

    state = SurgeStanding(86_400_000_000, alerts_of)
    rows = tables["messages"].select(NEEDS)
    state.feed(rows.slice(0, 0), rows.slice(0, 100))
    now, minute = BEGIN + timedelta(days=30, hours=1), timedelta(minutes=1)

    def watched(until: datetime) -> pa.Table:
        known = {"source": "live", "platform": "pedal", "start": BEGIN, "end": until, "complete": True}
        return pa.Table.from_pylist([{**known, "how": "watched", "batch": 1}], COVERAGE)

    for step in range(3):
        list(state.alerts(watched(now + step * minute), now + step * minute))
    assert len(asked) == 1
    list(state.alerts(watched(now + minute), now + timedelta(days=1)))
    assert len(asked) == 2
    state.feed(rows.slice(0, 0), rows.slice(100, 1))
    list(state.alerts(watched(now + minute), now + timedelta(days=1)))
    assert len(asked) == 3


SEEN: list[tuple[pa.Table, Collected]] = []


class Noting(SurgeDetector):
    """Notes what it is to judge."""

    def of(self, counted: pa.Table, collected: Collected) -> Iterator[Alert]:
        SEEN.append((counted, collected))
        return iter(())


FIRST = datetime(2026, 5, 4, tzinfo=UTC)
LISTED = ("seeds.example", "https://beds.example/2", "text:7")
DETECTOR = Noting(least_messages=1, kinds=(*KINDS, "indicator"), indicators=LISTED)


def link(number: int) -> dict[str, Any]:
    domain = ("seeds.example", "beds.example", None)[number % 3]
    return {"url": f"https://{domain}/{number}", "domain": domain, "place": "site"}


def media(kind: str | None) -> dict[str, Any]:
    return {"kind": kind, "bytes": None, "sha256": None, "pdq": None, "quality": None}


messages = st.fixed_dictionaries(
    {
        "sent_at": st.integers(-2, 40).map(lambda step: FIRST + timedelta(hours=6 * step)),
        "platform": st.sampled_from(["garden", "pedal"]),
        "channel_id": st.sampled_from([None, "c1", "c2", "und"]),
        "account_id": st.sampled_from(["a1", "a2", "a3"]),
        "language": st.sampled_from([None, "de", "und"]),
        "kind": st.sampled_from(["post", "edit", "service"]),
        "text_key": st.sampled_from([None, 7, 2**63 + 7]),
        "links": st.none() | st.lists(st.integers(0, 5).map(link), max_size=3),
        "media": st.none() | st.lists(st.sampled_from(["video", "image", None]).map(media), max_size=3),
    }
)


@given(put=st.lists(messages, max_size=30), taken=st.integers(0, 30))
def test_counts_and_what_was_collected_are_those_of_all_messages_at_once(put: list[dict[str, Any]], taken: int) -> None:
    """Whatever comes and goes, state and batches count what a loop over the rows that stay counts, on the same days."""
    SEEN.clear()
    rows = messages_table(put).select(NEEDS)
    state = fed(rows, DETECTOR)
    state.feed(rows.slice(0, taken), rows.slice(0, 0))
    looked = SurgeSeries(Judging("1d", DETECTOR.kinds, 1), Counting(DAY, DETECTOR.kinds, LISTED), [])
    counted, collected = looked.counted(rows.slice(taken).to_reader())
    list(state.alerts(COVERAGE.empty_table(), FIRST + timedelta(days=99)))
    assert len(SEEN) == (1 if len(counted) else 0)
    if SEEN:
        ((held, known),) = SEEN
        assert counts(held) == counts(counted) == plainly(rows.slice(taken).to_pylist())
        for platform in set(counted["platform"].to_pylist()):
            assert days(known.of(platform)) == days(collected.of(platform))


def counts(counted: pa.Table) -> dict[tuple[Any, ...], int]:
    rows = [row for row in counted.to_pylist() if row["kind"] in DETECTOR.kinds]
    return {(row["kind"], row["platform"], row["name"], row["at"]): row["count"] for row in rows}


def plainly(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], int]:
    """The same, obviously."""
    found: dict[tuple[Any, ...], set[Any]] = {}
    for number, row in enumerate(row for row in rows if row["kind"] != "edit"):
        day = FIRST + (row["sent_at"] - FIRST) // timedelta(days=1) * timedelta(days=1)
        links = row["links"] or []
        carried = {one["kind"] for one in row["media"] or () if one["kind"]} or {"link" if links else "text"}
        marks = {one[part] for one in links for part in ("domain", "url")} | {f"text:{row['text_key']}"}
        series = [("platform", None, number), ("accounts", None, row["account_id"])]
        series += [("channel", row["channel_id"], number)] if row["channel_id"] else []
        series += [("language", "de", number)] if row["language"] == "de" else []
        series += [("media", kind, number) for kind in carried if row["kind"] != "service"]
        series += [("domain", name, number) for name in {one["domain"] for one in links} - {None}]
        series += [("indicator", name, number) for name in marks & set(LISTED)]
        for kind, name, thing in series:
            found.setdefault((kind, row["platform"], name, day), set()).add(thing)
    return {key: len(things) for key, things in found.items()}


def test_accounts_of_before_are_held_as_a_number_only(tables: dict[str, pa.Table]) -> None:
    """What was active before the time that is forgotten stays a number; later rows of then are told as too late."""
    rows, day = tables["messages"].select(NEEDS), BEGIN + timedelta(days=150)
    state, whole = fed(rows, SurgeDetector()), fed(rows, SurgeDetector())
    state.forget(day)
    assert len(state.save()["active"]) < len(whole.save()["active"])
    assert active(state) == active(whole)
    late = before(rows, day).slice(0, 10)
    renamed = late.set_column(
        late.schema.get_field_index("account_id"), late.schema.field("account_id"), pa.array(["a" + "f" * 20] * 10)
    )
    state.feed(rows.slice(0, 0), renamed)
    assert active(state) == active(whole)
    assert (state.beyond_reach, whole.beyond_reach) == (10, 0)


def active(state: SurgeStanding) -> list[dict[str, Any]]:
    return [row for row in state.save()["counts"].to_pylist() if row["kind"] == "accounts"]


def test_clusters_cannot_be_watched() -> None:
    """Texts without bound are refused where states stand, and the error says what to do instead."""
    with pytest.raises(ConfigurationError, match="not while they come"):
        SurgeDetector(kinds=("platform", "cluster")).standing()


def days(spans: list[tuple[datetime, datetime]]) -> list[tuple[int, int, bool]]:
    """Whole days, and whether another one has begun."""
    day = timedelta(days=1)
    cut = [(-((FIRST - begin) // day), (end - FIRST) // day, bool((end - FIRST) % day)) for begin, end in spans]
    return [span for span in cut if span[0] <= span[1]]
