"""Lists of known content in a workspace: listing, reading lists of others, asking what is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import seawall
from seawall.errors import InputError, RuleError
from seawall.model import IndicatorKind
from seawall.sources.images import ImageHasher
from seawall.sources.lists import Entry, Fetched
from seawall.workspace import Terms, Workspace
from tests.workspace.lists import FEUD, listed


@pytest.fixture
def club(tmp_path: Path) -> Workspace:
    return seawall.create(tmp_path / "club", reviewer="Rosa")


@pytest.mark.parametrize(
    ("kind", "told", "kept"),
    [
        ("url", "HTTPS://Tulips.example:443/beds/../call?utm_source=x&a=1#top", "https://tulips.example/call?a=1"),
        ("domain", "https://www.Tulips.Example/call", "tulips.example"),
        ("domain", "*.beds.tulips.example", "beds.tulips.example"),
        ("phrase", "  dig   up\ttheir tulips ", "dig up their tulips"),
        ("sha256", f" {'AB' * 32}\n", "ab" * 32),
    ],
)
def test_values_are_kept_as_the_lake_keeps_the_same_thing(club: Workspace, kind: str, told: str, kept: str) -> None:
    """Addresses and domains in their canonical form, hashes in small letters, phrases without doubled blanks."""
    assert club.indicators.add(kind, told, FEUD).value == kept


def test_a_text_is_kept_as_its_match_key_alone(club: Workspace) -> None:
    """The words themselves stand nowhere in the workspace; copies in other spellings are the same entry."""
    one = club.indicators.add("text", "Tonight we dig up the purple tulips", FEUD)
    assert len(one.value) == 16
    assert club.indicators.add("text", "TONIGHT, we dig up the purple tu1ips!", FEUD).id == one.id
    assert all(b"purple" not in path.read_bytes() for path in club.path.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("url", "mailto:rosa@tulips.example"),
        ("domain", "co.uk"),
        ("domain", "tulips"),
        ("text", "🌷 🌷"),
        ("phrase", "..."),
        ("word", "two words"),
        ("phrase", "see https://tulips.example/"),
        ("pdq", "xyz"),
    ],
)
def test_a_value_that_cannot_be_one_of_its_kind_is_refused(club: Workspace, kind: str, told: str) -> None:
    """With a reason that does not quote it; nothing is listed."""
    with pytest.raises(InputError, match="cannot be listed") as refused:
        club.indicators.add(kind, told, FEUD)
    assert told not in str(refused.value)
    assert club.indicators.all() == []


def test_what_is_not_told_is_usual_and_said(club: Workspace) -> None:
    """The reviewer owns it, and it expires in ninety days."""
    one = club.indicators.add("domain", "tulips.example", Terms("feud", "The tulip feud."))
    assert (one.owner, one.status, one.confidence) == ("Rosa", "shadow", 50)
    assert one.expires_on == datetime.now(UTC).date() + timedelta(days=90)


def test_a_list_is_read_and_adds_up(club: Workspace, tmp_path: Path) -> None:
    """Every line is new, renewed, known, withdrawn or broken; the same list again adds nothing; phrases wait."""
    path = tmp_path / "feud.csv"
    path.write_text(
        "kind,value,confidence,expires\n"
        "domain,tulips.example,90,\nphrase,dig up their tulips,,\nphrase,...,,\ndomain,co.uk,,\ncolour,red,,\n"
        "domain,www.tulips.example,90,\nsha256,abc,,\nword,weedlovers,,\n",
        encoding="utf-8",
    )
    first = club.indicators.import_file(path, FEUD)
    assert (first.read, first.new, first.waiting) == (8, 3, 2)
    assert [one.number for one in first.broken] == [4, 5, 6, 7, 8]
    assert "tulips" not in " ".join(one.reason for one in first.broken)
    assert first.expires_on is not None
    again = club.indicators.import_file(path, FEUD)
    assert (again.new, again.known, again.waiting) == (0, 3, 0)
    renewed = club.indicators.import_file(
        path, replace(FEUD, expires_on=club.casebook.indicators.today + timedelta(days=200))
    )
    for result in (first, again, renewed):
        assert result.read == result.new + result.renewed + result.known + result.withdrawn + len(result.broken)
    assert renewed.renewed == 3


def test_a_bundle_is_read_and_what_its_maker_revoked_is_retracted(club: Workspace, tmp_path: Path) -> None:
    """The second bundle revokes what the first one told; a retracted entry does not come back with the first."""
    path = tmp_path / "bundle.json"
    told = {"type": "indicator", "pattern": "[domain-name:value = 'tulips.example']", "pattern_type": "stix"}
    texts = [json.dumps({"type": "bundle", "objects": [told | {"revoked": revoked}]}) for revoked in (False, True)]
    path.write_text(texts[0], encoding="utf-8")
    assert club.indicators.import_file(path, FEUD).new == 1
    path.write_text(texts[1], encoding="utf-8")
    assert club.indicators.import_file(path, FEUD).withdrawn == 1
    assert [one.status for one in club.indicators] == ["retracted"]
    path.write_text(texts[0], encoding="utf-8")
    result = club.indicators.import_file(path, FEUD)
    assert (result.new, len(result.broken)) == (0, 1)


class Scripted:
    """An exchange whose deltas stand in a list."""

    name = "garden"

    def __init__(self, deltas: list[list[Entry]]) -> None:
        self.deltas, self.asked = deltas, []

    def fetch(self, checkpoint: str | None) -> Iterator[Fetched]:
        self.asked.append(checkpoint)
        for number in range(json.loads(checkpoint or "0"), len(self.deltas)):
            yield Fetched(tuple(self.deltas[number]), json.dumps(number + 1))


def test_an_exchange_is_read_on_from_where_it_ended(club: Workspace) -> None:
    """The place is kept for each list; what is withdrawn later is retracted."""
    one = Entry(1, IndicatorKind.PDQ, "ab" * 32, "Shared on garden.", "garden", 80)
    exchange: Any = Scripted([[one], [replace(one, number=1, value="cd" * 32)]])
    assert club.indicators.fetch(exchange, FEUD).new == 2
    exchange.deltas.append([replace(one, withdrawn=True)])
    assert club.indicators.fetch(exchange, FEUD).withdrawn == 1
    assert exchange.asked == [None, "2"]
    assert sorted(one.status for one in club.indicators) == ["live", "retracted"]


def test_what_of_a_thing_is_known(club: Workspace, tmp_path: Path) -> None:
    """A text, an address, a hash and a file are looked up in every list, whatever the status of the entry, and nothing
    but the audit is written."""
    picture = tmp_path / "tulips.png"
    picture.write_bytes(b"a picture of tulips")
    domain = listed(club, "domain", "tulips.example")
    phrase = club.indicators.add("phrase", "dig up their tulips", FEUD).id
    digest = listed(club, "sha256", hashlib.sha256(picture.read_bytes()).hexdigest())
    video = listed(club, "video_md5", hashlib.md5(picture.read_bytes(), usedforsecurity=False).hexdigest())
    look = listed(club, "pdq", "f0" * 32)
    gone = listed(club, "domain", "retracted.example")
    club.indicators.retract(gone, reason="A mistake.")
    found = lambda thing: {(one.indicator.id, one.context, one.matches) for one in club.match(thing).found}  # noqa: E731
    assert found("https://beds.tulips.example/call") == {(domain, "plain", True)}
    assert found("tulips.example") == {(domain, "plain", True)}
    assert found("Come and d1g up their tulips!") == {(phrase, "plain", False)}
    assert found(str(picture)) == {(digest, "plain", True), (video, "plain", True)}
    assert found("F0" * 31 + "F1") == {(look, "plain", True)}
    assert found("https://retracted.example/") == found("compost") == set()
    last = club.audit_entries()[-1]
    assert (last["act"], last["detail"]) == ("match", {"thing": "text"})
    assert club.indicators.table()["live_sightings"].to_pylist() == [0] * 6


def test_a_picture_is_known_by_its_look(club: Workspace, tmp_path: Path) -> None:
    """A picture that was made smaller and saved anew is the listed one; of what is no picture it says that its look was
    not compared."""
    pytest.importorskip("pdqhash", reason="the extra images is not installed")
    image = pytest.importorskip("PIL.Image")
    picture = image.linear_gradient("L").resize((512, 512))
    picture.paste(image.radial_gradient("L").resize((300, 200)), (60, 40))
    picture.paste(0, (350, 300, 500, 420))
    picture.paste(255, (100, 350, 180, 480))
    picture.save(tmp_path / "bed.png")
    picture.resize((300, 300)).save(tmp_path / "copy.jpg", quality=70)
    with (tmp_path / "bed.png").open("rb") as file, ImageHasher() as hasher:
        id_ = listed(club, "pdq", hasher.hash(file).pdq or "")
    result = club.match(str(tmp_path / "copy.jpg"))
    assert ([one.indicator.id for one in result.found], result.remark) == ([id_], None)
    (tmp_path / "notes.txt").write_text("Compost.", encoding="utf-8")
    other = club.match(str(tmp_path / "notes.txt"))
    assert (other.found, "not compared" in (other.remark or "")) == ((), True)


def test_the_table_tells_of_every_indicator(club: Workspace) -> None:
    """One row each, with its list, status, owner and how often it was seen."""
    id_ = listed(club, "domain", "tulips.example")
    (row,) = club.indicators.table().to_pylist()
    assert (row["id"], row["bank"], row["owner"], row["status"], row["expired"]) == (id_, "feud", "Rosa", "live", False)
    assert [one.id for one in club.indicators.live()] == [id_]


def test_rules_hold_through_the_workspace_too(club: Workspace) -> None:
    """The same person cannot second, whichever way they ask; another one can."""
    one = club.indicators.add("phrase", "dig up their tulips", FEUD)
    with pytest.raises(RuleError, match="second person"):
        club.indicators.second("feud")
    assert club.indicators.live() == ()
    assert seawall.open(club.path, reviewer="Iris").indicators.second("feud") == [one.id]
    assert club.indicators.disable("feud", "A pause.") == 1
    assert club.indicators.live() == ()
    assert club.indicators.enable("feud", "It goes on.") == 1
    assert [entry["act"] for entry in club.audit_entries()][-4:] == ["list", "second", "disable", "enable"]
    assert club.verify_audit()[0] == []
