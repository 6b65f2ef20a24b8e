from __future__ import annotations

from datetime import timedelta

from seawall.lake import Lake
from tests.lake.worlds import START, account, clean, commit, handle, ids, reopened, stored

DAY = timedelta(days=1)


def fill(lake: Lake) -> None:
    rows = [
        {"message_id": f"club:{day}", "sent_at": START + day * DAY, "account_id": account(day % 2)} for day in range(6)
    ]
    acts = [
        {"interaction_id": f"i{day}", "at": START + day * DAY, "source_account": account(day % 2)} for day in range(6)
    ]
    notices = [{"message_id": f"club:{day}", "deleted_at": START + day * DAY} for day in range(6)]
    seen = [{"account_id": account(9), "last_seen": START}, {"account_id": account(8), "last_seen": START + 9 * DAY}]
    commit(lake, clean(rows, acts, deletions=notices, accounts=seen))


def test_what_is_older_goes_and_the_rest_stays(lake: Lake):
    """Rows before the date go from messages, interactions, deletions and accounts; the date itself stays."""
    fill(lake)
    receipt = lake.expire(START + 3 * DAY)
    assert (receipt.messages, receipt.interactions, receipt.deletions, receipt.accounts) == (3, 3, 3, 1)
    assert ids(lake) == ["club:3", "club:4", "club:5"]
    assert lake.reader("accounts", ["account_id"]).read_all()["account_id"].to_pylist() == [account(8)]
    assert lake.check() == []
    for name, content in stored(lake).items():
        assert not name.startswith("lake/") or b"club:0" not in content


def test_a_hold_keeps_everything_of_the_account(lake: Lake):
    """What is held, under whichever pseudonym, does not expire."""
    fill(lake)
    alias = {"handle_key": handle(1), "account_id": account(1)}
    early = {"message_id": "club:h", "sent_at": START - DAY, "account_id": handle(1)}
    commit(lake, clean([early], aliases=[alias]), number=2)
    receipt = lake.expire(START + 3 * DAY, held=[account(1)])
    assert (receipt.messages, receipt.interactions, receipt.deletions) == (2, 2, 2)
    assert ids(lake) == ["club:1", "club:3", "club:4", "club:5", "club:h"]


def test_revisions_go_with_their_message(lake: Lake):
    """A revision expires with its message, not before and not after, whatever time it tells."""
    commit(lake, clean([{"message_id": "club:old"}, {"message_id": "club:new", "sent_at": START + 5 * DAY}]))
    edits = [
        {"message_id": "club:old", "text": "x", "edited": 2, "sent_at": START + 9 * DAY},
        {"message_id": "club:new", "text": "y", "edited": 2, "sent_at": START},
    ]
    commit(lake, clean(edits), number=2)
    assert lake.expire(START + DAY).messages == 2
    read = lake.reader("messages", ["message_id", "text"]).read_all().to_pylist()
    assert read == [{"message_id": "club:new", "text": "y"}]
    assert lake.check() == []


def test_expired_rows_do_not_come_back_with_the_same_file(lake: Lake):
    """The same records, imported again, are duplicates."""
    fill(lake)
    lake.expire(START + 3 * DAY)
    rows = [{"message_id": "club:0", "sent_at": START, "account_id": account(0)}]
    assert commit(lake, clean(rows), feed="again").duplicate == 1


def test_compaction_changes_files_and_no_row(lake: Lake):
    """Many small files become few, revisions stay apart, every row and the check stay as they were."""
    for number in range(1, 21):
        edit = {"message_id": "club:e", "text": str(number), "edited": number}
        rows = [{"message_id": f"club:{number}"}, edit]
        commit(lake, clean(rows, [{"interaction_id": f"i{number}"}]), number=number)
    tables = ("messages", "interactions", "batches")
    before = {name: lake.reader(name).read_all().sort_by(lake.reader(name).schema.names[0]) for name in tables}
    receipt = lake.compact()
    assert receipt.files_after < receipt.files_before / 5
    assert {name: lake.reader(name).read_all().sort_by(before[name].schema.names[0]) for name in tables} == before
    assert lake.check() == []
    lake.close()
    with reopened(lake, write=True) as again:
        assert commit(again, clean([{"message_id": "club:1"}]), feed="again").duplicate == 1
        assert again.compact().files_before == receipt.files_after + 1
