from __future__ import annotations

import re
from pathlib import Path

import pytest

from seawall.casebook import Role
from seawall.model import Severity
from tests.web.conftest import Served
from tests.web.pages.cases import HOSTILE, alerts, assert_harmless, propose, text_of, waiting, write_hostile_messages


def test_claim_evidence_doubt(console: Served) -> None:
    """A case opens with its sentence; claim, evidence and doubt stand side by side, with a picture and its table."""
    found = [row for row in console.workspace().queue(limit=200).rows if "coordination" in row.detectors]
    page = console.as_(Role.REVIEWER).get(f"/cases/{found[0].case_id}").text
    text = text_of(page)
    assert re.search(r"<h1>.*?</h1>", page, re.DOTALL)[0].count("<h1>") == 1
    assert text.index("What is claimed") < text.index("What it rests on") < text.index("What speaks against it")
    assert "Baseline" in text
    assert 'class="wide net' in page
    assert "Pairs as a table" in page
    assert "Vote for bed number" in page


def test_pictures_carry_no_style(console: Served) -> None:
    """No picture of any case brings a style or a script of its own, so the console's policy needs no exception."""
    browser = console.as_(Role.REVIEWER)
    pages = [browser.get(f"/cases/{case_id}").text for case_id in waiting(console)]
    assert any("<svg" in page for page in pages)
    assert all(not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*src=)", page) for page in pages)


def test_network_around_another_account(console: Served) -> None:
    """The network is drawn around the account that the person chooses, and a made-up one changes nothing."""
    found = next(row for row in console.workspace().queue(limit=200).rows if "coordination" in row.detectors)
    browser = console.as_(Role.REVIEWER)
    page = browser.get(f"/cases/{found.case_id}").text
    accounts = re.findall(r'<option value="([^"]+)"', page)
    again = browser.get(f"/cases/{found.case_id}?around={accounts[-1]}").text
    assert re.search(rf'<option value="{accounts[-1]}" selected', again)
    assert browser.get(f"/cases/{found.case_id}?around=%3Cb%3E").status_code == 200


def test_policy_beside_the_case(console: Served) -> None:
    """The policy that the team keeps in the workspace stands beside the case, as text."""
    case_id = waiting(console)[0]
    browser = console.as_(Role.REVIEWER)
    assert "No policy is kept here." in browser.get(f"/cases/{case_id}").text
    (console.folder / "policy.md").write_text(f"# Beds\nNo shouting. {HOSTILE}", encoding="utf-8")
    page = browser.get(f"/cases/{case_id}").text
    assert "No shouting." in page
    assert_harmless(page)


def test_unknown_and_forbidden_cases_look_alike(console: Served) -> None:
    """A case that is not there and one that the role may not read are answered with the same words."""
    there = waiting(console)[0]
    missing = console.as_(Role.REVIEWER).get("/cases/C-ZZZZ")
    hidden = console.as_(Role.ADMINISTRATOR).get(f"/cases/{there}")
    assert (missing.status_code, hidden.status_code) == (404, 404)
    assert "This is not here, or it is not for you to see." in missing.text
    assert "This is not here, or it is not for you to see." in hidden.text


def test_hostile_words_everywhere(console: Served, tmp_path: Path) -> None:
    """Hostile words in a message, its copies, a sentence and a doubt are shown as text in every place."""
    ids = write_hostile_messages(console, tmp_path, [HOSTILE, HOSTILE, f"{HOSTILE} and a rose", "Plain words"])
    (case_id,) = propose(
        console, *alerts(1, sentence=HOSTILE, doubt=(HOSTILE,), evidence=tuple(ids), details={"factor": 2.0})
    )
    page = console.as_(Role.REVIEWER).get(f"/cases/{case_id}").text
    assert_harmless(page)
    assert "Plain words" in page
    assert "2 messages" in text_of(page)
    assert page.count("RLO U+202E") >= 4


def test_copies_marked(console: Served, tmp_path: Path) -> None:
    """A copy shows what was changed against the first message, word by word."""
    first = "Come to the seed swap by the long bed on Saturday and bring tulips and compost"
    ids = write_hostile_messages(console, tmp_path, [first, first.replace("tulips", "beans")])
    (case_id,) = propose(console, *alerts(1, evidence=tuple(ids)))
    page = console.as_(Role.REVIEWER).get(f"/cases/{case_id}").text
    assert re.search(r"<del>.*?tulips.*?</del>", page)
    assert re.search(r"<ins>.*?beans.*?</ins>", page)


@pytest.mark.parametrize(("severity", "veiled"), [(Severity.HIGH, True), (Severity.LOW, False)], ids=["grave", "light"])
def test_grave_words_are_veiled(console: Served, tmp_path: Path, severity: Severity, veiled: bool) -> None:
    """The words of a grave case are blurred and grey until they are held; those of a light one are not."""
    ids = write_hostile_messages(console, tmp_path, ["The roses are dead"])
    (case_id,) = propose(console, *alerts(1, severity, evidence=tuple(ids)))
    browser = console.as_(Role.REVIEWER)
    assert ('class="veil blur grey"' in browser.get(f"/cases/{case_id}").text) is veiled
    console.workspace(Role.REVIEWER).set_preferences(console.names[Role.REVIEWER], {"blur": False, "grey": False})
    assert 'class="veil' not in browser.get(f"/cases/{case_id}").text


def test_who_reads_does_not_decide(console: Served) -> None:
    """A role that reads cases sees no form to decide, and none of the acts is there for it."""
    case_id = waiting(console)[0]
    browser = console.as_(Role.ANALYST)
    page = browser.get(f"/cases/{case_id}").text
    assert "data-decide" not in page
    for act in ("take", "give-back", "decide", "undo", "draft", "reopen", "appeal"):
        assert browser.send_form(f"/cases/{case_id}/{act}", outcome="watch", reason="Seen.").status_code == 404
    assert waiting(console)[0] == case_id
