"""What the output detector tells of videos that stop coming, and what it keeps to itself."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pytest

from seawall.checks import check_detector
from seawall.detectors.examples import messages_table
from seawall.detectors.output import OutputDetector
from seawall.errors import ConfigurationError
from seawall.model import COVERAGE, MESSAGES
from tests.detectors.output_world import (
    BACK,
    BEGIN,
    DAYS,
    FALL,
    OTHERS,
    VIDEOS,
    alerts,
    coverage,
    day_of,
    media,
    output_tables,
)


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return output_tables()


def test_it_keeps_its_contract(tables: dict[str, pa.Table]) -> None:
    """Order of rows, names of accounts and parts are irrelevant, on its examples and on the club's channel."""
    check_detector(OutputDetector(), (tables,))


def test_it_finds_the_fall_and_the_recovery(tables: dict[str, pa.Table]) -> None:
    """Both are told of the videos alone, with their days, numbers before and after, and what they rest on."""
    fall, back = alerts(tables)
    assert [subject.kind for subject in fall.subjects] == ["media", "platform"]
    assert abs(day_of(fall.start) - FALL) <= 3
    assert abs(day_of(back.start) - BACK) <= 3
    assert fall.end == back.start
    assert fall.sentence.startswith("Videos on pedal fell to ")
    assert back.sentence.startswith("Videos on pedal came back to ")
    assert fall.details["in_28_days_before"] == pytest.approx(84, rel=0.15)
    assert fall.details["in_28_days"] < 10
    assert fall.details["baseline_weeks"] >= 25
    low, high = fall.details["factor_interval"]
    assert low < 0.2 / 3 < high
    assert fall.p is not None
    assert fall.q is not None
    assert fall.p <= fall.q <= 0.05


def test_a_fall_is_found_within_four_weeks(tables: dict[str, pa.Table]) -> None:
    """On the day before the fall nothing is told; four weeks after it the fall is, and it is not called over."""
    before, after = (alerts(tables, end=BEGIN + timedelta(days=FALL + days)) for days in (-1, 28))
    assert before == []
    assert [alert.details["direction"] for alert in after] == ["down"]
    assert " since " in after[0].sentence


def test_months_are_told_with_the_days_that_were_collected(tables: dict[str, pa.Table]) -> None:
    """A reviewer reads videos and collected days by calendar month; their sum is what the picture shows."""
    fall = alerts(tables)[0]
    months = {month["month"]: month for month in fall.details["months"]}
    assert months["2025-08"]["items"] == pytest.approx(93, rel=0.3)
    assert months["2025-10"]["items"] <= 15
    assert months["2025-10"]["days"] == 31
    drawn = fall.details["picture"]
    assert {len(drawn[name]) for name in ("observed", "expected", "low", "high")} == {len(drawn["at"])}


def test_a_gap_that_is_stated_is_no_fall() -> None:
    """Ten weeks without a message, known not to be collected, are not silence."""
    gap = range(FALL, FALL + 70)
    assert alerts(output_tables(low=3.0, broken=gap, told=((0, gap.start), (gap.stop, DAYS)))) == []


def test_a_broken_collector_is_no_fall() -> None:
    """Ten weeks without any message of any channel, stated to be collected, are a break and not a fall."""
    gap = range(FALL, FALL + 70)
    assert alerts(output_tables(low=3.0, broken=gap)) == []
    assert alerts({**output_tables(low=3.0, broken=gap), "coverage": COVERAGE.empty_table()}) == []


def test_a_fall_inside_a_longer_break_is_found_in_what_is_left() -> None:
    """The weeks after a break tell of a fall; the break is counted among what was left out."""
    gap = range(FALL, FALL + 21)
    fall = alerts(output_tables(broken=gap, told=((0, gap.start), (gap.stop, DAYS))))[0]
    assert day_of(fall.start) >= gap.stop
    assert any("were not collected" in doubt for doubt in fall.doubt)
    assert fall.details["unknown_days"] == 21


def test_media_that_are_no_longer_read_are_doubted() -> None:
    """Where the media of all channels stop and messages go on, the doubt names the collector."""
    tables = output_tables(low=3.0)
    rows = tables["messages"].to_pylist()
    blind = [{**row, "media": None} if day_of(row["sent_at"]) >= FALL else row for row in rows]
    falls = alerts({**tables, "messages": pa.Table.from_pylist(blind, schema=MESSAGES)})
    assert {alert.subjects[0].id for alert in falls} == {"video", "image"}
    for fall in falls:
        assert any("no longer reads media" in doubt for doubt in fall.doubt)


def test_a_platform_that_everybody_leaves_is_doubted() -> None:
    """Where messages fell with the videos the score is half, and the doubt says so."""
    tables = output_tables()
    rows = tables["messages"].to_pylist()
    kept = [row for number, row in enumerate(rows) if not FALL <= day_of(row["sent_at"]) < BACK or number % 6 == 0]
    (left, *_), (alone, *_) = (alerts({**tables, "messages": messages_table(some)}) for some in (kept, rows))
    assert any("Messages of all kinds on this platform fell as well" in doubt for doubt in left.doubt)
    assert left.score < 0.6 * alone.score


def test_a_source_that_stops_is_no_fall_of_its_channel() -> None:
    """What a source alone brought is unknown while the source is silent, though another one goes on."""
    tables = output_tables(low=3.0)
    rows = tables["messages"].to_pylist()
    for row in rows:
        row["source"] = "camera" if row["channel_id"] == VIDEOS else "mail"
    kept = [row for row in rows if row["source"] == "mail" or not FALL <= day_of(row["sent_at"]) < BACK]
    found = alerts({**tables, "messages": messages_table(kept)})
    assert not [alert for alert in found if ("channel", VIDEOS) in {(s.kind, s.id) for s in alert.subjects}]
    assert all(any("The source camera told nothing" in doubt for doubt in alert.doubt) for alert in found)


def test_what_is_passed_on_is_not_made() -> None:
    """Reposts of videos of others are no production, so that they hide no fall."""
    rows = output_tables()["messages"].to_pylist()
    passed = [
        {**row, "kind": "repost", "media": media("video"), "message_id": f"{row['message_id']}r"}
        for row in rows
        if row["media"] is None
    ]
    assert alerts({"messages": messages_table(rows + passed), "coverage": coverage((0, DAYS))})[0].observed < 40  # type: ignore[operator]


def test_every_item_of_a_message_counts() -> None:
    """A message with two images is two images; a channel of its own is told beside the platform where others add."""
    rows = output_tables(low=3.0)["messages"].to_pylist()
    fewer = [row for row in rows if row["channel_id"] != OTHERS or not row["media"] or day_of(row["sent_at"]) < FALL]
    more = [{**row, "channel_id": VIDEOS, "media": media("image")} for row in fewer[::40]]
    found = alerts({"messages": messages_table([*fewer, *more]), "coverage": coverage((0, DAYS))})
    assert {tuple(s.kind for s in alert.subjects) for alert in found} >= {("channel", "media", "platform")}
    image = next(alert for alert in found if alert.subjects[0].id == OTHERS)
    assert image.details["in_28_days_before"] == pytest.approx(56, rel=0.3)


def test_small_changes_and_small_series_are_left_out(tables: dict[str, pa.Table]) -> None:
    """Each threshold of the detector can silence it."""
    for detector in (
        OutputDetector(least_change=10_000),
        OutputDetector(least_factor=500.0),
        OutputDetector(least_items=10**6),
        OutputDetector(q=0.0),
        OutputDetector(kinds=("audio",)),
    ):
        assert alerts(tables, detector) == []
    assert [alert.details["direction"] for alert in alerts(tables, OutputDetector(recovered=3.0))] == ["down"]


def test_parameters_that_cannot_work_are_refused() -> None:
    """A kind of media that is not counted is named as an error."""
    for kinds in ((), ("poem",)):
        with pytest.raises(ConfigurationError):
            OutputDetector(kinds=kinds)


def test_nothing_is_said_of_nothing() -> None:
    """Empty tables, and a single message, give no alert and no error."""
    assert alerts({}) == []
    assert alerts({"messages": messages_table([{"media": media("video")}])}) == []
