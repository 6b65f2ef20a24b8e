"""What a workspace offers about known content: its lists, a look at the past, and what of a thing is listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from seawall.casebook import Act
from seawall.protocols import Progress
from seawall.workspace.opened import OpenedFolder

if TYPE_CHECKING:
    from seawall.workspace.indicators import IndicatorList
    from seawall.workspace.indicators_match import MatchResult
    from seawall.workspace.indicators_rescan import RescanResult


class KnownContent(OpenedFolder):
    """The acts of a workspace that are about known content."""

    @property
    def indicators(self) -> IndicatorList:
        """The lists of known content."""
        from seawall.workspace.indicators import IndicatorList

        return IndicatorList(self)

    def rescan(self, names: Sequence[str] = (), *, progress: Progress | None = None) -> RescanResult:
        """Compare everything in the lake with the lists, and put what is found before people.

        It finds what watching would have found. After an interruption, run it again.

        Args:
            names: ids of indicators or names of lists; all of them where there are none.
            progress: called as messages are compared.

        Raises:
            RuleError: there is no such indicator, or it does not match now.
        """
        from seawall.workspace.indicators_rescan import rescan

        return rescan(self, names, progress)

    def match(self, thing: str) -> MatchResult:
        """What is listed of a text, an address, a hash or the file of this path. Only the audit is written.

        Raises:
            StorageError: the file cannot be read.
        """
        from seawall.workspace.indicators_match import match

        self.permit(Act.READ_INDICATORS)
        return match(self, thing)
