from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seawall.lake import Lake
from seawall.lake.index import DuplicateIndex
from tests.lake.worlds import START, account, clean, commit, handle, hash64, ids, reopened, stored

GONE = account(0xABCDEF)
ALIAS = handle(0xFEDCBA)
SECRETS = (GONE, ALIAS, "seedlings-of-the-erased", "club:erased-1", "club:erased-2", "club:erased-3", "5ha256ofpicture")


def fill(lake: Lake) -> None:
    """Two accounts; one of them, under id and handle, is woven into everything."""
    own = [
        {
            "message_id": "club:erased-1",
            "account_id": GONE,
            "text": "seedlings-of-the-erased",
            "media": [{"kind": "image", "sha256": "5ha256ofpicture"}],
        },
        {"message_id": "club:erased-2", "account_id": ALIAS, "text": "more seedlings-of-the-erased"},
    ]
    others = [
        {"message_id": "club:1", "mentions": [GONE, account(2)], "reply_to": "club:erased-1"},
        {"message_id": "club:2", "mentions": [ALIAS], "repost_of": "club:erased-2", "thread_of": "club:erased-1"},
        {"message_id": "club:3", "text": "sow peas"},
    ]
    acts = [
        {"interaction_id": "i1", "source_account": GONE, "parent": 0},
        {"interaction_id": "i2", "target_account": ALIAS, "message_id": "club:1", "parent": 2},
        {"interaction_id": "i3", "kind": "reaction", "message_id": "club:erased-1"},
        {"interaction_id": "i4", "kind": "dm", "source_account": GONE, "message_id": "club:erased-3"},
        {"interaction_id": "i5", "kind": "reaction", "source_account": GONE, "message_id": "club:3"},
    ]
    accounts = [{"account_id": name} for name in (GONE, ALIAS, account(1))]
    aliases = [{"handle_key": ALIAS, "account_id": GONE}, {"handle_key": handle(2), "account_id": account(2)}]
    notices = [{"message_id": "club:erased-2"}, {"message_id": "club:2"}]
    commit(lake, clean(own + others, acts, accounts=accounts, aliases=aliases, deletions=notices))
    edit = {**own[0], "text": "later seedlings-of-the-erased", "edited": 5, "edited_at": START}
    commit(lake, clean([edit, {"message_id": "club:4"}]), number=2)
    commit(lake, clean([{"message_id": "club:~9", "account_id": GONE}], counted=True), feed="without ids")


def traces(lake: Lake) -> list[tuple[str, str]]:
    """Where any secret stands: in the raw bytes of any file, or in what a parquet file unpacks to."""
    found = []
    for name, content in stored(lake).items():
        if name.endswith(".parquet"):
            content += str(pq.read_table(pa.BufferReader(content)).to_pylist()).encode()
        found += [(name, secret) for secret in SECRETS if secret.encode() in content]
    for run in (lake.folder / "index").rglob("*.run"):
        values = np.frombuffer(run.read_bytes()[64:], np.uint64).tolist()
        found += [(run.name, secret) for secret in SECRETS if hash64(secret) in values]
    return found


def readable(lake: Lake) -> dict[str, Any]:
    columns = {"messages": ["message_id", "mentions", "reply_to", "repost_of", "thread_of"]}
    columns["interactions"] = ["interaction_id", "target_account", "message_id"]
    return {
        table: sorted(map(str, lake.reader(table, names).read_all().to_pylist())) for table, names in columns.items()
    }


def test_no_byte_of_an_erased_account_is_left(lake: Lake):
    """Pseudonyms, alias, texts, message ids and media hashes are in no file; other people's rows stay."""
    fill(lake)
    assert {secret for _, secret in traces(lake)} == set(SECRETS)
    (lake.folder / "tmp" / "left-by-a-killed-statement").write_text(GONE)
    receipt = lake.erase([GONE])
    assert traces(lake) == []
    assert receipt.pseudonyms == {GONE, ALIAS}
    assert set(receipt.message_ids) == {"club:erased-1", "club:erased-2", "club:erased-3", "club:~9"}
    assert receipt.epoch == lake.erasure_epoch == 1
    read = lake.reader("messages", ["message_id", "mentions", "reply_to", "repost_of", "thread_of"]).read_all()
    assert sorted(read["message_id"].to_pylist()) == ["club:1", "club:2", "club:3", "club:4"]
    assert {row["message_id"]: row["mentions"] for row in read.to_pylist()}["club:1"] == [account(2)]
    assert {value for name in read.column_names[2:] for value in read[name].to_pylist()} == {None}
    told = lake.reader("interactions", ["interaction_id", "target_account", "message_id"]).read_all().to_pylist()
    assert sorted(tuple(row.values()) for row in told) == [("i2", None, "club:1"), ("i3", None, None)]
    assert lake.check() == []


def test_the_alias_erases_the_account_too(lake: Lake):
    """It does not matter under which of its pseudonyms an account is named."""
    fill(lake)
    assert lake.erase([ALIAS]).pseudonyms == {GONE, ALIAS}
    assert traces(lake) == []


def test_other_stores_can_ask_for_the_ids_first(lake: Lake):
    """Pseudonyms and message ids are told before anything is erased, and are the erasure's own."""
    fill(lake)
    assert lake.pseudonyms_of([ALIAS]) == {GONE, ALIAS}
    told = lake.messages_of([GONE])
    assert set(told) == set(lake.erase([GONE]).message_ids)


def test_an_erased_account_does_not_come_back(lake: Lake):
    """A later import, under id, handle or a new handle, is rejected with the reason; others mention it no more."""
    fill(lake)
    lake.erase([GONE])
    rows = [
        {"message_id": "club:erased-1", "account_id": GONE},
        {"message_id": "club:5", "account_id": ALIAS},
        {"message_id": "club:6", "mentions": [GONE]},
        {"message_id": "club:7", "account_id": handle(77)},
    ]
    acts = [
        {"interaction_id": "j1", "source_account": GONE, "message_id": "club:erased-1", "parent": 0},
        {"interaction_id": "j2", "source_account": GONE},
        {"interaction_id": "j3", "target_account": GONE},
    ]
    aliases = [{"handle_key": handle(77), "account_id": GONE}]
    receipt = commit(lake, clean(rows, acts, accounts=[{"account_id": GONE}], aliases=aliases), number=3)
    assert receipt.quarantine == {"account: erased account": 4}
    assert receipt.kept == 2
    assert traces(lake) == []
    assert "club:6" in ids(lake)
    assert lake.count("aliases") == 1


def test_nothing_leads_to_an_erased_account(lake: Lake):
    """Where ids name their authors, no reference to a message of the erased account stays or comes, whether the lake
    held that message or not; references to its messages of before do not come either, wherever ids are."""
    fill(lake)
    held = [{"message_id": "sky:1", "reply_to": f"sky:{GONE}/post/7", "thread_of": f"sky:{account(2)}/post/1"}]
    like = {"interaction_id": "k1", "kind": "reaction", "message_id": f"sky:{GONE}/post/7"}
    commit(lake, clean(held, [like], deletions=[{"message_id": f"sky:{ALIAS}/post/9"}]), number=3)
    lake.erase([GONE])
    assert traces(lake) == []
    later = [
        {"message_id": "sky:2", "repost_of": f"sky:{GONE}/post/8", "thread_of": f"sky:{account(2)}/post/1"},
        {"message_id": "sky:3", "reply_to": "club:erased-1", "thread_of": "club:1"},
    ]
    acts = [{**like, "interaction_id": "k2"}, {**like, "interaction_id": "k3", "message_id": "club:erased-2"}]
    notices = [{"message_id": f"sky:{GONE}/post/7"}, {"message_id": "club:erased-2"}, {"message_id": "club:3"}]
    receipt = commit(lake, clean(later, acts, deletions=notices), number=4)
    assert receipt.quarantine == {"account: erased account": 2}
    assert (receipt.kept, receipt.rejected, receipt.records) == (5, 2, 7)
    assert traces(lake) == []
    rows = lake.reader("messages", ["message_id", "reply_to", "repost_of", "thread_of"]).read_all().to_pylist()
    told = {row.pop("message_id"): [value for value in row.values() if value] for row in rows}
    kept = f"sky:{account(2)}/post/1"
    assert (told["sky:1"], told["sky:2"], told["sky:3"]) == ([kept], [kept], ["club:1"])
    assert lake.check() == []


class InterruptedByTestError(Exception):
    pass


@pytest.mark.parametrize("step", range(7))
def test_an_interrupted_erasure_completes_when_run_again(lake: Lake, step: int):
    """InterruptedByTestError before any file of any table, reopened and run again without a name, nothing is left."""
    fill(lake)
    expected = _erased_at_once(lake.folder.parent / f"{lake.folder.name}-undisturbed")
    steps = 0

    def interrupt(what: str, done: int, total: int | None) -> None:
        nonlocal steps
        if steps == step:
            raise InterruptedByTestError
        steps += 1

    with pytest.raises(InterruptedByTestError):
        lake.erase([GONE], interrupt)
    lake.close()
    with reopened(lake, write=True) as again:
        assert any("erasure was interrupted" in problem.what for problem in again.check())
        again.erase([])
        assert traces(lake) == []
        assert readable(again) == expected
        assert again.check() == []
        assert again.erasure_epoch == 1


def _erased_at_once(folder: Path) -> dict[str, Any]:
    folder.mkdir()
    with Lake.create(folder) as lake:
        fill(lake)
        lake.erase([GONE])
        return readable(lake)


def test_erasing_someone_unknown_changes_no_row(lake: Lake):
    """An account that the lake does not hold costs nobody a row, and stays barred all the same."""
    fill(lake)
    before = readable(lake)
    assert lake.erase([account(999)]).message_ids == ()
    assert readable(lake) == before
    assert commit(lake, clean([{"message_id": "club:9", "account_id": account(999)}]), number=3).rejected == 1


def test_earlier_versions_cannot_be_read(lake: Lake):
    """Time travel ends with an erasure: only the newest version of each table is left."""
    fill(lake)
    lake.erase([GONE])
    for table in ("messages", "interactions"):
        entries = sorted(path.name for path in map(Path, stored(lake)) if f"{table}/_delta_log" in str(path))
        assert [name[20:] for name in entries] == [".checkpoint.parquet", ""]


def test_erased_ids_are_forgotten_by_the_index_but_others_are_not(lake: Lake):
    """After an erasure the index knows the rows that stayed."""
    fill(lake)
    lake.erase([GONE])
    index = DuplicateIndex(lake.folder / "index" / "runs", [*_batches(lake)])
    wanted = np.unique(np.array([hash64("club:3"), hash64("club:erased-1")], np.uint64))
    assert index.find(wanted)[1].ids.tolist() == [hash64("club:3")]
    index.close()


def _batches(lake: Lake) -> list[int]:
    found: list[int] = lake.reader("batches", ["batch"]).read_all()["batch"].to_pylist()
    return found


def test_the_subject_is_given_what_is_held(lake: Lake):
    """An export for one person holds their rows under every pseudonym, revisions, and where others mention them."""
    fill(lake)
    held = lake.subject(GONE)
    assert sorted(held["messages"]["message_id"].to_pylist()) == ["club:erased-1", "club:erased-2", "club:~9"]
    assert held["revisions"]["text"].to_pylist() == ["later seedlings-of-the-erased"]
    assert sorted(held["interactions"]["interaction_id"].to_pylist()) == ["i1", "i2", "i4", "i5"]
    assert held["accounts"]["account_id"].to_pylist() == [GONE]
    assert held["aliases"]["handle_key"].to_pylist() == [ALIAS]
    assert held["deletions"]["message_id"].to_pylist() == ["club:erased-2"]
    assert sorted(held["mentioned_in"]["message_id"].to_pylist()) == ["club:1", "club:2"]
    assert held["mentioned_in"].column_names == ["message_id", "sent_at"]
