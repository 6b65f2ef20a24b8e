"""What a workspace offers about copies: the texts that were copied most, and how one of them spread."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from seawall.casebook import Act
from seawall.protocols import Progress
from seawall.workspace.opened import OpenedFolder

if TYPE_CHECKING:
    from seawall.workspace.clustering import ClusterShown


class ClusterReading(OpenedFolder):
    """What a workspace says of copies."""

    def clusters(
        self,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        least: int = 3,
        most: int = 20,
        progress: Progress | None = None,
    ) -> pa.Table:
        """The texts that were copied most, near-copies joined, the fastest first. The read is audited.

        Args:
            start: UTC, inclusive.
            end: UTC, exclusive.
            least: the least number of copies.
            most: so many clusters.
            progress: called with what is being done.

        Returns:
            The columns of ``seawall.workspace.clustering.CLUSTERS``.
        """
        from seawall.workspace.clustering import clusters

        self.permit(Act.EXPLORE)
        return clusters(self, start, end, least, most, progress)

    def cluster(
        self, name: str, *, start: datetime | None = None, end: datetime | None = None, progress: Progress | None = None
    ) -> ClusterShown:
        """How one text spread, and how its public copies differ. The read is audited.

        Raises:
            ConfigurationError: no cluster of this time has the name.
        """
        from seawall.workspace.clustering import cluster

        self.permit(Act.EXPLORE)
        return cluster(self, name, start, end, progress)
