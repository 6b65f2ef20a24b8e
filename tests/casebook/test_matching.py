from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from seawall.casebook import Casebook
from seawall.casebook.matching import sameness, together
from seawall.casebook.records import Claim
from seawall.detectors import WatchedCoordination
from seawall.detectors.examples import FIRST, messages_table
from seawall.model import COVERAGE, MESSAGES, Alert, Subject
from tests.casebook.builders import accounts, alert

NEEDS = list(WatchedCoordination.needs["messages"])


def growing(joining: int, every: int, keep: timedelta | None, fate: random.Random) -> Iterator[list[Alert]]:
    """A cycling club of three that others join, up to forty, seen live: a ride each three hours."""
    standing = WatchedCoordination().standing()
    members = 3
    for ride in range(60):
        start = FIRST + timedelta(hours=3 * ride)
        rows = [
            {
                "message_id": f"garden:{ride}-{member}",
                "account_id": f"a{member:020x}",
                "sent_at": start + timedelta(seconds=fate.randrange(50)),
                "text_key": ride,
            }
            for member in range(members)
        ]
        standing.feed(MESSAGES.empty_table().select(NEEDS), messages_table(rows).select(NEEDS))
        members = min(40, members + joining)
        if keep is not None:
            standing.forget(start - keep)
        if ride % every == every - 1:
            yield list(standing.alerts(COVERAGE.empty_table(), datetime(2040, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("joining", "every", "keep"),
    [(1, 3, None), (1, 5, timedelta(days=3)), (5, 3, timedelta(days=3)), (37, 4, None)],
)
def test_a_group_that_grows_while_it_is_watched_is_one_alert_in_one_case(
    book: Casebook, joining: int, every: int, keep: timedelta | None
) -> None:
    """From three accounts to forty, in a window that lengthens or moves on, each look revises the first alert."""
    sizes = []
    for number, alerts in enumerate(growing(joining, every, keep, random.Random(1))):
        changes = book.propose(alerts, lake_version=f"v{number}")
        sizes += [len(found.subjects) for found in alerts]
        assert len(changes.opened) == (len(sizes) == 1 and bool(alerts))
    assert sizes[-1] == 40
    assert (book.alerts().num_rows, book.cases().num_rows) == (1, 1)
    assert book.alerts()["revision"].to_pylist()[0] > 5


def test_a_group_that_grows_tenfold_between_two_looks_is_the_same() -> None:
    """Where four fifths of the accounts are there it is the group grown on, not the other way round, nor much later."""
    small, large = Claim(alert(accounts(range(5)))), Claim(alert(accounts(range(1, 50)), day=-1, days=9))
    assert sameness(large, small) is not None
    assert sameness(small, large) is None
    assert sameness(Claim(alert(accounts(range(2, 50)))), small) is None
    assert sameness(Claim(alert(accounts(range(1, 50)), day=30)), small) is None


def test_a_series_does_not_grow_into_a_narrower_one() -> None:
    """A surge of a platform and one of its language are two, though one's subjects hold the other's."""
    forum, german = Subject("platform", "forum"), Subject("language", "de")
    whole = Claim(alert([forum, Subject("channel", "c1")], detector="surge"))
    part = Claim(
        alert(
            [forum, Subject("channel", "c1"), german, Subject("channel", "c2"), Subject("channel", "c3")],
            detector="surge",
        )
    )
    assert sameness(part, whole) is None


@pytest.mark.parametrize("kind", ["language", "media", "domain", "activity"])
def test_what_is_counted_of_a_platform_belongs_to_its_case(kind: str) -> None:
    """A surge of a platform, and one of a part of what is counted there, are one case; one of another platform not."""
    whole = Claim(alert([Subject("platform", "forum")], detector="surge"))
    for platform, same in (("forum", True), ("pedal", False)):
        part = Claim(alert([Subject(kind, "x"), Subject("platform", platform)], detector="surge"))
        assert together(whole, part) is same


def test_what_splits_off_from_a_group_stays_in_its_case(book: Casebook) -> None:
    """Of two halves that share nothing any more one is the revision and the other a new alert in the same case."""
    opened = book.propose([alert(accounts(range(8)), anchor="whole")], lake_version="v1").opened
    halves = [alert(accounts(range(4)), anchor="left"), alert(accounts(range(4, 8)), anchor="right")]
    changes = book.propose(halves, lake_version="v2")
    assert (len(changes.new), len(changes.revised), changes.opened, changes.grown) == (1, 1, (), opened)
