from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import seawall
from seawall.casebook import Role
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.web.app import create_app
from seawall.web.settings import ConsoleSettings
from seawall.workspace import Workspace, make_reviewer_key
from tests.casebook.builders import account
from tests.web.conftest import ORIGIN, Served, enrol_all
from tests.web.pages.cases import HOSTILE, assert_harmless, text_of

PASSPHRASES = ("seven tulips in the long bed", "nine beans by the greenhouse")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """The keys of two people, public and private."""
    folder = tmp_path_factory.mktemp("keys")
    return [make_reviewer_key(folder / f"person{place}", told) for place, told in enumerate(PASSPHRASES)]


@pytest.fixture
def vaulted(keys: list[tuple[Path, Path]], tmp_path: Path) -> Served:
    """A console over a workspace that keeps identities in a vault."""
    folder = tmp_path / "club"
    with (tmp_path / "club.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("id", "author", "created_at", "channel", "text"))
        out.writerow(("m1", "=<script>alert(1)</script>\u202erosa", "2026-05-03T10:00:00Z", "beds", "Tulips"))
    public = [one.read_text() for one, _ in keys]
    with Workspace.create(folder, identities="vault", reviewer_keys=public, reviewer="ada") as workspace:
        options = ReadOptions(visibility=Visibility.PUBLIC, platform="forum")
        workspace.add(tmp_path / "club.csv", options=options)
    enrol_all(folder)
    return Served(folder, create_app(folder, ConsoleSettings(ORIGIN)))


def author(served: Served) -> str:
    """The pseudonym of the one author."""
    with seawall.open(served.folder, reviewer=served.names[Role.LEAD]) as workspace:
        return str(workspace.messages(["account_id"])["account_id"][0].as_py())


def test_two_people_open_the_vault(vaulted: Served, keys: list[tuple[Path, Path]]) -> None:
    """One asks, another agrees, each hands in their own key, and both may look; one key alone opens nothing."""
    first, second = vaulted.as_(Role.REVIEWER), vaulted.as_(Role.LEAD)
    asked = first.send_form("/requests", kind="unmask", subjects=author(vaulted), reason="She asked for help.")
    path = asked.headers["location"]
    second.send_form(f"{path}/answer", answer="agree", reason="To reach her.")
    for browser, (_, private), passphrase in zip((first, second), keys, PASSPHRASES, strict=True):
        assert browser.send_form(f"{path}/open").status_code == 409
        answer = browser.post(
            f"{path}/key",
            data={"csrf": browser.csrf, "passphrase": passphrase},
            files={"keyfile": private.read_bytes()},
            follow_redirects=False,
        )
        assert answer.status_code == 303
    assert "Keys handed in: 2 of 2." in text_of(first.get(path).text)
    opened = second.send_form(f"{path}/open")
    assert opened.status_code == 200
    assert_harmless(opened.text)
    assert "rosa" in opened.text
    assert first.send_form(f"{path}/open").status_code == 200
    second.send_form(f"{path}/forget")
    assert "Keys handed in: 0 of 2." in text_of(first.get(path).text)


def test_a_wrong_key(vaulted: Served, keys: list[tuple[Path, Path]]) -> None:
    """Without a file, with another file or another passphrase nothing is held, and the page says what is wrong."""
    first, second = vaulted.as_(Role.REVIEWER), vaulted.as_(Role.LEAD)
    subjects = author(vaulted)
    path = first.send_form("/requests", kind="unmask", subjects=subjects, reason="She asked.").headers["location"]
    second.send_form(f"{path}/answer", answer="agree", reason="To reach her.")
    private = keys[0][1].read_bytes()
    for files, passphrase in (({}, PASSPHRASES[0]), ({"keyfile": b"no key"}, "x"), ({"keyfile": private}, "wrong")):
        answer = first.post(f"{path}/key", data={"csrf": first.csrf, "passphrase": passphrase}, files=files)
        assert answer.status_code in (409, 422)
        assert 'role="alert"' in answer.text
        assert PASSPHRASES[0] not in answer.text
    assert "Keys handed in: 0 of 2." in text_of(first.get(path).text)


def test_first_reason_after_the_second(console: Served) -> None:
    """The second person reads why something is asked for only after giving a reason of their own."""
    first, second = console.as_(Role.REVIEWER), console.as_(Role.LEAD)
    subjects = f"{account(1)} {account(2)}"
    path = first.send_form("/requests", kind="sanction", subjects=subjects, reason="They spam.").headers["location"]
    assert "They spam." in first.get(path).text
    before = second.get(path).text
    assert "They spam." not in before
    assert "They spam." not in second.get("/requests").text
    assert second.send_form(f"{path}/answer", reason="Rule two.").status_code == 422
    assert second.send_form(f"{path}/answer", answer="agree", reason="").status_code == 409
    second.send_form(f"{path}/answer", answer="refuse", reason="Rule two.")
    after = second.get(path).text
    assert "They spam." in after
    assert "refused" in text_of(after)


def test_nobody_answers_themself(console: Served) -> None:
    """Whoever asks sees no form to answer, and an answer of theirs is refused."""
    browser = console.as_(Role.REVIEWER)
    path = browser.send_form("/requests", kind="sanction", subjects=account(1), reason="Spam.").headers["location"]
    assert "you have asked for this yourself" in browser.get(path).text
    assert browser.send_form(f"{path}/answer", answer="agree", reason="Me too.").status_code == 409


@pytest.mark.parametrize(
    ("kind", "subjects"),
    [
        ("unmask", account(1)),
        ("sanction", "rosa"),
        ("sanction", ""),
        ("burn", account(1)),
        ("people of safeguarding", "Iris"),
    ],
    ids=["no vault", "a name", "nothing", "unknown kind", "not theirs to ask"],
)
def test_what_cannot_be_asked(console: Served, kind: str, subjects: str) -> None:
    """What cannot be asked for is told on the page, and the form keeps what was written."""
    answer = console.as_(Role.REVIEWER).send_form("/requests", kind=kind, subjects=subjects, reason="Kept & safe.")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "Kept &amp; safe." in answer.text


def test_hostile_request(console: Served) -> None:
    """Reasons and names in a request are shown as text."""
    ada, lea = console.as_(Role.ADMINISTRATOR), console.as_(Role.LEAD)
    reviewer = console.as_(Role.REVIEWER)
    path = reviewer.send_form("/requests", kind="sanction", subjects=account(1), reason=HOSTILE).headers["location"]
    lea.send_form(f"{path}/answer", answer="agree", reason=HOSTILE)
    assert_harmless(lea.get(path).text)
    assert ada.get(path).status_code == 404
    refused = reviewer.send_form("/requests", kind="sanction", subjects=HOSTILE, reason=HOSTILE)
    assert "<script>alert" not in refused.text


def test_who_may(console: Served) -> None:
    """An auditor reads requests and answers none; an analyst sees none; an unknown one is not there."""
    browser = console.as_(Role.REVIEWER)
    path = browser.send_form("/requests", kind="sanction", subjects=account(1), reason="Spam.").headers["location"]
    auditor = console.as_(Role.AUDITOR)
    assert not re.search(rf'action="{path}/answer"', auditor.get(path).text)
    assert auditor.send_form(f"{path}/answer", answer="agree", reason="Yes.").status_code == 404
    assert console.as_(Role.ANALYST).get("/requests").status_code == 404
    assert browser.get("/requests/R-000000").status_code == 404
