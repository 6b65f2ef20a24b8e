"""One Matrix event -> a message, an interaction or a deletion.

An edit becomes a message with the id of the event that it replaces; its time of sending is its own, because the
event that it replaces may be in another file. Kicks are departures with who kicked as the target, bans are blocks.
"""

from __future__ import annotations

from typing import Any

from seawall.sources.json_values import Unusable, dict_of, id_of, list_of, media, number_time, text_of
from seawall.sources.matrix_rooms import matrix_identity
from seawall.sources.matrix_text import Body, body_of
from seawall.sources.raw_rows import RawRows, Row

_POSTS = frozenset(("m.room.message", "m.room.encrypted", "m.sticker", "m.poll.start", "org.matrix.msc3381.poll.start"))
_MEDIA = {"m.image": "image", "m.video": "video", "m.audio": "audio", "m.file": None}
_VERIFICATION = "m.key.verification.request"
_ROOM_LINK = "https://matrix.to/#/"


def add_event(position: int, event: Row, room: str, visibility: str | None, rows: RawRows) -> None:
    """Add one event of a room.

    Raises:
        Unusable: it has no type, sender or time, or the id that its kind needs.
    """
    kind, sender = text_of(event.get("type")), text_of(event.get("sender"))
    if kind is None:
        raise Unusable("type", "missing or not a text")
    if sender is None:
        raise Unusable("sender", "missing or not a text")
    at = number_time(event.get("origin_server_ts"), 1_000)
    if at is None:
        raise Unusable("origin_server_ts", "missing or not a time; the state shown with an invitation has none")
    content = dict_of(event.get("content"))
    if kind == "m.room.redaction":
        rows.deletion(position, _redaction(event, content, room, at))
        return
    interaction = _interaction(kind, event, content, sender)
    if interaction is not None:
        told = {"interaction_id": id_of(event.get("event_id")), "at": at, "channel_id": room}
        rows.interaction(position, interaction | told)
        return
    event_id = id_of(event.get("event_id"))
    if event_id is None:
        raise Unusable("event_id", "missing or not a text")
    row: Row = {
        "message_id": event_id,
        "channel_id": room,
        "account": matrix_identity(sender),
        "sent_at": at,
        "kind": "service",
        "visibility": visibility,
    }
    if kind in _POSTS and "state_key" not in event:
        _add_post(row, kind, event, content)
    elif kind == "m.room.tombstone" and text_of(content.get("replacement_room")):
        row["links"] = [_ROOM_LINK + content["replacement_room"]]
    rows.message(position, row)


def is_report(value: Row) -> bool:
    """Whether the record is an entry of Synapse's list of reported events, which has no type."""
    return "received_ts" in value and "type" not in value


def report_row(report: Row, room: str) -> Row:
    """Somebody reported an event to the server's administrators. The words of the report are not taken.

    Raises:
        Unusable: it does not tell who reported what, and when.
    """
    who, event_id = text_of(report.get("user_id")), id_of(report.get("event_id"))
    at = number_time(report.get("received_ts"), 1_000)
    if who is None:
        raise Unusable("user_id", "missing or not a text")
    if event_id is None:
        raise Unusable("event_id", "missing or not a text")
    if at is None:
        raise Unusable("received_ts", "not a time")
    number, sender = id_of(report.get("id")), text_of(report.get("sender"))
    return {
        "interaction_id": None if number is None else f"report:{number}",
        "at": at,
        "kind": "report",
        "source_account": matrix_identity(who),
        "target_account": matrix_identity(sender) if sender else None,
        "channel_id": room,
        "message_id": event_id,
    }


def _redaction(event: Row, content: Row, room: str, at: int) -> Row:
    redacted = id_of(event.get("redacts")) or id_of(content.get("redacts"))
    if redacted is None:
        raise Unusable("redacts", "missing or not a text")
    return {"message_id": redacted, "channel_id": room, "deleted_at": at}


def _interaction(kind: str, event: Row, content: Row, sender: str) -> Row | None:
    """A reaction, or what a membership event changes; None for everything else, a new display name among it."""
    if kind == "m.reaction":
        related = id_of(dict_of(content.get("m.relates_to")).get("event_id"))
        if related is None:
            return None
        return {"kind": "reaction", "source_account": matrix_identity(sender), "message_id": related}
    if kind != "m.room.member":
        return None
    who = text_of(event.get("state_key"))
    if who is None:
        raise Unusable("state_key", "missing or not a text")
    unsigned = dict_of(event.get("unsigned"))
    before = dict_of(unsigned.get("prev_content") or event.get("prev_content")).get("membership")
    return _membership(content, before, sender, who)


def _membership(content: Row, before: Any, sender: str, who: str) -> Row | None:
    membership, name = content.get("membership"), content.get("displayname")
    themselves = sender == who
    if membership == before:
        return None
    if membership == "join":
        return {"kind": "join", "source_account": matrix_identity(who, name)}
    if membership == "leave" and before != "ban":
        kicked = None if themselves else matrix_identity(sender)
        return {"kind": "leave", "source_account": matrix_identity(who), "target_account": kicked}
    if membership in ("invite", "ban"):
        kind = "invite" if membership == "invite" else "block"
        target = matrix_identity(who, name)
        return {"kind": kind, "source_account": matrix_identity(sender), "target_account": target}
    return None


def _add_post(row: Row, kind: str, event: Row, content: Row) -> None:
    if content.get("msgtype") == _VERIFICATION:
        return
    row["kind"] = "post"
    unsigned = dict_of(event.get("unsigned"))
    redacted = number_time(dict_of(unsigned.get("redacted_because")).get("origin_server_ts"), 1_000)
    if redacted is not None:
        row["deleted_at"] = row["edited_at"] = redacted
        return
    relation = dict_of(content.get("m.relates_to"))
    replaced = id_of(relation.get("event_id")) if relation.get("rel_type") == "m.replace" else None
    if replaced is not None:
        row["message_id"], row["edited_at"] = replaced, row["sent_at"]
        content = dict_of(content.get("m.new_content"))
    else:
        content = _with_latest_edit(row, content, unsigned)
        _relate(row, relation)
    _add_body(row, body_of(content, kind, replies=row["kind"] == "reply"))
    row["media"] = _media(kind, content)


def _with_latest_edit(row: Row, content: Row, unsigned: Row) -> Row:
    """A server may bundle the latest edit with the event that it replaces."""
    edit = dict_of(dict_of(unsigned.get("m.relations")).get("m.replace"))
    edited_at = number_time(edit.get("origin_server_ts"), 1_000)
    if edited_at is None:
        return content
    row["edited_at"] = edited_at
    new = dict_of(edit.get("content")).get("m.new_content")
    return new if isinstance(new, dict) else content


def _relate(row: Row, relation: Row) -> None:
    """Replies and threads. In a thread the reply that is only there for old clients points at its last message."""
    reply_to = id_of(dict_of(relation.get("m.in_reply_to")).get("event_id"))
    if relation.get("rel_type") == "m.thread":
        row["thread_of"] = id_of(relation.get("event_id"))
        if reply_to is None or relation.get("is_falling_back") is True:
            reply_to = row["thread_of"]
    if reply_to is not None:
        row["kind"], row["reply_to"] = "reply", reply_to


def _add_body(row: Row, body: Body) -> None:
    row["text"] = body.text
    row["links"] = list(body.links) or None
    row["mentions"] = [matrix_identity(user) for user in body.mentions]
    if body.replies_to is not None:
        row["reply_to_account"] = matrix_identity(body.replies_to)


def _media(kind: str, content: Row) -> list[Row] | None:
    msgtype = content.get("msgtype")
    info = dict_of(content.get("info"))
    if kind == "m.sticker":
        return [media("image", info.get("size"))]
    if isinstance(msgtype, str) and msgtype in _MEDIA:
        return [media(_MEDIA[msgtype] or info.get("mimetype"), info.get("size"))]
    gallery = [dict_of(one) for one in list_of(content.get("itemtypes"))]
    return [_item(one) for one in gallery] or None


def _item(one: Row) -> Row:
    info = dict_of(one.get("info"))
    return media(_MEDIA.get(str(one.get("itemtype"))) or info.get("mimetype"), info.get("size"))
