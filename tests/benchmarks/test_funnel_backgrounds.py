"""The real backgrounds of the funnel's benchmark: what is recorded is read as it is, and can be planted into."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest
from benchmarks.funnel_backgrounds import REAL, bitcoinalpha, collegemsg, real, ubuntu_irc

from benchmarks import funnel_backgrounds
from seawall.simulate import FunnelSettings, funnel_world

pytestmark = pytest.mark.data


@pytest.fixture(autouse=True)
def data(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The data, or a skip."""
    monkeypatch.setattr(funnel_backgrounds, "DATA", shared_data / "interactions")


def test_the_records_are_read_whole() -> None:
    """59,835 private messages, 24,186 ratings; in chat only those lines that are addressed to somebody, and joins."""
    messages, ratings, chat = collegemsg(), bitcoinalpha(), ubuntu_irc()
    assert (messages.num_rows, set(messages["kind"].to_pylist())) == (59_835, {"dm"})
    assert (ratings.num_rows, set(ratings["kind"].to_pylist())) == (24_186, {"follow", "reaction", "report"})
    assert chat.num_rows > 100_000
    assert set(chat["kind"].to_pylist()) == {"mention", "reply", "join", "leave"}
    spoken = chat.filter(pc.is_valid(chat["target"]))
    assert not pc.any(pc.equal(spoken["source"], spoken["target"])).as_py()
    for table in (messages, ratings, chat):
        assert table["at"].to_pylist() == sorted(table["at"].to_pylist())


@pytest.mark.parametrize("name", REAL)
def test_a_funnel_can_be_planted_into_each(name: str) -> None:
    """With all layers a funnel goes from a public word to a direct message in each of them, among recorded people."""
    background = real(name, 1, layers=True)
    world = funnel_world(1, background=background, settings=FunnelSettings(hubs=2, decoys=2))
    assert world.interactions.num_rows > background.num_rows
    assert world.pairs["direct_at"].null_count < world.pairs.num_rows
