"""What a running console holds: the workspace, its settings, and what lives in memory only."""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request

import seawall
from seawall.web.api.kept_answers import KeptAnswers
from seawall.web.counting import Counts
from seawall.web.kept import KeptForms
from seawall.web.limits import Limiter
from seawall.web.oidc_begun import Begins
from seawall.web.routes import Pages
from seawall.web.settings import ConsoleSettings
from seawall.web.templating import Templates
from seawall.web.warmth import Warmth
from seawall.workspace import Workspace

MOST_NOTES = 5_000


class Notes:
    """A sentence for a person's next page, as after an act."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, list[str]] = OrderedDict()
        self._lock = threading.Lock()

    def say(self, session: str, sentence: str) -> None:
        """Put a sentence on the next page of a session (its form token stands for it)."""
        with self._lock:
            self._waiting.setdefault(session, []).append(sentence)
            if len(self._waiting) > MOST_NOTES:
                self._waiting.popitem(last=False)

    def take(self, session: str) -> tuple[str, ...]:
        """The sentences that wait; they wait no longer."""
        with self._lock:
            return tuple(self._waiting.pop(session, ()))


@dataclass
class Console:
    """One console over one workspace."""

    workspace: Workspace  # acts as nobody; see ``acting_as``
    settings: ConsoleSettings
    pages: Pages
    templates: Templates
    limiter: Limiter = field(default_factory=Limiter)
    kept: KeptForms = field(default_factory=KeptForms)
    notes: Notes = field(default_factory=Notes)
    begins: Begins = field(default_factory=Begins)
    counts: Counts = field(default_factory=Counts)
    warmth: Warmth = field(default_factory=Warmth)
    answers: KeptAnswers = field(default_factory=KeptAnswers)

    @property
    def cookie(self) -> str:
        """The name of the session's cookie. Browsers take one with __Host- through TLS and for this host alone."""
        return "__Host-seawall" if self.settings.secure else "seawall"

    def acting_as(self, name: str) -> Workspace:
        """The workspace for a person. Connections are made anew for each act, so that threads may share the rest."""
        other = copy.copy(self.workspace)
        other.reviewer = name
        return other


def opened(folder: Path) -> Workspace:
    """The workspace of a console, with its casebook open.

    Raises:
        WorkspaceError: there is none, or a newer Seawall wrote it.
        StorageError: the casebook cannot be opened.
    """
    workspace = seawall.open(folder)
    workspace.casebook.reviewers()  # opens it once, for every copy
    return workspace


def console_of(place: Request | FastAPI) -> Console:
    """The console that a request came to."""
    app = place.app if isinstance(place, Request) else place
    found: Console = app.state.console
    return found
