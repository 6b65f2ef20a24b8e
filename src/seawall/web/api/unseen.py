"""What a rule does not let one see is answered as what is not there."""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager

from seawall.casebook import QueueFilter, QueueRow
from seawall.errors import InputError, MeasureError, RuleError
from seawall.web.api.calling import Calling
from seawall.web.api.shape import MOST_ROWS
from seawall.web.refusals import Hidden


@contextmanager
def unseen() -> Generator[None, None, None]:
    """Within it, what is refused is not there.

    Raises:
        Hidden: something was refused.
    """
    try:
        yield
    except (RuleError, InputError, MeasureError):
        raise Hidden from None


def case_row(calling: Calling, case_id: str) -> QueueRow:
    """The line of a case that the caller may see.

    Raises:
        Hidden: there is none.
    """
    return _rows(calling, [case_id])[0]


def all_there(calling: Calling, case_ids: Collection[str]) -> None:
    """Go on only where the caller may see every one of the cases, 200 at most.

    Raises:
        Hidden: one of them is not there.
    """
    if case_ids:
        _rows(calling, case_ids)


def _rows(calling: Calling, case_ids: Collection[str]) -> Sequence[QueueRow]:
    with unseen():
        wanted = QueueFilter(status=(), cases=tuple(case_ids))
        found = calling.workspace.casebook.queue.page(wanted, reviewer=calling.token.name, limit=MOST_ROWS).rows
    if {row.case_id for row in found} != set(case_ids):
        raise Hidden
    return found
