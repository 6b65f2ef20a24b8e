"""Takes persons and messages out of everything that the casebook holds, down to the bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, select, update

from seawall.casebook import approached, shelf, tables, tables_approached, tables_people, tables_review
from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import canonical
from seawall.casebook.chunks import chunks
from seawall.casebook.commitments import commit, forget
from seawall.casebook.holding import held
from seawall.casebook.proposing import refresh_case
from seawall.casebook.records import Claim, from_body
from seawall.casebook.rules import Act, permit, stated
from seawall.errors import RuleError

ERASED = "[erased]"
NOT_REPRODUCIBLE = "Accounts or messages that it rested on were erased since: it cannot be reproduced."

_FREE_TEXT: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (tables.cases, ("sentence",)),
    (tables.events, ("note",)),
    (tables.decisions, ("reason",)),
    (tables.holds, ("account", "reason", "release_reason")),
    (tables.indicators, ("reason", "ended_reason")),
    (tables.indicator_banks, ("reason",)),
    (tables_review.decision_details, ("note",)),
    (tables_review.drafts, ("reason", "note")),
    (tables_review.campaigns, ("name",)),
    (tables_review.campaign_events, ("reason",)),
    (tables_review.appeals, ("text", "reason")),
    (tables_review.blind_reviews, ("reason",)),
    (tables_review.golden_cases, ("reason",)),
    (tables_people.requests, ("subjects", "reason")),
    (tables_people.request_answers, ("reason",)),
    (tables_approached.support_events, ("note",)),
)


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows were rewritten."""

    alerts: int
    revisions: int
    cases: int
    notes: int
    decisions: int
    holds: int


def erase(
    connection: Connection, at: datetime, accounts: Collection[str], messages: Collection[str], actor: str
) -> Erased:
    """Rewrite every row that names one of these ids. The caller scrubs the file afterwards.

    Raises:
        RuleError: one of the accounts is on legal hold; nothing is erased then.
    """
    actor = stated(actor, "reviewer")
    permit(connection, actor, Act.ERASE)
    if held(connection, accounts):
        raise RuleError(
            "An account that is to be erased is on legal hold.", mend="Release the hold first, or leave it out."
        )
    commitments = sorted(commit(connection, account) for account in accounts)
    finder = Finder(accounts, messages)
    alert_ids, revisions = _rewrite_alerts(connection, finder)
    approached.forget(connection, accounts)
    rewritten = {table.name: _rewrite_text(connection, table, columns, finder) for table, columns in _FREE_TEXT}
    for some in chunks(messages):
        connection.execute(delete(tables.sightings).where(tables.sightings.c.message_id.in_(some)))
    forget(connection, [*accounts, *messages])
    erased = Erased(
        alerts=len(alert_ids),
        revisions=revisions,
        cases=len(rewritten["cases"]),
        notes=len(rewritten["events"]),
        decisions=len(rewritten["decisions"]),
        holds=len(rewritten["holds"]),
    )
    detail = {"accounts": commitments, "messages": len(messages), "redacted_decisions": rewritten["decisions"]}
    write_entry(connection, at, actor, "erase", detail | {"alerts": erased.alerts})
    return erased


class Finder:
    """Finds and replaces ids in text and in JSON. A longer message id that begins like an erased one is left alone.

    >>> Finder(["a" + "0" * 20], ["x:1"]).replaced("node_a00000000000000000000 wrote x:1, not x:12.")
    'node_[erased] wrote [erased], not x:12.'
    """

    def __init__(self, accounts: Collection[str], messages: Collection[str]) -> None:
        self.ids = frozenset([*accounts, *messages])
        escaped = {json.dumps(one)[1:-1] for one in self.ids}
        self._hint = re.compile(_alternatives(self.ids | escaped))
        bounded = rf"(?<![^\W_])(?:{_alternatives(messages)})(?![^\W_])"
        self._exact = re.compile(f"(?:{_alternatives(accounts)})|{bounded}")

    def may_be_in(self, text: str) -> bool:
        """False only if no id is in the text, be it plain or escaped in JSON."""
        return self._hint.search(text) is not None

    def replaced(self, text: str) -> str:
        """The text with each id replaced."""
        return ERASED if text in self.ids else self._exact.sub(ERASED, text)

    def rewritten(self, value: Any) -> Any:
        """A JSON value with each id replaced, in keys too."""
        if isinstance(value, str):
            return self.replaced(value)
        if isinstance(value, list):
            return [self.rewritten(one) for one in value]
        if isinstance(value, dict):
            return {self.replaced(key): self.rewritten(one) for key, one in value.items()}
        return value


def _alternatives(ids: Collection[str]) -> str:
    """A pattern that matches any of the ids, the longest first; as a tree, so that thousands cost little."""
    tree: dict[str, Any] = {}
    for one in ids:
        node = tree
        for letter in one:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _pattern(tree) if tree else r"(?!)"


def _pattern(tree: dict[str, Any]) -> str:
    branches = []
    for letter, below in sorted(tree.items(), reverse=True):
        run = letter
        while len(below) == 1 and "" not in below:
            step, below = next(iter(below.items()))
            run += step
        longer = {step: rest for step, rest in below.items() if step}
        tail = _pattern(longer) if longer else ""
        branches.append(re.escape(run) + (f"(?:{tail})?" if tail and "" in below else tail))
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def _rewrite_alerts(connection: Connection, finder: Finder) -> tuple[set[str], int]:
    touched: set[str] = set()
    count = 0
    revisions = tables.alert_revisions
    rows = connection.execute(select(revisions.c.alert_id, revisions.c.revision, revisions.c.body)).all()
    for row in rows:
        if not finder.may_be_in(row.body):
            continue
        body = _rewritten_body(row.body, finder)
        if body == row.body:
            continue
        claim = Claim(from_body(body, None))
        connection.execute(
            update(revisions)
            .where(revisions.c.alert_id == row.alert_id, revisions.c.revision == row.revision)
            .values(body=body, fingerprint=claim.fingerprint)
        )
        touched.add(row.alert_id)
        count += 1
    for alert_id, claim in shelf.claims_by_id(connection, touched).items():
        connection.execute(delete(tables.marks).where(tables.marks.c.alert_id == alert_id))
        shelf.put_marks(connection, alert_id, claim)
    cases = set(shelf.case_of(connection, touched).values())
    for case_id, claims in shelf.claims_of_cases(connection, cases).items():
        refresh_case(connection, case_id, claims)
    return touched, count


def _rewritten_body(body: str, finder: Finder) -> str:
    fields = json.loads(body)
    fields["subjects"] = [[kind, one] for kind, one in fields["subjects"] if one not in finder.ids]
    fields["evidence"] = [one for one in fields["evidence"] if one not in finder.ids]
    fields = finder.rewritten(fields)
    rewritten = canonical(fields)
    if rewritten != body and NOT_REPRODUCIBLE not in fields["doubt"]:
        fields["doubt"].append(NOT_REPRODUCIBLE)
        rewritten = canonical(fields)
    return rewritten


def _rewrite_text(connection: Connection, table: Table, columns: tuple[str, ...], finder: Finder) -> list[Any]:
    """Primary keys of the rows that were rewritten."""
    key = next(iter(table.primary_key.columns))
    changed = []
    for row in connection.execute(select(key, *(table.c[name] for name in columns))).all():
        before = {name: row._mapping[name] for name in columns if row._mapping[name] is not None}
        after = {name: finder.replaced(text) for name, text in before.items()}
        if after != before:
            connection.execute(update(table).where(key == row[0]).values(after))
            changed.append(row[0])
    return changed
