"""Puts hostile texts into every field that the console keeps and shows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import seawall
from seawall.casebook import Role
from seawall.errors import SeawallError
from seawall.model import Outcome, Severity, Subject, Visibility
from seawall.protocols import ReadOptions
from seawall.workspace import Terms, Workspace
from tests.casebook.builders import account, accounts, alert
from tests.casebook.hubs import approached, hub_alert
from tests.web.conftest import Served

LONGEST_GROUP = 1300
"""Characters of a field's value: what is shown of a text is more."""
FIRST = datetime(2026, 6, 1, tzinfo=UTC)


def grouped(texts: list[str]) -> list[list[str]]:
    """The texts in groups that one field can hold."""
    groups: list[list[str]] = [[]]
    for text in texts:
        if sum(map(len, groups[-1])) + len(text) > LONGEST_GROUP:
            groups.append([])
        groups[-1].append(text)
    return groups


class Planting:
    """Plants one group after the other, and knows the pages on which it can be seen.

    Args:
        served: the console.
        folder: for the files that are imported.
    """

    def __init__(self, served: Served, folder: Path) -> None:
        self.served = served
        self.folder = folder
        self.planted = 0
        self.pages: list[tuple[Role, str]] = []
        self._lead = self._acting(Role.LEAD)
        self._reviewer = self._acting(Role.REVIEWER)

    def plant(self, number: int, group: list[str]) -> None:
        """Put the texts of a group into every field."""
        whole = " ".join(group)
        evidence = self._messages(number, group)
        self.planted += len(group)
        cases = self._cases(number, group, whole, evidence)
        self._decide(cases, whole)
        self._ask(number, group, whole)
        self._list(number, group, whole)
        self._name(cases, group, whole)
        self._protect(number, group, whole)
        (self.served.folder / "policy.md").write_bytes(whole.encode("utf-8", "replace"))

    def _acting(self, role: Role) -> Workspace:
        return seawall.open(self.served.folder, reviewer=self.served.names[role])

    def _messages(self, number: int, group: list[str]) -> tuple[str, ...]:
        """A message, its author and its channel for each text, in a file with a hostile name."""
        name = "".join(one for one in group[0] if one not in "/\x00\n\r")[:40]
        path = self.folder / f"{number}{name}.csv"
        with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
            out = csv.writer(file)
            out.writerow(("id", "author", "created_at", "channel", "text"))
            for place, text in enumerate(group):
                at, clean = FIRST + timedelta(days=number, minutes=place), text.replace("\x00", "")
                shown = f"{clean} #{clean} https://seeds.example/{clean} {number}.{place}"
                out.writerow((f"h{number}.{place}", f"{clean}{place}", at.isoformat(), clean, shown))
        before = set(self._lead.messages(["message_id"])["message_id"].to_pylist())
        self._lead.add(path, options=ReadOptions(visibility=Visibility.PUBLIC, platform="forum"))
        return tuple(one for one in self._lead.messages(["message_id"])["message_id"].to_pylist() if one not in before)

    def _cases(self, number: int, group: list[str], whole: str, evidence: tuple[str, ...]) -> list[str]:
        """Four cases of which sentence, doubt and subjects hold the texts."""
        book = self._lead.casebook
        before = set(book.cases()["case_id"].to_pylist())
        quoted = tuple(Subject(kind, one) for kind in ("text", "domain", "hashtag", "link") for one in group[:8])
        first = 100_000 + 100 * number
        some = [
            alert(
                (*accounts(range(first + 10 * place, first + 10 * place + 4)), *quoted),
                day=number * 8 + place * 4,
                anchor=f"{number} {place}",
                severity=(Severity.LOW, Severity.HIGH, Severity.URGENT, Severity.MEDIUM)[place],
                sentence=whole,
                doubt=(whole,),
                parameters={one[:60]: one for one in group[:4]},
                evidence=evidence,
            )
            for place in range(4)
        ]
        book.propose(some, lake_version="made up")
        found = [one for one in book.cases()["case_id"].to_pylist() if one not in before]
        self.pages += [(Role.LEAD, f"/cases/{one}") for one in found]
        self.pages += [(Role.REVIEWER, f"/quality/blind/{found[0]}"), (Role.AUDITOR, f"/cases/{found[0]}")]
        self.pages += [(Role.LEAD, f"/queue/together?alike={found[0]}")]
        return found

    def _decide(self, cases: list[str], whole: str) -> None:
        """Reasons, notes, drafts, a golden case and an appeal."""
        first, second, third, fourth = cases[0], cases[1 % len(cases)], cases[2 % len(cases)], cases[-1]
        self._lead.keep_draft(first, Outcome.WATCH, whole, whole)
        with suppress(SeawallError):  # where the alerts became fewer cases
            self._reviewer.decide(second, Outcome.SUPPORT, whole, note=whole)
            self._reviewer.decide(third, Outcome.REFER, whole, note=whole)
            self._reviewer.decide(fourth, Outcome.NO_ACTION, whole, note=whole)
        self._lead.set_golden(second, Outcome.SUPPORT, whole)
        made = self._reviewer.appeal(second, whole)
        self._lead.decide_appeal(made.appeal_id, "stands", whole)
        self.pages += [(Role.LEAD, f"/appeals/{made.appeal_id}")]

    def _protect(self, number: int, group: list[str], whole: str) -> None:
        """A hub with the texts in its terms and its stages, and what was done for whom it approached."""
        hub = hub_alert([approached(1000 + number, "hand_off")], hub=800_000 + number, sentence=whole, doubt=(whole,))
        hub.details["terms"] = [{"name": one, "value": 1.0, "says": one} for one in group[:8]]
        hub.details["newcomers"][0]["stage"] = hub.details["ladder"][0]["stage"] = group[0]
        opened = self._lead.casebook.propose([hub], lake_version="made up").opened
        self.pages += [(Role.LEAD, f"/cases/{case_id}") for case_id in opened]
        sage = self._acting(Role.SAFEGUARDING).safeguarding
        for row in sage.people(["waiting"]).rows:
            sage.offer_support(row.person_id, whole)
            self.pages += [(Role.SAFEGUARDING, f"/safeguarding/{row.person_id}")]

    def _ask(self, number: int, group: list[str], whole: str) -> None:
        """Requests, answered, with reasons and with names."""
        made = self._reviewer.ask("sanction", [account(number)], whole)
        self._lead.answer(made.request_id, True, whole)
        names = [one for one in group if one.strip()][:20]
        with suppress(SeawallError):  # none of them is a name that can be seen
            self._acting(Role.ADMINISTRATOR).ask("people of safeguarding", names, whole)
        self.pages += [(Role.LEAD, f"/requests/{made.request_id}")]

    def _list(self, number: int, group: list[str], whole: str) -> None:
        """Indicators: value, list, reason and source."""
        for one in (f"vote for the bed {number} {group[0]}", group[-1]):
            with suppress(SeawallError):  # what cannot be a phrase is refused
                terms = Terms(bank=group[0], reason=whole, source=whole)
                made = self._reviewer.indicators.add("phrase", one, terms)
                self.pages += [(Role.LEAD, f"/indicators/{made.id}")]

    def _name(self, cases: list[str], group: list[str], whole: str) -> None:
        """Names of campaigns, of people and of views."""
        made = self._lead.name_campaign(whole, cases, whole)
        self.pages += [(Role.LEAD, f"/campaigns/{made.campaign_id}")]
        with suppress(SeawallError):  # a name with what cannot be seen is refused
            self._acting(Role.ADMINISTRATOR).enrol(group[0][:90], Role.ANALYST)
        name = "".join(one for one in group[0] if one.isprintable())[:80].strip()
        with suppress(SeawallError):  # no more views than a person may keep
            kept = self._lead.preferences(self._lead.reviewer).get("views", ())
            views = [*kept, {"name": name, "query": f"text={name}"}]
            self._lead.set_preferences(self._lead.reviewer, {"views": views})


def whole_pages(planting: Planting) -> Iterator[tuple[Role, str]]:
    """Every page on which something of it can stand."""
    yield from planting.pages
    for path in (
        "/queue",
        "/campaigns",
        "/appeals",
        "/requests",
        "/overview",
        "/overview/cases",
        "/explore",
        "/quality",
    ):
        yield Role.LEAD, path
    for path in (
        "/indicators",
        "/sources",
        "/health",
        "/reviewers",
        "/you",
        "/you/tokens",
        "/you/sign-in",
        "/quality/blind",
    ):
        yield Role.LEAD, path
    yield Role.AUDITOR, "/audit"
    yield Role.ANALYST, "/explore?view=network"
    yield Role.SAFEGUARDING, "/safeguarding"
    yield Role.SAFEGUARDING, "/requests"
    messages = planting.served.workspace().messages(["account_id", "channel_id"])
    for page in range(1, planting.planted // 200 + 2):
        yield Role.LEAD, f"/explore?view=table&start={FIRST:%Y-%m-%d}&page={page}"
    for kind, name in (("channels", "channel_id"), ("accounts", "account_id")):
        for one in dict.fromkeys(messages[name].to_pylist()[-5:]):
            yield Role.LEAD, f"/{kind}/{one}"
