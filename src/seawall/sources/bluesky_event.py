"""One event of Jetstream -> a message, an interaction or a deletion.

Format: https://github.com/bluesky-social/jetstream. A deletion names the record and not what the record said: whose
follow or like it was is known, of whom it was is told by the record's id.
"""

from __future__ import annotations

from seawall.model import Visibility
from seawall.sources.bluesky_ids import did_of, record_id
from seawall.sources.bluesky_record import COLLECTIONS, FOLLOW, Told, add_record
from seawall.sources.json_values import Unusable, dict_of, id_of, identity, number_time, text_of
from seawall.sources.raw_rows import RawRows, Row

_PUBLIC = Visibility.PUBLIC.value
_PER_SECOND = 1_000_000
_ENDS = ("takendown", "suspended", "deleted")


def is_event(value: Row) -> bool:
    """Whether a record is an event of Jetstream."""
    return "time_us" in value and "did" in value


def add_event(position: int, event: Row, rows: RawRows) -> None:
    """Add one event.

    Raises:
        Unusable: it has no account, no time or nothing that is read.
    """
    did = did_of(event.get("did"))
    if did is None:
        raise Unusable("did", "missing, or no identifier of an account")
    at = number_time(event.get("time_us"), _PER_SECOND)
    if at is None:
        raise Unusable("time_us", "missing, or not a time")
    kind = event.get("kind")
    if kind == "commit":
        _add_commit(position, did, at, dict_of(event.get("commit")), rows)
    elif kind == "identity":
        rows.message(position, _change_row(did, at, dict_of(event.get(kind)), kind))
    elif kind == "account":
        account = dict_of(event.get(kind))
        rows.message(position, _change_row(did, at, account, kind) | {"channel_id": did})
        rows.channel(_feed_row(did, at, account))
    else:
        raise Unusable("kind", "not commit, identity or account")


def _add_commit(position: int, did: str, at: int, commit: Row, rows: RawRows) -> None:
    collection = text_of(commit.get("collection"))
    named = record_id(f"at://{did}/{collection}/{id_of(commit.get('rkey'))}")
    if collection is None or named is None:
        raise Unusable("rkey", "no record is named")
    operation = commit.get("operation")
    if operation in ("create", "update"):
        record = commit.get("record")
        if not isinstance(record, dict):
            raise Unusable("record", "missing, or not an object")
        edited_at = at if operation == "update" else None
        add_record(position, Told(named, identity(did), collection, record, at, edited_at), rows)
    elif operation == "delete":
        _add_deletion(position, did, at, collection, named, rows)
    else:
        raise Unusable("operation", "not create, update or delete")


def _add_deletion(position: int, did: str, at: int, collection: str, named: str, rows: RawRows) -> None:
    if collection not in COLLECTIONS:
        raise Unusable("collection", "none that is read")
    if collection == FOLLOW:
        undone = {"interaction_id": f"{named}#deleted", "at": at, "kind": "unfollow", "visibility": _PUBLIC}
        rows.interaction(position, undone | {"source_account": identity(did)})
    else:
        rows.deletion(position, {"message_id": named, "visibility": _PUBLIC, "deleted_at": at})


def _change_row(did: str, at: int, told: Row, kind: str) -> Row:
    """A service record: an account has a new handle, or is closed or opened."""
    return {
        "message_id": f"{did}/{kind}/{id_of(told.get('seq')) or at}",
        "account": identity(did, text_of(told.get("handle"))),
        "sent_at": at,
        "kind": "service",
        "visibility": _PUBLIC,
        "mentions": [],
        "hashtags": [],
    }


def _feed_row(did: str, at: int, told: Row) -> Row:
    """What an account writes is a feed. It ends when the account is closed for good, not when it pauses."""
    status = told.get("status")
    ended = told.get("active") is False and status in _ENDS
    return {
        "channel_id": did,
        "kind": "feed",
        "visibility": _PUBLIC,
        "ended_at": at if ended else None,
        "end_reason": status if ended else None,
    }
