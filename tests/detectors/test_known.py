"""Known content: what fires, what does not, and what an alert says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.checks import MemoryWindow, check_detector
from seawall.checks.worlds import rekeyed
from seawall.detectors.examples import FIRST, messages_table
from seawall.detectors.known import EXAMPLE, KnownDetector
from seawall.errors import ConfigurationError
from seawall.model import Alert, IndicatorKind, Severity
from tests.detectors.known_world import ALL, COPIED, COUNTER, HARMLESS, LISTED, NEWS, PICTURE, indicator, links, talk

DETECTOR = KnownDetector(ALL)


def alerts(rows: pa.Table, detector: KnownDetector = DETECTOR) -> list[Alert]:
    return list(detector.detect(MemoryWindow({"messages": rows}, detector)))


def about(rows: pa.Table) -> dict[str, Alert]:
    return {alert.subjects[0].id: alert for alert in alerts(rows)}


def test_it_keeps_the_contract_of_detectors() -> None:
    """On its examples and on talk about a feud: frozen, order of rows irrelevant, blind to who wrote."""
    world = {"messages": talk([*NEWS, *COUNTER, *HARMLESS, COPIED, "Let us dig up their tulips!"])}
    check_detector(KnownDetector((EXAMPLE, *ALL)), (world,))


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("URL", talk(["Read https://tulips-only.example/call now"])),
        ("DOMAIN", talk(["See https://www.dig-them-up.example/x and https://dig-them-up.example/"])),
        ("TEXT", talk([COPIED.upper()])),
        ("PHRASE", talk(["Come and d1g up their tulips tonight"])),
        ("WORD", talk(["They are weedlovers all"])),
        ("SHA256", messages_table([{"media": [{"kind": "image", "sha256": "AB" * 32}]}])),
        ("PDQ", messages_table([{"media": [{"kind": "image", "pdq": "f1" + PICTURE[2:], "quality": 90}]}])),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_is_found(kind: str, rows: pa.Table) -> None:
    """One alert, about the indicator and the message, and never about an account."""
    (alert,) = alerts(rows)
    assert [(subject.kind, subject.id) for subject in alert.subjects] == [
        ("indicator", f"I-{kind}"),
        ("message", "garden:1"),
    ]
    assert alert.severity is (Severity.LOW if kind == "WORD" else Severity.MEDIUM)
    assert alert.evidence == ("garden:1",)
    assert alert.doubt
    assert "account_id" not in DETECTOR.needs["messages"]


def test_news_and_counter_speech_raise_no_alert_above_low() -> None:
    """Articles and replies that quote a listed phrase, word or link are marked as quotations or reports, and every
    alert about them is of low severity and says so."""
    for text in (*NEWS, *COUNTER):
        found = alerts(talk([text]))
        assert found, text
        for alert in found:
            assert alert.severity is Severity.LOW, text
            assert alert.details["contexts"].keys() <= {"quoted", "reported"}, text
            assert any("quotation or a report" in doubt for doubt in alert.doubt)
    assert {alert.severity for alert in alerts(talk([*NEWS, *COUNTER]))} == {Severity.LOW}


def test_nothing_fires_on_what_nobody_listed() -> None:
    """Words that are like the listed ones, hosts that only begin like a listed one, and an empty list: silence."""
    assert alerts(talk(HARMLESS)) == []
    everything = talk([*NEWS, *COUNTER, *HARMLESS, COPIED])
    assert alerts(everything, KnownDetector()) == []


def test_a_plain_use_beside_quotations_is_what_counts() -> None:
    """The severity is that of the plainest hit; the plain message stands first; the sentence counts the rest."""
    alert = about(talk([*NEWS[:2], "Tonight: dig up their tulips!"]))["I-PHRASE"]
    assert alert.severity is Severity.MEDIUM
    assert alert.evidence[0] == "garden:3"
    assert "in 3 messages" in alert.sentence
    assert "in 2 of them only inside a quotation or a report" in alert.sentence
    assert alert.score == 0.8
    assert about(talk(NEWS[:2]))["I-PHRASE"].score == 0.4


def test_who_wrote_it_and_in_which_language_changes_nothing() -> None:
    """Other accounts, other names of languages, the same alerts to the bit."""
    rows = talk([*NEWS, COPIED, "Let us dig up their tulips!"])
    first = alerts(rows)
    assert alerts(rekeyed({"messages": rows}, 5)["messages"]) == first
    place = rows.schema.get_field_index("language")
    for language in ("fr", None):
        other = rows.set_column(place, rows.schema.field("language"), pa.array([language] * len(rows), pa.string()))
        assert alerts(other) == first


def test_each_month_is_an_alert_of_its_own() -> None:
    """Months are those of sending in UTC; what comes later or late leaves the alerts of other months as they are."""
    times = [FIRST, FIRST + timedelta(days=20), FIRST + timedelta(days=28, hours=9, minutes=55)]
    rows = messages_table([{"sent_at": at, "links": links("https://dig-them-up.example/")} for at in times])
    first, second = alerts(rows)
    assert (first.observed, second.observed) == (2.0, 1.0)
    assert first.details["days"] == {"2026-05-03": 1, "2026-05-23": 1}
    assert [alert.anchor for alert in (first, second)] == ["2026-05", "2026-06"]
    assert alerts(rows.slice(2)) == [second]


def test_an_alert_names_a_bounded_number_of_messages_and_counts_all() -> None:
    """Five hundred are named, all are counted."""
    rows = messages_table([{"links": links("https://dig-them-up.example/")}] * 600)
    (alert,) = alerts(rows)
    assert (alert.observed, len(alert.evidence), len(alert.subjects)) == (600.0, 500, 501)


def test_pictures_of_low_quality_are_not_compared() -> None:
    """A hash of quality 49 matches nothing, one of 50 does, and so does one whose quality is not told."""
    media = [{"kind": "image", "pdq": PICTURE, "quality": quality} for quality in (49, 50, None)]
    (alert,) = alerts(messages_table([{"media": [one]} for one in media]))
    assert set(alert.evidence) == {"garden:2", "garden:3"}


def test_the_same_value_on_two_lists_is_two_indicators() -> None:
    """Each list's entry has its own alert, for hashes, domains and phrases alike."""
    both = [replace(one, id=f"{one.id}2", bank="other") for one in ALL]
    rows = talk([COPIED, "Let us dig up their tulips, weedlovers!", "https://dig-them-up.example/"])
    once = {alert.subjects[0].id for alert in alerts(rows)}
    twice = {alert.subjects[0].id for alert in alerts(rows, KnownDetector((*ALL, *both)))}
    assert twice == once | {f"{id_}2" for id_ in once}


@given(st.lists(st.tuples(st.integers(0, len(LISTED) - 1), st.booleans()), max_size=12))
def test_a_list_that_changed_finds_what_one_made_anew_finds(changes: list[tuple[int, bool]]) -> None:
    """Putting in and taking out, in any order, leaves what a matcher of the remaining indicators would have."""
    rows = talk([*NEWS[:2], COPIED, "dig up their tulips", "weedlovers", "https://dig-them-up.example/a"])
    changed, held = DETECTOR.matcher(), {}
    for place, stays in changes:
        one = indicator(place)
        if stays:
            changed.put([one])
            held[one.id] = one
        else:
            changed.drop([one.id])
            held.pop(one.id, None)
        changed.hits(rows.slice(0, 1))
    anew = DETECTOR.matcher()
    anew.put(held.values())
    assert changed.hits(rows) == anew.hits(rows)
    assert len(changed) == len(held)


def test_parameters_that_cannot_be_are_refused() -> None:
    """A distance beyond the index, a quality above 100."""
    for wrong in ({"distance": 65}, {"quality": 101}):
        with pytest.raises(ConfigurationError):
            KnownDetector(**wrong)


HOSTS = ("beds.example", "tulips.beds.example", "notbeds.example", "roses.example", "192.0.2.7")
DIGESTS = ("aa" * 32, "ab" * 32, "f0" * 32)
VALUES = {
    "url": [f"https://{host}/{path}" for host in HOSTS for path in ("", "a")],
    "domain": list(HOSTS),
    "sha256": list(DIGESTS),
    "pdq": list(DIGESTS),
}
LISTINGS = st.lists(
    st.sampled_from([(kind, value) for kind, values in VALUES.items() for value in values]), max_size=8, unique=True
)
MESSAGE = st.fixed_dictionaries(
    {
        "links": st.none() | st.lists(st.sampled_from(VALUES["url"]), max_size=3),
        "media": st.none() | st.lists(st.tuples(st.sampled_from(DIGESTS), st.sampled_from(DIGESTS)), max_size=2),
    }
)


def carries(kind: str, value: str, urls: list[str], media: list[tuple[str, str]]) -> bool:
    """The slow and obvious way."""
    if kind == "url":
        return value in urls
    if kind == "domain":
        return any(f".{url.split('/')[2]}".endswith(f".{value}") for url in urls)
    if kind == "sha256":
        return any(sha256 == value for sha256, _ in media)
    return any((int(pdq, 16) ^ int(value, 16)).bit_count() <= 31 for _, pdq in media)


@given(LISTINGS, st.lists(MESSAGE, max_size=6))
def test_it_finds_what_a_look_at_every_pair_finds(listings, messages) -> None:
    """Links, hosts and hashes: each message against each entry, one by one, gives the same pairs."""
    some = [replace(EXAMPLE, id=f"I-{n}", kind=IndicatorKind(kind), value=v) for n, (kind, v) in enumerate(listings)]
    rows = messages_table(
        {
            "links": one["links"] and links(*one["links"]),
            "media": one["media"] and [{"kind": "image", "sha256": a, "pdq": b} for a, b in one["media"]],
        }
        for one in messages
    )
    matcher = DETECTOR.matcher()
    matcher.put(some)
    hits = matcher.hits(rows)
    assert set(zip(hits["indicator"].to_pylist(), hits["message_id"].to_pylist(), strict=True)) == {
        (f"I-{n}", f"garden:{place}")
        for n, (kind, value) in enumerate(listings)
        for place, one in enumerate(messages, start=1)
        if carries(kind, value, one["links"] or [], one["media"] or [])
    }
    assert len(hits) == len(hits.group_by(["indicator", "message_id"]).aggregate([]))
