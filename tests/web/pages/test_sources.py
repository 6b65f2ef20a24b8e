from __future__ import annotations

from datetime import UTC, datetime

import pytest

from seawall.casebook import Role
from seawall.model import Visibility
from seawall.protocols import Connection, ReadOptions
from tests.web.conftest import Served
from tests.web.pages.cases import HOSTILE, assert_harmless, text_of
from tests.web.pages.seen import assert_no_inline

SECRET = "s3cret-of-the-shed"  # noqa: S105 - a made-up one that must not be shown


def test_every_record_is_accounted_for(console: Served) -> None:
    """What was read stands with what was kept, set aside and known before, and when the last batch came."""
    page = console.as_(Role.AUDITOR).get("/sources").text
    assert_no_inline(page)
    assert "1 source has told something; no gap is known." in text_of(page)
    assert "generic" in page
    assert page.count(">3,457<") == 2
    assert "nobody told: from the first to the last message" in page


def test_gaps_are_listed_and_drawn(console: Served) -> None:
    """A gap that a person stated is in the list, in the picture and in its table."""
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)
    console.workspace().state_coverage(platform="forum", start=start, end=end, complete=False)
    page = console.as_(Role.REVIEWER).get("/sources").text
    assert "1 gap is known." in text_of(page)
    assert "1 March 2026 00:00 UTC" in page
    assert "stated by a person" in page
    assert page.count('class="collected') == 2


def test_connections_without_their_secrets(console: Served) -> None:
    """A live source stands there with its host and its basis; its secrets and its address are not in the page."""
    connection = Connection(
        "club",
        "rocketchat",
        "https://chat.club.example/path?key=k3y-of-the-shed",
        ReadOptions(visibility=Visibility.CLOSED),
        secrets={"token": SECRET},
        basis=f"Members agreed. {HOSTILE}",
    )
    console.workspace(Role.ADMINISTRATOR).connect(connection)
    page = console.as_(Role.AUDITOR).get("/sources").text
    assert "chat[.]club[.]example" in page
    assert "Members agreed." in page
    assert SECRET not in page
    assert "k3y-of-the-shed" not in page
    assert_harmless(page)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.REVIEWER, Role.ANALYST], ids=str)
def test_who_may_read(console: Served, role: Role) -> None:
    """Whoever reads or keeps the records may see where they come from."""
    assert console.as_(role).get("/sources").status_code == 200


def test_who_may_not_read(console: Served) -> None:
    """Safeguarding has a page of its own and none of this."""
    assert console.as_(Role.SAFEGUARDING).get("/sources").status_code in (403, 404)
