from __future__ import annotations

import errno
import os
import shutil
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from seawall.errors import BacklogError, StorageError, WorkspaceError
from seawall.journal import Journal, check_journal
from seawall.journal import journal as journal_module
from seawall.journal.entries import read_contents
from seawall.journal.segment import segment_paths
from tests.journal.frames import batch, frame, numbers

APPENDS = ([frame(1)], [frame(2), frame(1, "live:garden:bikes")], [frame(3)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def written(folder: Path) -> Path:
    """The one segment of a journal with three appends."""
    with Journal(folder) as journal:
        for frames in APPENDS:
            journal.append(frames)
    (path,) = segment_paths(folder)
    return path


def ends_of_appends(path: Path) -> list[int]:
    """After how many bytes each append of ``written`` is whole."""
    ends = []
    for count in range(1, len(APPENDS) + 1):
        folder = path.parent.parent / f"first{count}"
        with Journal(folder) as journal:
            for frames in APPENDS[:count]:
                journal.append(frames)
        ends.append(segment_paths(folder)[0].stat().st_size)
    return ends


@contextmanager
def in_memory(content: bytes) -> Iterator[int]:
    """A segment that is no file of the disk, for changing it thousands of times."""
    descriptor = os.memfd_create("segment")
    try:
        os.pwrite(descriptor, content, 0)
        yield descriptor
    finally:
        os.close(descriptor)


def test_what_was_appended_is_there_for_the_next_process(folder: Path, written: Path):
    """Frames come back in the order of feed and number, with their contents, readable by the owner alone."""
    with Journal(folder) as journal:
        held = journal.frames()
        assert [(one.header.feed[-5:], one.header.number) for one in held] == [
            ("bikes", 1),
            (":club", 1),
            (":club", 2),
            (":club", 3),
        ]
        read = [journal.read(one).tables["messages"].to_pylist() for one in held]
        assert read == [batch(number).tables["messages"].to_pylist() for number in (1, 1, 2, 3)]
        assert (journal.waiting.frames, journal.waiting.records) == (4, sum(one.header.records for one in held))
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_cut_at_any_byte_loses_only_what_was_not_acknowledged(tmp_path: Path, written: Path):
    """Cut off anywhere, the appends that were whole before the cut are all there, and appending goes on."""
    content = written.read_bytes()
    ends = ends_of_appends(written)
    path = tmp_path / "cut" / written.name
    with in_memory(content) as descriptor:
        for cut in range(len(content) - 1, -1, -1):
            os.ftruncate(descriptor, cut)
            whole = [end for end in ends if end <= cut]
            acknowledged = sum(map(len, APPENDS[: len(whole)]))
            told = read_contents(descriptor)
            assert (len(told.frames), told.good) == (acknowledged, max(whole, default=0))
            assert told.fault == (None if cut == told.good else "torn")
            if cut % 101 == 0:
                shutil.rmtree(path.parent, ignore_errors=True)
                path.parent.mkdir()
                path.write_bytes(content[:cut])
                assert list(check_journal(path.parent)) == []
                with Journal(path.parent) as journal:
                    assert journal.waiting.frames == acknowledged
                    journal.append([frame(numbers(journal)[-1] + 1 if whole else 1)])
                with Journal(path.parent) as journal:
                    assert journal.waiting.frames == acknowledged + 1


def test_sectors_of_an_append_that_were_never_written_are_cut_off(tmp_path: Path, written: Path):
    """A power cut may leave any sectors of the last append as zeros: what was acknowledged before it stays."""
    content = written.read_bytes()
    begin = ends_of_appends(written)[-2]
    first = [begin, *range((begin // 512 + 1) * 512, len(content), 512)]
    assert len(first) > 3
    for place, start in enumerate(first):
        end = first[place + 1] if place + 1 < len(first) else len(content)
        for lost in (range(start, end), range(start, len(content)), range(begin, end)):
            changed = bytearray(content)
            changed[lost.start : lost.stop] = bytes(len(lost))
            shutil.rmtree(tmp_path / "cut", ignore_errors=True)
            (tmp_path / "cut").mkdir()
            (tmp_path / "cut" / written.name).write_bytes(changed)
            with Journal(tmp_path / "cut") as journal:
                assert journal.waiting.frames == 3


def test_a_flipped_bit_anywhere_is_found(folder: Path, written: Path):
    """Whichever byte of acknowledged frames is changed, opening and the self-check name the segment; nothing is cut."""
    content = written.read_bytes()
    starts = [0, *ends_of_appends(written)]
    with in_memory(content) as descriptor:
        for place in range(len(content)):
            changed = bytearray(content)
            changed[place] ^= 1 << place % 8
            os.pwrite(descriptor, changed, 0)
            told = read_contents(descriptor)
            begin = max(start for start in starts if start <= place)
            assert (told.fault, told.good) == ("damaged", begin)
            if place % 101 == 0:
                written.write_bytes(changed)
                (problem,) = check_journal(folder)
                assert str(written) in problem.where
                with pytest.raises(StorageError, match=rf"damaged at byte {begin}\..*{written.name}"):
                    Journal(folder)
                assert written.read_bytes() == changed


def test_a_bit_that_flips_while_the_journal_is_open_is_found(folder: Path, written: Path):
    """Bytes that changed since they were checked are not handed to the lake."""
    with Journal(folder) as journal:
        held = journal.frames()[-1]
        changed = bytearray(written.read_bytes())
        changed[held.offset] ^= 1
        written.write_bytes(changed)
        with pytest.raises(StorageError, match="damaged"):
            journal.read(held)


def test_a_segment_that_is_missing_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Where the numbers of a feed have a gap, the journal says so instead of going on."""
    monkeypatch.setattr(journal_module, "SEGMENT_BYTES", 1)
    with Journal(folder) as journal:
        for number in (1, 2, 3):
            journal.append([frame(number)])
    paths = segment_paths(folder)
    assert len(paths) == 3
    paths[1].unlink()
    with pytest.raises(StorageError, match="missing"):
        Journal(folder)


def test_drained_segments_are_removed(folder: Path):
    """No byte of dropped frames stays, whether they were dropped at once or after a new start."""
    with Journal(folder) as journal:
        journal.append([frame(1), frame(2)])
        journal.append([frame(3)])
        held = journal.frames()
        journal.append([frame(4)])
        journal.drop(held[:2])
        assert numbers(journal) == [3, 4]
        assert len(segment_paths(folder)) == 2
        journal.drop(held[2:])
        assert len(segment_paths(folder)) == 1
    with Journal(folder) as journal:
        journal.drop(journal.frames())
        assert segment_paths(folder) == []
        assert (journal.waiting.frames, journal.waiting.records, journal.waiting.bytes) == (0, 0, 0)


def test_two_processes_cannot_own_a_journal(folder: Path):
    """The second one is refused until the first lets go."""
    with Journal(folder), pytest.raises(WorkspaceError, match="watches"):
        Journal(folder)
    Journal(folder).close()


def test_too_much_that_waits_is_refused_until_it_is_drained(folder: Path):
    """Beyond the limit, or with the disk nearly full, nothing is taken in, and what waits is untouched."""
    size = frame(1).header.size
    with Journal(folder, limit=int(2.5 * size)) as journal:
        journal.append([frame(1)])
        with pytest.raises(BacklogError, match="later"):
            journal.append([frame(2), frame(3)])
        assert numbers(journal) == [1]
        journal.drop(journal.frames())
        journal.append([frame(2)])
    with Journal(folder, reserve=1 << 60) as journal:
        with pytest.raises(BacklogError, match="nearly full"):
            journal.append([frame(3)])
        assert numbers(journal) == [2]


class Failing:
    """Makes the n-th of some system calls fail, and those after it as long as it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
        self.code = code
        self.countdown = -1
        self.lasting = False
        self.failed = False
        self._pwrite = os.pwrite
        for name in ("pwrite", "fsync", "ftruncate", "open"):
            monkeypatch.setattr(os, name, self._wrapped(name, getattr(os, name)))

    def after(self, calls: int, *, lasting: bool) -> None:
        self.countdown, self.lasting, self.failed = calls, lasting, False

    def never(self) -> None:
        self.countdown = -1

    def _wrapped(self, name, call):
        def wrapped(*arguments, **options):
            if self.countdown == 0:
                self.failed = True
                self.countdown = 0 if self.lasting else -1
                if name == "pwrite":  # a part of it reaches the disk all the same
                    descriptor, content, offset = arguments
                    self._pwrite(descriptor, content[: len(content) // 2], offset)
                raise OSError(self.code, os.strerror(self.code))
            self.countdown -= self.countdown > 0
            return call(*arguments, **options)

        return wrapped


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_refusal_of_the_disk_at_any_call_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, lasting: bool
):
    """Whichever call fails: the append is refused and can be made again, what was acknowledged stays, also on disk."""
    failing = Failing(monkeypatch, code)
    for calls in range(12):
        folder = tmp_path / f"{calls}"
        with Journal(folder) as journal:
            journal.append([frame(1)])
            acknowledged = [1]
            failing.after(calls, lasting=lasting)
            for number in (2, 3, 4):
                for _ in range(3):
                    try:
                        journal.append([frame(number)])
                    except BacklogError:
                        pytest.fail("There is room.")
                    except StorageError:
                        assert numbers(journal) == acknowledged
                        continue
                    acknowledged.append(number)
                    break
                else:
                    failing.never()
                    journal.append([frame(number)])
                    acknowledged.append(number)
                journal.frames()  # the next append begins a new segment
            failing.never()
        assert failing.failed == (calls < 12)
        with Journal(folder) as journal:
            assert numbers(journal) == acknowledged == [1, 2, 3, 4]
            assert [journal.read(held).records for held in journal.frames()] == [batch(1).records] * 4
        assert list(check_journal(folder)) == []


def test_appending_beside_draining_loses_nothing(folder: Path):
    """One thread appends while another reads and drops: each frame is read once, in order, and no file stays."""
    count = 150
    seen: list[int] = []
    done = threading.Event()
    with Journal(folder) as journal:

        def append() -> None:
            for number in range(1, count + 1):
                journal.append([frame(number, rows=1)])
            done.set()

        thread = threading.Thread(target=append)
        thread.start()
        ended = False
        while not ended:
            ended = done.is_set()
            held = journal.frames()
            assert all(journal.read(one).records for one in held)
            seen += [one.header.number for one in held]
            journal.drop(held)
        thread.join()
    assert seen == list(range(1, count + 1))
    with Journal(folder) as journal:
        assert numbers(journal) == []
    assert segment_paths(folder) == []
