"""What takes seconds and is computed beside the pages: how far it is, or what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from seawall.workspace.looking_jobs import Job

Found = TypeVar("Found")
PATIENCE = 0.2
"""Seconds for which a page waits for what is being computed."""


@dataclass(frozen=True, slots=True)
class Beside(Generic[Found]):
    """Something that was computed, or how far its computation is.

    Args:
        state: "ready", "working", "failed".
        doing: what is being done.
        done: of what is being done.
        total: of what is being done; None = not known.
        problem: why it failed, a sentence.
        mend: what to do about it; "" = nothing is known.
        found: what was computed; None while it is not there.
        as_of: when its computation began (UTC).
    """

    state: str
    doing: str = ""
    done: int = 0
    total: int | None = None
    problem: str = ""
    mend: str = ""
    found: Found | None = None
    as_of: datetime | None = None


def beside(job: Job[Found], patience: float = PATIENCE) -> Beside[Found]:
    """What a page says of a job.

    Args:
        job: that was begun.
        patience: seconds to wait for it.
    """
    job.ended.wait(patience)
    if not job.ended.is_set():
        return Beside("working", job.doing, job.done, job.total)
    if job.error is not None or job.found is None:
        error = job.error
        return Beside("failed", problem=error.what if error else "", mend=(error.mend or "") if error else "")
    return Beside("ready", found=job.found, as_of=job.begun)
