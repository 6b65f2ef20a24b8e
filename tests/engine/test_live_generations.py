"""What the live engine saves is used whole and unharmed, or not at all."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from seawall.detectors import CanaryDetector
from seawall.detectors.canary import CANARY_KEY
from seawall.engine.live import LiveEngine, discard
from seawall.engine.live.generations import MANIFEST, UNFINISHED, DamagedError, read
from seawall.errors import StorageError
from tests.engine.live_world import NOW, Mirror, Plain, message, tables

MARK = {"club": 3, "watch:garden": 12}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "watch"


def engine(*more: Mirror, **settings: timedelta) -> LiveEngine:
    return LiveEngine([CanaryDetector(), *more], **settings)


def saved(folder: Path, number: int = 1) -> LiveEngine:
    """An engine that was fed a few messages, and is on the disk."""
    told = engine()
    for one in range(number):
        told.feed(tables([message(one, text_key=CANARY_KEY)]))
    assert told.save(folder, MARK, epoch=2)
    return told


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_was_saved_is_taken_up_with_its_mark(folder: Path) -> None:
    """Alerts, state and mark are those of the moment of saving."""
    before, after = saved(folder), engine()
    assert after.restore(folder, epoch=2) == MARK
    assert after.digest() == before.digest()
    assert after.alerts(NOW) == before.alerts(NOW)
    assert after.said == ""


def test_files_are_private_and_only_the_newest_generation_stays(folder: Path) -> None:
    """A generation replaces the one before; nobody else can read it."""
    for number in (1, 2, 3):
        saved(folder, number)
    assert [path.name for path in folder.iterdir()] == ["00000003"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files(folder)} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE((folder / "00000003").stat().st_mode) == 0o700


def test_nothing_is_taken_up_where_nothing_was_saved(folder: Path) -> None:
    """Without a generation the states are rebuilt, and there is nothing to say about it."""
    fresh = engine()
    assert fresh.restore(folder, epoch=2) is None
    assert fresh.said == ""


def test_a_flipped_byte_anywhere_is_found(folder: Path) -> None:
    """Whatever byte of the manifest is damaged, and every seventh of the tables, the generation is refused."""
    saved(folder)
    for path in files(folder):
        content = path.read_bytes()
        for place in range(0, len(content), 1 if path.name == MANIFEST else 7):
            path.write_bytes(content[:place] + bytes([content[place] ^ 0x20]) + content[place + 1 :])
            with pytest.raises(DamagedError):
                read(folder)
        path.write_bytes(content)


def test_what_is_damaged_is_never_used(folder: Path) -> None:
    """With any file damaged the states are empty, to be rebuilt; the generation is removed, and a sentence says so."""
    for number in range(len(files(saved(folder) and folder))):
        saved(folder)
        path = files(folder)[number]
        content = path.read_bytes()
        path.write_bytes(content[:9] + bytes([content[9] ^ 1]) + content[10:])
        fresh = engine()
        assert fresh.restore(folder, epoch=2) is None
        assert fresh.said == "The saved state of watching is damaged; it was removed, and is rebuilt from the lake."
        assert fresh.alerts(NOW) == []
        assert not folder.exists()


@pytest.mark.parametrize("harm", ["cut", "longer", "gone"])
def test_a_file_that_is_cut_longer_or_gone_is_never_used(folder: Path, harm: str) -> None:
    """A generation of which a file is not whole is not used."""
    count = len(files(saved(folder) and folder))
    for number in range(count):
        saved(folder)
        path = files(folder)[number]
        content = path.read_bytes()
        path.unlink()
        if harm != "gone":
            path.write_bytes(content[:-1] if harm == "cut" else content + b"\n")
        fresh = engine()
        assert fresh.restore(folder, epoch=2) is None, path.name
        assert "damaged" in fresh.said


def test_what_is_not_finished_is_not_there(folder: Path) -> None:
    """A save that was killed leaves the generation before as it was, and does not hinder the next."""
    before = saved(folder)
    (folder / UNFINISHED).mkdir()
    (folder / UNFINISHED / "engine.arrow").write_bytes(b"half")
    fresh = engine()
    assert fresh.restore(folder, epoch=2) == MARK
    assert fresh.digest() == before.digest()
    saved(folder, 2)
    assert len(list(folder.iterdir())) == 1


def test_a_disk_that_refuses_leaves_the_generation_before(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file cannot be written the error says so, and what was saved before can be taken up."""
    before = saved(folder)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="disk is full"):
        saved(folder, 2)
    monkeypatch.undo()
    fresh = engine()
    assert fresh.restore(folder, epoch=2) == MARK
    assert fresh.digest() == before.digest()
    assert [path.name for path in folder.iterdir()] == ["00000001"]


def test_other_detectors_settings_and_epochs_are_not_served(folder: Path) -> None:
    """A state of before an erasure, of other detectors, parameters or settings is removed, and a sentence says so."""
    for other, epoch in (
        (engine(), 3),
        (engine(Mirror()), 2),
        (engine(horizon=timedelta(hours=2)), 2),
        (engine(keep=timedelta(days=2)), 2),
        (LiveEngine([CanaryDetector(text_key=5)]), 2),
    ):
        saved(folder)
        assert other.restore(folder, epoch=epoch) is None
        assert "other detectors or settings" in other.said
        assert not folder.exists()


class Reading(Plain):
    """Sees the words of people."""

    needs = {"messages": ("message_id", "text")}  # noqa: RUF012


def test_words_of_people_are_never_written(folder: Path) -> None:
    """With a detector that sees text nothing is saved."""
    reading = LiveEngine([Reading()])
    reading.feed(tables([message(1, text="The tulips are out.")]))
    assert reading.save(folder, MARK, epoch=0) is False
    assert not folder.exists()


def test_discarding_removes_everything_and_can_be_repeated(folder: Path) -> None:
    """After an erasure no generation stays."""
    saved(folder)
    for _ in range(2):
        discard(folder)
        assert not folder.exists()


def test_types_come_back_as_they_were(folder: Path) -> None:
    """Messages that are held come back with every column in its type."""
    told = engine(Mirror())
    told.feed(tables([message(1, account_id="h" + "0" * 20, mentions=["a1"], links=[{"url": "u"}], text_key=2**63)]))
    told.save(folder, {}, epoch=0)
    fresh = engine(Mirror())
    fresh.restore(folder, epoch=0)
    rows: list[pa.Table] = [one._folding.seen() for one in (told, fresh)]
    assert rows[0].schema == rows[1].schema
    assert rows[0].to_pylist() == rows[1].to_pylist()
