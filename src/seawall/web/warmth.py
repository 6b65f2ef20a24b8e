"""Reads, beside the answers, what pages need of the records, so that the first page of the day need not wait for it."""

from __future__ import annotations

import logging
import threading
import time

from seawall.errors import SeawallError
from seawall.web.marking import _
from seawall.web.readiness import Check
from seawall.workspace import Workspace


class Warmth:
    """Whether what pages need is in memory.

    >>> Warmth().check().told
    'with the first page'
    """

    def __init__(self) -> None:
        self._begun = False
        self._seconds: float | None = None
        self._wrong: str | None = None

    def begin(self, workspace: Workspace) -> None:
        """Read it in a thread of its own; what is damaged is told by ``check``, and by the pages that need it."""
        self._begun = True
        threading.Thread(target=self._read, args=(workspace,), name="seawall-warmth", daemon=True).start()

    def check(self) -> Check:
        """How far it is, as a line of Health."""
        what = _("What pages need is in memory")
        if self._wrong is not None:
            return Check(what, False, self._wrong)
        if self._seconds is not None:
            return Check(what, True, f"{self._seconds:,.1f} s")
        return Check(what, True, _("being read now") if self._begun else _("with the first page"))

    def _read(self, workspace: Workspace) -> None:
        began = time.monotonic()
        try:
            workspace.warm()
        except SeawallError as error:
            self._wrong = error.what
        except Exception as error:
            logging.getLogger("seawall.web").exception("warming failed")
            self._wrong = type(error).__name__
        else:
            self._seconds = time.monotonic() - began
