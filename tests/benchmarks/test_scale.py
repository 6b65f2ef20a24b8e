"""What the benchmark of engines rests on: its lakes, its comparison, its looking at processes."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest
from benchmarks.scale_lake import write
from benchmarks.scale_measures import apart
from benchmarks.scale_processes import cpu_seconds, tree, watched
from benchmarks.scale_texts import sentences
from benchmarks.scale_world import BEGIN, GROUP, MEMBERS, PAGE, REPOST, TARGETS, acts, one_thing

from seawall.lake import Lake

MESSAGES = 30_000


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scale")
    write(folder, acts(MESSAGES))
    return folder


def test_a_world_is_the_same_for_the_same_seed() -> None:
    """Twice the same columns, in the order of time; another seed is another world."""
    one, again, other = acts(MESSAGES), acts(MESSAGES), acts(MESSAGES, seed=2)
    for name in ("at", "what", "thing", "account", "channel"):
        assert np.array_equal(getattr(one, name), getattr(again, name))
    assert len(one) == MESSAGES
    assert (np.diff(one.at) >= 0).all()
    assert one.at[0] >= BEGIN
    assert not np.array_equal(one.at, other.at)
    assert one.account.max() < one.accounts
    assert one.channel.max() < one.channels


def test_groups_act_together() -> None:
    """Each planted thing is shared by all members of a group within half a minute."""
    made = acts(MESSAGES)
    rows = made.what == GROUP
    things = made.thing[rows]
    assert np.bincount(things).tolist() == [MEMBERS] * (2 * TARGETS)
    for thing in np.unique(things):
        own = rows & (made.thing == thing)
        assert np.ptp(made.at[own]) <= 30_000_000
        assert len(np.unique(made.account[own])) == MEMBERS


def test_the_lake_holds_what_was_made(lake: Path) -> None:
    """Every message once, as readers see them; a quarter as many interactions; nothing wrong with the files."""
    with Lake.open(lake) as held:
        rows = held.reader("messages", ["message_id", "repost_of", "links", "text_key"]).read_all()
        assert len(rows) == pc.count_distinct(rows["message_id"]).as_py() == MESSAGES
        made = acts(MESSAGES)
        assert pc.sum(pc.is_valid(rows["repost_of"])).as_py() == (made.what == REPOST).sum()
        assert pc.sum(pc.is_valid(rows["links"])).as_py() > (made.what == PAGE).sum()
        assert rows["text_key"].null_count == 0
        assert held.count("interactions") == MESSAGES // 4
        assert held.check() == []


def test_sentences_are_known_by_their_number() -> None:
    """The same number is the same sentence; another word makes it another one that begins alike."""
    numbers = np.array([5, 6, 5, 5])
    one, two, three, varied = sentences(numbers, np.array([0, 0, 0, 9])).to_pylist()
    assert one == three
    assert len({one, two, varied}) == 3
    assert varied.split(",")[0] == one.split(",")[0]


def test_one_thing_makes_the_pairs_that_are_told() -> None:
    """A million shares within 200,000 seconds make 300 million pairs within a minute: in small, as many for each."""
    made = one_thing(10_000, 2_000)
    pairs = np.searchsorted(made.at, made.at + 60_000_000, side="right") - np.arange(len(made)) - 1
    assert pairs.sum() == pytest.approx(10_000 * 300, rel=0.05)
    assert set(made.what) == {PAGE}


def test_results_are_compared_to_the_last_digit() -> None:
    """Numbers by their relative difference; anything else is the same or not."""
    told = {"edges": [{"p": 0.5, "weight": 3, "source": "fern"}]}
    assert apart(told, {"edges": [{"p": 0.5, "weight": 3, "source": "fern"}]}) == 0.0
    assert apart(told, {"edges": [{"p": 0.5 * (1 + 1e-9), "weight": 3, "source": "fern"}]}) == pytest.approx(1e-9)
    for other in ({"edges": []}, {"edges": [{"p": 0.5, "weight": 4, "source": "fern"}]}, {}):
        assert apart(told, other) == math.inf


def test_processes_are_seen_with_their_children() -> None:
    """CPU-seconds of a child count after it has ended, and its memory while it lives."""
    program = (
        "import subprocess, sys\n"
        "subprocess.run([sys.executable, '-c', 'x = bytearray(150_000_000); [i * i for i in range(4_000_000)]'])\n"
        "print(flush=True); sys.stdin.readline()"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with watched([parent.pid]) as peaks:
        parent.stdout.readline()
        assert cpu_seconds([parent.pid]) > 0.1
        assert tree([parent.pid]) == [parent.pid]
    parent.communicate(b"\n")
    assert peaks.of_one["python"] > 5_000_000
