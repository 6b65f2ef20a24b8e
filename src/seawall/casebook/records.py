"""An alert as the casebook keeps it: its id, its body, and the marks by which alerts are found to overlap."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from seawall.casebook.canonical import canonical, digest, micros, plain
from seawall.model import Alert, Severity, Subject

EVIDENCE = "evidence"
"""The kind of mark that a message or interaction in evidence makes; subjects make marks of their own kind."""


@dataclass(frozen=True)
class Claim:
    """An alert together with everything that is computed from it."""

    alert: Alert

    @cached_property
    def family(self) -> str:
        """The same detector with the same parameters."""
        return digest(self.alert.detector, self.alert.parameters)

    @cached_property
    def name(self) -> str:
        """The id that this alert gives itself: detector, parameters, first subject and anchor."""
        first = self.alert.subjects[0] if self.alert.subjects else Subject("none", "")
        return digest(self.family, first.kind, first.id, self.alert.anchor)[:32]

    @cached_property
    def body(self) -> str:
        """Everything the detector said, as canonical JSON; the lake's version stands beside it."""
        alert = self.alert
        return canonical(
            {
                "detector": alert.detector,
                "version": alert.version,
                "parameters": alert.parameters,
                "anchor": alert.anchor,
                "start": alert.start,
                "end": alert.end,
                "subjects": [[subject.kind, subject.id] for subject in alert.subjects],
                "severity": alert.severity.value,
                "score": alert.score,
                "sentence": alert.sentence,
                "evidence": alert.evidence,
                "doubt": alert.doubt,
                "p": alert.p,
                "q": alert.q,
                "observed": alert.observed,
                "expected": alert.expected,
                "details": alert.details,
            }
        )

    @cached_property
    def fingerprint(self) -> str:
        """Equal for alerts that say the same."""
        return digest(self.body)

    @cached_property
    def subjects(self) -> frozenset[Subject]:
        """What it is about."""
        return frozenset(self.alert.subjects)

    @cached_property
    def marks(self) -> frozenset[tuple[str, str]]:
        """(kind, id) of each subject and each piece of evidence."""
        found = {(subject.kind, subject.id) for subject in self.alert.subjects}
        return frozenset(found | {(EVIDENCE, one) for one in self.alert.evidence})

    @cached_property
    def _by_kind(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for kind, one in self.marks:
            found.setdefault(kind, set()).add(one)
        return {kind: frozenset(ids) for kind, ids in found.items()}

    def of_kind(self, kind: str) -> frozenset[str]:
        """The ids of its marks of one kind."""
        return self._by_kind.get(kind, frozenset())

    @cached_property
    def messages(self) -> frozenset[str]:
        """Messages that it is about or rests on."""
        return self.of_kind("message") | self.of_kind(EVIDENCE)

    @cached_property
    def starts(self) -> int:
        """Begin in UTC microseconds."""
        return micros(self.alert.start)

    @cached_property
    def ends(self) -> int:
        """End in UTC microseconds."""
        return micros(self.alert.end)

    @property
    def priority(self) -> tuple[int, float]:
        """Severity, then confidence."""
        return self.alert.severity.rank, float(plain(float(self.alert.score)) or 0.0)


def from_body(body: str, lake_version: str | None) -> Alert:
    """The alert that ``Claim.body`` wrote."""
    fields: dict[str, Any] = json.loads(body)
    return Alert(
        detector=fields["detector"],
        version=fields["version"],
        parameters=fields["parameters"],
        anchor=fields["anchor"],
        start=datetime.fromisoformat(fields["start"]),
        end=datetime.fromisoformat(fields["end"]),
        subjects=tuple(Subject(kind, one) for kind, one in fields["subjects"]),
        severity=Severity(fields["severity"]),
        score=fields["score"] or 0.0,
        sentence=fields["sentence"],
        evidence=tuple(fields["evidence"]),
        doubt=tuple(fields["doubt"]),
        p=fields["p"],
        q=fields["q"],
        observed=fields["observed"],
        expected=fields["expected"],
        details=fields["details"],
        lake_version=lake_version,
    )
