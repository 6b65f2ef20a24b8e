"""What else a Mastodon server tells -> a message, an interaction or a deletion: notifications, reports, frames.

Formats: https://docs.joinmastodon.org/entities/Notification/, https://docs.joinmastodon.org/entities/Admin_Report/ and
https://docs.joinmastodon.org/methods/streaming/. A frame that Seawall itself kept tells besides ``received_at``, when
it came, and ``instance``, the server from which it came.
"""

from __future__ import annotations

from typing import Any

from seawall.model import Visibility
from seawall.sources.json_values import Undecodable, Unusable, decoded, dict_of, id_of, list_of, text_of, written_time
from seawall.sources.mastodon_names import account_of, needed_id, status_id
from seawall.sources.mastodon_status import VISIBILITIES, add_status, visibility_of
from seawall.sources.raw_rows import RawRows, Row

_STATUSES = frozenset(("mention", "status", "poll", "update", "quote", "quoted_update"))
_ACTS = {"follow": "follow", "favourite": "reaction", "reblog": "repost", "admin.sign_up": "join"}


def is_frame(value: Row) -> bool:
    """Whether a record is a frame of the streaming interface."""
    return "event" in value and "account" not in value


def is_notification(value: Row) -> bool:
    """Whether a record is a notification."""
    return "type" in value and "account" in value and "content" not in value


def is_report(value: Row) -> bool:
    """Whether a record is a report that a moderator sees."""
    return "target_account" in value and "action_taken" in value


def add_frame(position: int, frame: Row, server: str | None, rows: RawRows) -> None:
    """Add what a frame tells.

    Raises:
        Unusable: it tells nothing that is read, or lacks what it must have.
    """
    event, payload = frame.get("event"), frame.get("payload")
    if event == "delete":
        _add_deletion(position, frame, server, rows)
        return
    if isinstance(payload, str):
        try:
            payload = decoded(payload.encode("utf-8", "replace"))
        except Undecodable as error:
            raise Unusable("payload", str(error)) from None
    if not isinstance(payload, dict):
        raise Unusable("payload", "missing, or no object")
    if event in ("update", "status.update", "reported"):
        add_status(position, payload, server, rows, reported=event == "reported")
    elif event == "conversation":
        add_status(position, dict_of(payload.get("last_status")), server, rows)
    elif event == "notification":
        add_notification(position, payload, server, rows)
    elif event == "report":
        add_report(position, payload, server, rows)
    else:
        raise Unusable("event", "none that tells a status or an act")


def _add_deletion(position: int, frame: Row, server: str | None, rows: RawRows) -> None:
    at = written_time(frame.get("received_at"), None)
    if at is None:
        raise Unusable("received_at", "missing: a frame that deletes does not tell when")
    seen = frame.get("visibility")
    row = {
        "message_id": needed_id(frame.get("payload"), server, "payload"),
        "visibility": VISIBILITIES.get(seen, Visibility.PUBLIC.value) if isinstance(seen, str) else "public",
        "deleted_at": at,
    }
    rows.deletion(position, row)


def add_notification(position: int, told: Row, server: str | None, rows: RawRows) -> None:
    """Add the status or the act that an account is notified of. Whom somebody follows is not told: it is the reader.

    Raises:
        Unusable: it is of a kind that tells neither, or lacks what it must have.
    """
    kind, status = text_of(told.get("type")) or "", told.get("status")
    if kind in _STATUSES and isinstance(status, dict):
        add_status(position, status, server, rows)
    elif kind == "admin.report" and isinstance(told.get("report"), dict):
        reporter = {"account": told.get("account"), "created_at": told.get("created_at")}
        add_report(position, reporter | {**told["report"], "account": told.get("account")}, server, rows)
    elif kind in _ACTS:
        row = _act_row(told, _ACTS[kind], f"notification/{id_of(told.get('id'))}", server)
        _add_status_of(row, status, server)
        rows.interaction(position, row)
    else:
        raise Unusable("type", "no kind that tells a status or an act")


def add_report(position: int, report: Row, server: str | None, rows: RawRows) -> None:
    """Add that an account reported another; of the statuses that it names, the first one.

    Raises:
        Unusable: it lacks its time or the accounts.
    """
    row = _act_row(report, "report", f"report/{id_of(report.get('id'))}", server)
    row["target_account"] = account_of(report.get("target_account"), server)
    if row["target_account"] is None:
        raise Unusable("target_account", "missing, or without acct")
    first = next(iter(list_of(report.get("statuses"))), None)
    target = row["target_account"]
    _add_status_of(row, first, server)
    row["target_account"] = target
    rows.interaction(position, row)


def _act_row(told: Row, kind: str, number: str, server: str | None) -> Row:
    account, at = account_of(told.get("account"), server), written_time(told.get("created_at"), None)
    if account is None:
        raise Unusable("account", "missing, or without acct")
    if at is None:
        raise Unusable("created_at", "missing, or not a time with a zone")
    row: Row = {"at": at, "kind": kind, "source_account": account, "visibility": Visibility.PUBLIC.value}
    if id_of(told.get("id")) is not None:
        row["interaction_id"] = status_id(number, server)
    return row


def _add_status_of(row: Row, status: Any, server: str | None) -> None:
    """The status that an act is about, and its author."""
    if not isinstance(status, dict):
        return
    row["message_id"] = status_id(status.get("id"), server)
    row["target_account"] = account_of(status.get("account"), server)
    row["visibility"] = visibility_of(status.get("visibility"))
