"""What a Mastodon server tells while it happens -> frames with their time, which the source of its exports reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from seawall.sources.json_values import Undecodable, decoded, dict_of, id_of, list_of, text_of
from seawall.sources.live.mastodon_place import Place
from seawall.sources.mastodon_status import VISIBILITIES
from seawall.sources.raw_rows import Row

_PUBLIC = "public"


class Records:
    """Makes records, and notes in a place what it has made them of.

    Args:
        server: name of the server that is read.
        place: where to remember statuses.
        closed_too: timelines are read in which not everything is public.
    """

    def __init__(self, server: str, place: Place, *, closed_too: bool) -> None:
        self._server = server
        self._place = place
        self._closed_too = closed_too

    def status(self, status: Row, event: str = "update", *, remember: bool = True) -> Iterator[bytes]:
        """A status, and the one that it boosts: an importer makes one message of each."""
        boosted = status.get("reblog")
        if isinstance(boosted, dict):
            yield from self.status(boosted | {"reblog": None}, event, remember=remember)
        number = id_of(status.get("id"))
        if number is not None and remember:
            self._place.remember(number, VISIBILITIES.get(str(status.get("visibility"))) == _PUBLIC)
        yield self._frame(event, status)

    def deletion(self, number: str) -> Iterator[bytes]:
        """A status is gone. Where nobody knows who could read it, it is told as public and as closed."""
        public = self._place.recent.pop(number, None)
        kinds = [public] if public is not None else [True, False] if self._closed_too else [True]
        for kind in kinds:
            yield self._frame("delete", number, visibility="public" if kind else "private")

    def report(self, report: Row) -> Iterator[bytes]:
        """A report, and the statuses that it shows to moderators: those that were reported may be read."""
        yield self._frame("report", report)
        for status in list_of(report.get("statuses")):
            if isinstance(status, dict):
                yield self._frame("reported", status)

    def frame(self, told: Row) -> Iterator[bytes]:
        """What a frame of the stream tells; nothing of notifications and of changed settings."""
        event, payload = told.get("event"), told.get("payload")
        if event == "delete" and id_of(payload) is not None:
            yield from self.deletion(str(payload))
        elif event in ("update", "status.update"):
            status = _object(payload)
            if status is None:
                yield self._frame(str(event), payload)
            else:
                yield from self.status(status, str(event))

    def _frame(self, event: str, payload: object, **more: str) -> bytes:
        now = datetime.now(UTC).isoformat()
        told = {"instance": self._server, "received_at": now, "event": event, "payload": payload, **more}
        return msgspec.json.encode(told)


def status_of(told: Row) -> str | None:
    """The id of the new status that a frame tells."""
    if told.get("event") != "update":
        return None
    return text_of(dict_of(_object(told.get("payload"))).get("id"))


def _object(payload: object) -> Row | None:
    """The object that a frame carries as a text."""
    try:
        value = decoded(payload.encode("utf-8", "replace")) if isinstance(payload, str) else payload
    except Undecodable:
        return None
    return value if isinstance(value, dict) else None
