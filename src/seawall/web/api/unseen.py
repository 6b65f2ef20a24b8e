"""What a rule does not let one see is answered as what is not there."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from seawall.casebook import QueueFilter, QueueRow
from seawall.errors import InputError, MeasureError, RuleError
from seawall.web.api.calling import Calling
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
    with unseen():
        wanted = QueueFilter(status=(), cases=(case_id,))
        found = calling.workspace.casebook.queue.page(wanted, reviewer=calling.token.name).rows
    if not found:
        raise Hidden
    return found[0]
