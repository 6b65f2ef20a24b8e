"""A bucket that refuses, answers late, loses answers, or is written to by others costs nobody an acknowledged row."""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from deltalake import DeltaTable

from seawall.errors import ConfigurationError, StorageError, WorkspaceError
from seawall.lake import Lake
from seawall.lake import bucket as bucket_module
from seawall.lake.bucket import CLAIM, Bucket, BucketPlace
from seawall.lake.place import LOG
from seawall.parts import reader
from tests.lake.worlds import clean, commit, ids, reopened, stored
from tests.servers.moto import CREDENTIALS, MotoServer
from tests.servers.storage_proxy import Rule, StorageProxy, running_proxy

REFUSALS = {
    "403 AccessDenied": "no right",
    "403 InvalidAccessKeyId": "does not accept these credentials",
    "403 SignatureDoesNotMatch": "does not accept these credentials",
    "400 ExpiredToken": "have expired",
    "404 NoSuchBucket": "no such bucket",
    "503 SlowDown": "overloaded",
    "break off": "cannot be reached",
    "hang": "cannot be reached",
}
OTHERS = "Somebody else has written"


def three(number: int) -> list[dict[str, object]]:
    """The messages of a batch."""
    return [{"message_id": f"club:{number}:{place}", "text": "prune the roses"} for place in range(3)]


def fill(lake: Lake, batches: int = 2) -> None:
    for number in range(1, batches + 1):
        commit(lake, clean(three(number)), number=number)


def passed(method: str, path: str) -> None:
    """The rule that lets everything pass."""


@pytest.fixture(scope="module")
def ways(moto: MotoServer) -> Iterator[StorageProxy]:
    with running_proxy(moto.port) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def steady(moto: MotoServer, ways: StorageProxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """One lake that outlives many refusals, and does not wait long for what never comes."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        for name in ("SMALL_SECONDS", "DATA_SECONDS"):
            patch.setattr(bucket_module, name, 5)
        place = BucketPlace(Bucket(moto.new_bucket(), ways.endpoint, "us-east-1", True), "beds", "w1")
        place.claim()
        with Lake.create(tmp_path_factory.mktemp("steady"), place) as opened:
            fill(opened)
            yield opened


@pytest.fixture
def lake(before: BucketPlace, tmp_path: Path) -> Iterator[Lake]:
    """A lake with two batches, by the way on which things go wrong."""
    before.claim()
    with Lake.create(tmp_path, before) as opened:
        fill(opened)
        yield opened


def puts(wanted: str, place: int = 0) -> Rule:
    """A rule for the requests that put something, after so many of them."""
    seen: list[str] = []

    def rule(method: str, path: str) -> str | None:
        if method == "PUT":
            seen.append(path)
        return wanted if method == "PUT" and len(seen) > place else None

    return rule


# --- making


def test_a_prefix_in_use_is_refused(place: BucketPlace) -> None:
    """A second workspace finds the first one's claim, and any other object, and leaves them as they are."""
    place.claim()
    with pytest.raises(WorkspaceError, match="Something lies under this prefix already"):
        replace(place, owner="w2").claim()
    place.require()
    beside = place.inside("more")
    beside.inside("garden").write_new("notes.txt", b"sow peas")
    with pytest.raises(WorkspaceError, match="Something lies"):
        beside.claim()
    assert [file.name for file in beside.inside("garden").files()] == ["notes.txt"]


def test_another_workspaces_lake_is_not_opened(place: BucketPlace, tmp_path: Path) -> None:
    """Whoever does not own the claim can neither read nor write, nor can anybody where none is."""
    with pytest.raises(WorkspaceError, match="is not here"):
        Lake.open(tmp_path, place)
    place.claim()
    with pytest.raises(WorkspaceError, match="Another workspace's lake"):
        Lake.open(tmp_path, replace(place, owner="w2"), write=True)


def test_a_bucket_that_keeps_versions_is_refused(place: BucketPlace, moto: MotoServer) -> None:
    """What is erased would stay in it: so no lake is made there, and one whose bucket begins to is told."""
    moto.keep_versions(place.bucket.name)
    with pytest.raises(ConfigurationError, match="keeps earlier versions"):
        place.claim()
    assert place.files() == []


def test_a_bucket_that_begins_to_keep_versions_is_told(lake: Lake, place: BucketPlace, moto: MotoServer) -> None:
    """The self-check sees it at the next commit."""
    assert lake.check() == []
    moto.keep_versions(place.bucket.name)
    commit(lake, clean(three(3)), number=3)
    assert [problem.what for problem in lake.check()] == [
        "This bucket keeps earlier versions of objects, so what is erased stays there."
    ]


def test_a_storage_without_conditional_puts_is_refused(before: BucketPlace, proxy: StorageProxy) -> None:
    """Two writers could overwrite each other there: so no lake is made, and nothing is left."""
    proxy.rule = lambda method, path: "ignore conditions"
    with pytest.raises(ConfigurationError, match="lets a second writer overwrite"):
        before.claim()
    assert before.files() == []


def test_a_bucket_from_which_nothing_may_be_removed_is_refused(before: BucketPlace, proxy: StorageProxy) -> None:
    """Nothing could be erased there: so no claim is made, and one is made when the right is given."""
    proxy.rule = lambda method, path: "403 AccessDenied" if method == "POST" else None
    with pytest.raises(StorageError, match="no right"):
        before.claim()
    assert CLAIM not in [file.name for file in before.files()]
    proxy.rule = passed
    replace(before, owner="w2").claim()


def test_a_claim_whose_answer_never_comes_is_taken_back(before: BucketPlace, proxy: StorageProxy) -> None:
    """Whoever could not be told that the prefix is theirs does not keep it from others."""
    proxy.rule = lambda method, path: "lose the answer" if method == "PUT" and CLAIM in path else None
    try:
        before.claim()
    except StorageError:
        assert before.files() == []
    else:
        before.require()


# --- refusals


def repeated(lake: Lake, proxy: StorageProxy, rule: Rule, refusal: str) -> StorageError:
    """What a commit says under a rule; without it nothing of the batch is there, and then, repeated, all of it."""
    number = lake.progress("generic 00").number + 1
    held = ids(lake)
    proxy.rule = rule
    with pytest.raises(StorageError, match=refusal) as told:
        commit(lake, clean(three(number)), number=number)
    proxy.rule = passed
    assert ids(lake) == held
    assert commit(lake, clean(three(number)), number=number).kept == 3
    assert len(ids(lake)) == len(held) + 3
    return told.value


@pytest.mark.parametrize("refusal", REFUSALS)
def test_each_refusal_is_told_and_nothing_is_half_written(steady: Lake, ways: StorageProxy, refusal: str) -> None:
    """Reading and writing say what is wrong without a secret; after it the same batch is committed once."""
    writing = repeated(steady, ways, puts(refusal), REFUSALS[refusal])
    ways.rule = lambda method, path: refusal
    with pytest.raises(StorageError, match=REFUSALS[refusal]) as reading:
        ids(steady)
    ways.rule = passed
    for told in (writing, reading.value):
        assert told.mend
        assert not any(secret in str(told) for secret in CREDENTIALS.values())


@pytest.mark.parametrize("at", range(4))
def test_a_commit_that_breaks_at_any_put_is_repeated_whole(steady: Lake, ways: StorageProxy, at: int) -> None:
    """Whichever of its puts is refused first, readers see nothing of the batch, and then all of it."""
    repeated(steady, ways, puts("403 AccessDenied", at), "no right")
    assert [problem for problem in steady.check() if problem.severe] == []


def test_lost_answers_count_once(lake: Lake, proxy: StorageProxy) -> None:
    """A put that arrived though its answer was lost is found to be one's own when it is repeated."""
    lost: list[str] = []

    def rule(method: str, path: str) -> str | None:
        if method == "PUT" and path not in lost:
            lost.append(path)
            return "lose the answer"
        return None

    proxy.rule = rule
    assert commit(lake, clean(three(3)), number=3).kept == 3
    proxy.rule = passed
    assert sum(LOG in path for path in lost) == 2
    assert len(ids(lake)) == 9
    assert lake.check() == []


# --- others


def compact_from_outside(place: BucketPlace, table: str) -> None:
    """What any other program that knows Delta tables can do."""
    other = DeltaTable(place.inside(table).where, storage_options=place.bucket.options())
    other.optimize.compact()


@pytest.mark.parametrize("table", ["messages", "batches"])
def test_somebody_elses_commit_is_never_overwritten(lake: Lake, table: str) -> None:
    """A commit on top of another program's is refused; settled, the same batch is committed, and every row is there."""
    place = lake.home.tables
    compact_from_outside(place, table)
    with pytest.raises(StorageError, match=OTHERS):
        commit(lake, clean(three(3)), number=3)
    assert len(ids(lake)) == 6
    lake.settle()
    assert commit(lake, clean(three(3)), number=3).kept == 3
    assert len(ids(lake)) == 9


def test_a_rewrite_on_top_of_somebody_elses_is_refused(lake: Lake) -> None:
    """Compaction looks at a version and commits on it alone."""
    table = lake._writing().tables["messages"]
    files = table.snapshot().files
    compact_from_outside(lake.home.tables, "messages")
    with pytest.raises(StorageError, match=OTHERS):
        table.commit([], files, operation="OPTIMIZE")
    assert len(ids(lake)) == 6


def test_a_reader_keeps_its_moment_until_files_vanish(lake: Lake) -> None:
    """Rows that come while it reads are not in it; a file that somebody removed is told, not passed over."""
    place = lake.home.tables.inside("messages")
    begun = lake.reader("messages", ["message_id"])
    commit(lake, clean(three(3)), number=3)
    assert begun.read_all().num_rows == 6
    place.remove([next(file.name for file in place.files())])
    with pytest.raises(StorageError, match="missing"):
        ids(lake)
    assert "A data file is missing." in [problem.what for problem in lake.check()]


# --- what is kept


def test_damage_in_a_bucket_is_found(lake: Lake) -> None:
    """A changed byte of a data file, and one of a log entry, are told by the self-check."""
    place = lake.home.tables.inside("messages")
    data = next(file.name for file in place.files())
    entry = f"{LOG}/{2:020d}.json"
    for path, at in ((data, 100), (entry, 30)):
        content = bytearray(place.read(path))
        content[at] ^= 4
        place.remove([path])
        place.write_new(path, bytes(content))
    said = {problem.what for problem in lake.check()}
    assert "The bytes of a data file are not those that were written." in said or "A data file is damaged." in said
    assert "A file of the log is not what was written." in said


def test_retired_files_stay_for_those_who_read_them(lake: Lake) -> None:
    """How long ago a file was retired counts, not how long ago it was written."""
    table = lake._writing().tables["messages"]
    old = [file.path for file in table.snapshot().files]
    time.sleep(3)
    table.commit([], table.snapshot().files, operation="DELETE")
    table.sweep(older_than=2)
    assert {file.name for file in table.place.files()} >= set(old)
    table.sweep(older_than=0)
    assert table.place.files() == []


def test_a_place_travels_without_secrets(lake: Lake) -> None:
    """It can be pickled and built anew in another process, and neither it nor what it keeps tells a credential."""
    ids(lake)
    place = lake.home.tables
    packed = pickle.dumps((place, place.inside("messages").filesystem()))
    assert pickle.loads(packed)[0] == place  # noqa: S301 - its own
    for told in (packed, repr(place).encode(), *stored(lake).values(), place.read(CLAIM)):
        assert not any(secret.encode() in told for secret in CREDENTIALS.values())
    assert json.loads(place.read(CLAIM)) == {"seawall": 1, "workspace": "w1"}


def read_there(packed: bytes) -> list[str]:
    """What another process reads of pickled rows."""
    rows = pickle.loads(packed)  # noqa: S301 - its own
    return sorted(one for batch in reader(rows) for one in batch["message_id"].to_pylist())


def test_rows_are_read_by_another_process(in_bucket: Lake) -> None:
    """An engine's worker builds the place anew from what travels, with the credentials of its own environment."""
    fill(in_bucket)
    packed = pickle.dumps(in_bucket.rows("messages", ["message_id"]))
    assert not any(secret.encode() in packed for secret in CREDENTIALS.values())
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert pool.submit(read_there, packed).result(timeout=120) == ids(in_bucket)


def test_a_log_is_summed_up_in_the_bucket(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers find the same rows through a checkpoint, and other programs read the table."""
    monkeypatch.setattr("seawall.lake.delta.CHECKPOINT_EVERY", 2)
    for number in range(3, 6):
        commit(lake, clean(three(number)), number=number)
    place = lake.home.tables
    names = [file.name for file in place.inside("messages").files(LOG)]
    assert [name[:20] for name in sorted(names) if name.endswith(".checkpoint.parquet")] == [f"{4:020d}"]
    assert len(ids(lake)) == 15
    lake.close()
    with reopened(lake, write=True) as again:
        assert commit(again, clean(three(6)), number=6).kept == 3
        assert again.check() == []
    rows = DeltaTable(place.inside("messages").where, storage_options=place.bucket.options()).to_pyarrow_table()
    assert rows.num_rows == 18
