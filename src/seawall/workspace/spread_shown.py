"""From what a spread alert carries to what a brief shows: the cascade, and the copies with their differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from seawall.brief import Cascade, CascadeRow, CopyGroup, Part, SpreadShown
from seawall.casebook import CaseFile
from seawall.lake import Lake
from seawall.lake.among import among
from seawall.measures.similarity import copies as compared
from seawall.model import Alert, Visibility

MOST_READ = 200
"""So many messages of an alert are read for their copies."""
MOST_GROUPS = 12
COLUMNS = ("message_id", "sent_at", "visibility", "language", "text")
ORDER = ("first", "verbatim", "edited", "obfuscated", "different")


def spreads_of(lake: Lake, files: Iterable[CaseFile]) -> dict[str, SpreadShown]:
    """What is shown of the spread alerts of some cases, by alert id."""
    alerts = {kept.alert_id: kept.alert for file in files for kept in file.alerts if "cascade" in kept.alert.details}
    wanted = [id_ for alert in alerts.values() for id_ in alert.evidence[:MOST_READ]]
    if not wanted:
        return {}
    rows = lake.reader("messages", COLUMNS, where=among("message_id", wanted)).read_all().to_pylist()
    public = {row["message_id"]: row for row in rows if row["visibility"] == Visibility.PUBLIC and row["text"]}
    return {name: _spread(alert, public) for name, alert in alerts.items()}


def _spread(alert: Alert, public: Mapping[str, Mapping[str, Any]]) -> SpreadShown:
    read = [public[id_] for id_ in alert.evidence[:MOST_READ] if id_ in public]
    return SpreadShown(
        cascade=cascade_of(alert.details["cascade"]),
        copies=copy_groups(read)[:MOST_GROUPS],
        read=len(read),
        total=int(alert.details["messages"]),
        kinds=alert.details["kinds"],
    )


def cascade_of(drawn: Mapping[str, Any]) -> Cascade:
    """What ``seawall.detectors.spread_picture.cascade`` gave."""
    return Cascade(
        bin=timedelta(seconds=drawn["bin_seconds"]),
        at=tuple(map(datetime.fromisoformat, drawn["at"])),
        counts=tuple(drawn["counts"]),
        new_accounts=tuple(drawn["new_accounts"]),
        rows=tuple(
            CascadeRow(
                name=one["channel"],
                first_at=datetime.fromisoformat(one["first_at"]),
                behind=timedelta(seconds=one["behind_seconds"]),
                messages=one["messages"],
                accounts=one["accounts"],
                counts=tuple(one["counts"]),
            )
            for one in drawn["channels"]
        ),
        hidden=drawn["hidden"],
        outside=drawn["outside"],
    )


def copy_groups(messages: Sequence[Mapping[str, Any]]) -> tuple[CopyGroup, ...]:
    """Messages with the same words together, against the first of all; what stays closest to it comes first.

    Args:
        messages: ``message_id``, ``sent_at``, ``text``, and perhaps ``language``.
    """
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in sorted(messages, key=lambda row: (row["sent_at"], row["message_id"])):
        groups.setdefault(row["text"], []).append(row)
    found = []
    for text, rows in groups.items():
        base = next(iter(groups))
        one = compared(base, text)
        found.append(
            CopyGroup(
                kind="first" if text == base else one.kind,
                messages=len(rows),
                similarity=one.similarity,
                parts=tuple(Part(op, words) for op, words in one.parts),
                id=rows[0]["message_id"],
                at=rows[0]["sent_at"],
                language=rows[0].get("language"),
            )
        )
    return tuple(sorted(found, key=lambda group: (ORDER.index(group.kind), -group.messages, group.at, group.id)))
