"""What the surge detector tells, and what it keeps to itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from seawall.checks import check_detector
from seawall.detectors.surge import SurgeDetector
from seawall.detectors.surge_kinds import KINDS
from seawall.detectors.surge_pictures import MOST_POINTS
from seawall.errors import ConfigurationError
from seawall.model import COVERAGE, MESSAGES, UTC_MICROSECONDS, Severity
from tests.detectors import golden_files
from tests.detectors.surge_world import BEGIN, BREAK, DAYS, FOLDER, TOUR, alerts, coverage, surge_tables


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return surge_tables()


def test_it_says_about_its_golden_world_what_it_said_before() -> None:
    """Sentences, numbers, doubts and pictures are those that were looked at and committed."""
    assert golden_files.as_json(alerts(golden_files.read(FOLDER))) == golden_files.expected(FOLDER)


def test_the_golden_world_is_what_its_script_makes(tables: dict[str, pa.Table]) -> None:
    """The committed input comes from the seeded script."""
    for name, table in golden_files.read(FOLDER).items():
        assert table.to_pylist() == tables[name].select(table.column_names).to_pylist()


def test_it_finds_the_tour_in_platform_channel_and_language(tables: dict[str, pa.Table]) -> None:
    """One surge is told once for each kind of series that shows it, with the right days and subjects."""
    found = alerts(tables)
    assert [alert.subjects[0].kind for alert in found] == ["platform", "channel", "language"]
    assert [(s.kind, s.id) for s in found[2].subjects] == [("language", "de"), ("platform", "pedal")]
    for alert in found[1:]:
        assert abs((alert.start - BEGIN).days - TOUR.start) <= 1
        assert abs((alert.end - BEGIN).days - TOUR.stop) <= 1
        low, high = alert.details["factor_interval"]
        assert low < 4 < high
        assert alert.severity is Severity.MEDIUM
    assert found[2].sentence.startswith("Messages on pedal in German rose ")


def test_it_keeps_its_contract(tables: dict[str, pa.Table]) -> None:
    """Order of rows, names of accounts and parts are irrelevant, on its examples and on the golden world."""
    check_detector(SurgeDetector(), (tables,))


def test_a_known_gap_is_not_a_collapse_and_an_unknown_one_is_doubted(tables: dict[str, pa.Table]) -> None:
    """Ten days without messages are silence where nobody tells of a gap, and then the doubt says what it may be."""
    assert not [alert for alert in alerts(tables) if alert.details["direction"] == "down"]
    untold = alerts({**tables, "coverage": COVERAGE.empty_table()})
    falls = [alert for alert in untold if alert.details["direction"] == "down"]
    assert {alert.subjects[0].kind for alert in falls} == {"platform", "channel", "language"}
    for fall in falls:
        assert (fall.start, fall.end) == (BEGIN + timedelta(days=BREAK.start), BEGIN + timedelta(days=BREAK.stop))
        assert any("Nothing at all was seen" in doubt for doubt in fall.doubt)
        assert any("Nobody stated what was collected" in doubt for doubt in fall.doubt)


def test_an_incomplete_interval_is_a_gap(tables: dict[str, pa.Table]) -> None:
    """Coverage that says that an interval is not complete takes it out of what is complete otherwise."""
    gap = pa.concat_tables([coverage((0, DAYS)), coverage((BREAK.start, BREAK.stop), complete=False)])
    for told_gap in (gap, coverage((BREAK.start, BREAK.stop), complete=False)):
        found = alerts({**tables, "coverage": told_gap})
        assert not [alert for alert in found if alert.details["direction"] == "down"]


def test_a_new_source_is_a_doubt(tables: dict[str, pa.Table]) -> None:
    """A source whose collection begins just before a surge may have caused it, and the alert says so."""
    further = pa.concat_tables([tables["coverage"], coverage((TOUR.start - 2, DAYS), source="another")])
    for alert in alerts({**tables, "coverage": further}):
        assert any("Another source of this platform began on 18 March 2026" in doubt for doubt in alert.doubt)


def test_one_series_alone_is_a_doubt(tables: dict[str, pa.Table]) -> None:
    """The German channel rose, the English one did not: the alerts of these kinds say so, that of the platform not."""
    by_kind = {alert.subjects[0].kind: alert.doubt for alert in alerts(tables)}
    alone = {kind: any("Only this series" in doubt for doubt in doubts) for kind, doubts in by_kind.items()}
    assert alone == {"platform": False, "channel": True, "language": True}


def test_every_number_of_the_sentence_is_in_the_alert(tables: dict[str, pa.Table]) -> None:
    """What is seen, expected and by which factor is told in words and in fields alike."""
    for alert in alerts(tables):
        assert f"{alert.observed:,.0f} seen, {alert.expected:,.0f} expected" in alert.sentence
        assert f"{alert.details['factor']:.1f}-fold" in alert.sentence
        assert alert.p is not None
        assert alert.p <= alert.q <= 0.05


def test_the_picture_holds_the_window(tables: dict[str, pa.Table]) -> None:
    """Counts and band lie around the window, a value a day, unknown days as null, never too many to draw."""
    for alert in alerts(tables):
        drawn = alert.details["picture"]
        at = [datetime.fromisoformat(text) for text in drawn["at"]]
        assert {len(drawn[name]) for name in ("observed", "expected", "low", "high")} == {len(at)}
        assert len(at) <= MOST_POINTS
        inside = [n for n, moment in enumerate(at) if alert.start <= moment < alert.end]
        assert sum(drawn["observed"][n] for n in inside) == alert.observed
        assert sum(drawn["expected"][n] for n in inside) == pytest.approx(alert.expected)


def test_a_window_in_time_sees_no_further(tables: dict[str, pa.Table]) -> None:
    """A window that ends before the tour does not tell of it, nor of a silence after its own end."""
    assert not alerts(tables, end=BEGIN + timedelta(days=TOUR.start))


def test_edits_are_not_counted_again(tables: dict[str, pa.Table]) -> None:
    """Later revisions of messages make no surge."""
    messages = tables["messages"]
    days = pc.less(messages["sent_at"], pa.scalar(BEGIN + timedelta(days=195), UTC_MICROSECONDS))
    quiet = messages.filter(days)
    late = quiet.filter(pc.greater(quiet["sent_at"], pa.scalar(BEGIN + timedelta(days=180), UTC_MICROSECONDS)))
    edits = late.set_column(MESSAGES.get_field_index("kind"), MESSAGES.field("kind"), pa.array(["edit"] * len(late)))
    world = {
        "messages": pa.concat_tables([quiet, *[edits] * 4]),
        "coverage": coverage((0, BREAK.start), (BREAK.stop, 195)),
    }
    assert not alerts(world)


def test_nothing_is_said_of_nothing() -> None:
    """Empty tables, and a single message, give no alert and no error."""
    empty = {"messages": MESSAGES.empty_table(), "coverage": COVERAGE.empty_table()}
    assert not alerts(empty)
    single = {**empty, "messages": surge_tables()["messages"].slice(0, 1)}
    assert not alerts(single, SurgeDetector(least_messages=1))


def test_small_and_weak_windows_are_left_out(tables: dict[str, pa.Table]) -> None:
    """Each threshold of the detector can silence it."""
    for detector in (
        SurgeDetector(least_change=10_000),
        SurgeDetector(least_factor=50.0),
        SurgeDetector(least_messages=10**6),
        SurgeDetector(q=0.0),
    ):
        assert not alerts(tables, detector)


def with_column(table: pa.Table, name: str, values: list[object]) -> pa.Table:
    field = MESSAGES.field(name)
    return table.set_column(MESSAGES.get_field_index(name), field, pa.array(values, field.type))


def kinds_of(tables: dict[str, pa.Table], detector: SurgeDetector | None = None) -> set[tuple[str, str]]:
    """The first subject of each alert."""
    return {(alert.subjects[0].kind, alert.subjects[0].id) for alert in alerts(tables, detector)}


def test_it_finds_the_tour_in_links_media_and_accounts(tables: dict[str, pa.Table]) -> None:
    """What the German channel writes carries a link, a video and a new account: each kind of series tells it."""
    messages = tables["messages"]
    german = [language == "de" for language in messages["language"].to_pylist()]
    link = {"url": "https://tour.example/", "domain": "tour.example", "place": "site"}
    video = {"kind": "video", "bytes": None, "sha256": None, "pdq": None, "quality": None}
    messages = with_column(messages, "links", [[link] if own else None for own in german])
    messages = with_column(messages, "media", [[video, video] if own else None for own in german])
    messages = with_column(messages, "account_id", [f"a{number:020x}" for number in range(len(german))])
    found = kinds_of({**tables, "messages": messages})
    assert found >= {("domain", "tour.example"), ("media", "video"), ("activity", "accounts"), ("language", "de")}
    assert ("media", "text") not in found
    listed = SurgeDetector(kinds=("platform", "indicator"), indicators=("tour.example", "https://tour.example/"))
    assert {name for kind, name in kinds_of({**tables, "messages": messages}, listed) if kind == "indicator"} == set(
        listed.indicators
    )


def test_copies_of_a_text_are_a_cluster_where_several_accounts_wrote_them(tables: dict[str, pa.Table]) -> None:
    """A text that many write during the tour is told; the same by one account alone is no series."""
    messages = tables["messages"]
    keys = [7 if language == "de" else None for language in messages["language"].to_pylist()]
    detector = SurgeDetector(kinds=("platform", "cluster"))
    for accounts, found in ((3, True), (2, False)):
        names = [f"a{number % accounts:020x}" for number in range(len(messages))]
        rows = with_column(with_column(messages, "text_key", keys), "account_id", names)
        assert (("text", "text:7") in kinds_of({**tables, "messages": rows}, detector)) == found


def test_what_shows_in_one_kind_alone_must_be_clearer(tables: dict[str, pa.Table]) -> None:
    """The q of a language grows with the kinds that were looked at in vain; with the platform it is as it was."""
    by_kinds = [alerts(tables, SurgeDetector(kinds=kinds)) for kinds in (("platform", "language"), KINDS)]
    qs = [next(alert.q for alert in found if alert.subjects[0].id == "de") for found in by_kinds]
    quiet = len(KINDS) - len({alert.subjects[0].kind for alert in by_kinds[1]})
    assert quiet > 0
    assert qs[0] is not None
    assert qs[1] is not None
    assert qs[1] >= qs[0]


def test_an_alert_tells_what_it_rests_on(tables: dict[str, pa.Table]) -> None:
    """The weeks with which the tour is compared are named, and the gap within them is listed as left out."""
    alert = next(alert for alert in alerts(tables) if alert.subjects[0].id == "de")
    since, to = (datetime.fromisoformat(alert.details[name]) for name in ("baseline_from", "baseline_to"))
    assert since < BEGIN + timedelta(days=BREAK.start) < to < alert.start
    gap = [(BEGIN + timedelta(days=day)).isoformat() for day in (BREAK.start, BREAK.stop)]
    assert alert.details["masked"] == [gap]
    assert alert.details["baseline_weeks"] == round(((to - since).days - len(BREAK)) / 7, 1)


def test_kinds_that_do_not_exist_are_refused() -> None:
    """A kind that is unknown, and a choice without platforms, are errors."""
    for kinds in (("channel",), ("platform", "weather")):
        with pytest.raises(ConfigurationError):
            SurgeDetector(kinds=kinds)


@pytest.mark.data
def test_real_messages_give_tens_of_alerts(shared_data: Path) -> None:
    """Two million real messages give tens of alerts; the gaps that coverage tells of are in none of them."""
    table = pq.read_table(shared_data / "ira" / "ira_dev.parquet", columns=["author_id", "language", "publish_date"])
    size = len(table)
    messages = pa.table(
        {
            "platform": pa.array(["x"]).take(pa.array([0] * size)),
            "channel_id": pa.nulls(size, pa.string()),
            "language": table["language"],
            "kind": pa.array(["post"]).take(pa.array([0] * size)),
            "account_id": table["author_id"],
            "text_key": pa.nulls(size, pa.uint64()),
            "links": pa.nulls(size, MESSAGES.field("links").type),
            "media": pa.nulls(size, MESSAGES.field("media").type),
            "sent_at": table["publish_date"].cast(UTC_MICROSECONDS),
        }
    )
    spans = [("2012-02-03", "2016-09-15"), ("2016-11-16", "2017-07-15"), ("2017-09-16", "2018-05-30")]
    known = {"source": "x", "platform": "x", "channel_id": None, "complete": True, "how": "stated", "batch": 1}
    rows = [
        {**known, "start": datetime.fromisoformat(f"{a}T00:00:00Z"), "end": datetime.fromisoformat(f"{b}T00:00:00Z")}
        for a, b in spans
    ]
    found = alerts({"messages": messages, "coverage": pa.Table.from_pylist(rows, schema=COVERAGE)})
    assert 30 <= len(found) <= 150
    surges = {(a.subjects[0].id, f"{a.start:%Y-%m-%d}") for a in found if a.details["direction"] == "up"}
    assert ("French", "2016-03-22") in surges
    for alert in found:
        assert not any(f"{end}T00:00:00+00:00" == alert.start.isoformat() for _, end in spans)
