"""How long the channels of a lake live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import seawall
from seawall.errors import ConfigurationError, InputError
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.workspace import Workspace
from seawall.workspace.lifetimes import _by_collection

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SPOKEN = {"roses": (0, 40, 200), "tulips": (50, 60), "compost": (100, 190)}


def day(number: float) -> datetime:
    return BEGIN + timedelta(days=number)


def written(path: Path, spoken: Mapping[str, Sequence[float]], visibility: str = "public") -> Path:
    lines = ["id,author,time,text,channel,visibility"]
    lines += [
        f"{channel}{at},rosa,{day(at).isoformat()},Ride,{channel},{visibility}"
        for channel, days in spoken.items()
        for at in days
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def garden(tmp_path: Path) -> Workspace:
    """Three channels: one of unknown age, one that falls silent on day 60, and one that speaks on day 190."""
    workspace = seawall.create(tmp_path / "garden")
    workspace.add(
        written(tmp_path / "a.csv", SPOKEN), options=ReadOptions(visibility=Visibility.PUBLIC, platform="forum")
    )
    return workspace


def spells(workspace: Workspace) -> list[dict[str, Any]]:
    return sorted(workspace.spells().to_pylist(), key=lambda row: row["start"])


def test_each_channel_has_a_spell(garden: Workspace) -> None:
    """It starts with the first message and ends by silence; what spoke lately is alive; the read is audited."""
    tulips, compost = spells(garden)
    assert (tulips["start"], tulips["end"], tulips["event"]) == (day(50), day(90), "dormant")
    assert (compost["start"], compost["event"]) == (day(100), None)
    assert compost["end"] - day(200) < timedelta(seconds=1)
    assert {row["platform"] for row in (tulips, compost)} == {"forum"}
    found = garden.survival()
    assert (found.spells, found.ended, found.left_out) == (2, 1, {"age_unknown": 1})
    reads = [entry for entry in garden.audit_entries() if entry["act"] == "read"]
    assert len(reads) == 2


def test_a_gap_in_collection_is_not_silence(garden: Workspace) -> None:
    """A gap within the silence makes the end uncertain by its length."""
    garden.state_coverage(platform="forum", start=day(0), end=day(201), complete=True)
    garden.state_coverage(platform="forum", start=day(70), end=day(75), complete=False)
    tulips, _ = spells(garden)
    assert (tulips["last_alive"], tulips["end"]) == (day(90), day(105))
    assert "since" in garden.survival().curve.column_names


def test_conversations_have_no_spell(garden: Workspace, tmp_path: Path) -> None:
    """Who speaks directly with whom is nobody's channel."""
    direct = written(tmp_path / "b.csv", {"two": (90, 95)}, "direct")
    garden.add(direct, options=ReadOptions(platform="forum"))
    assert len(spells(garden)) == 2


def test_checks_take_the_place_of_messages(garden: Workspace) -> None:
    """A channel that was looked at has the spells of its checks, and keeps its platform; others keep theirs."""
    tulips, _ = spells(garden)
    looks = pa.table(
        {
            "thing": [tulips["thing"]] * 2 + ["elsewhere"],
            "checked_at": [day(110), day(120), day(110)],
            "status": ["alive", "taken_down", "alive"],
        }
    )
    found = garden.survival(checks=[looks], by="platform")
    assert found.spells == 3
    assert found.median["group"].to_pylist() == ["forum", None]
    assert found.median["ended"].to_pylist() == [1, 0]


def test_what_is_simulated_says_so(tmp_path: Path) -> None:
    """Of a platform whose name begins with "simulated" the sentence begins with it, too."""
    workspace = seawall.create(tmp_path / "practice")
    options = ReadOptions(visibility=Visibility.PUBLIC, platform="simulated")
    workspace.add(written(tmp_path / "a.csv", SPOKEN), options=options)
    assert workspace.survival().sentence.startswith("Simulated: Of 2 spells 1 ended")


def test_what_cannot_be_asked_is_refused(garden: Workspace, tmp_path: Path) -> None:
    """Groups by a column that there is not, and a lake without channels."""
    with pytest.raises(ConfigurationError, match="channel_kind"):
        garden.survival(by="colour")
    with pytest.raises(InputError, match="no channel"):
        seawall.create(tmp_path / "new").survival()


def test_what_is_told_of_one_channel_holds_for_it_alone(garden: Workspace) -> None:
    """A gap of one channel makes its own end uncertain, not that of the others."""
    tulips, _ = spells(garden)
    rows = {
        "source": ["matrix"] * 2, "platform": ["forum"] * 2, "channel_id": [tulips["thing"]] * 2,
        "start": [day(0), day(70)], "end": [day(201), day(75)], "complete": [True, False],
    }  # fmt: skip
    whole = {**{name: values[:1] for name, values in rows.items()}, "channel_id": [None]}
    lives = pa.table({"channel": [tulips["thing"], "other"], "first_at": [day(50)] * 2, "last_at": [day(60)] * 2})
    told = [*pa.table(rows).to_pylist(), *pa.table(whole).to_pylist()]
    found = _by_collection("forum", lives, told)
    assert [len(spans) for spans in found] == [2, 1]
    assert list(found.values()) == [[0], [1]]
