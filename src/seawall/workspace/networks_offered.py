"""What a workspace offers about who acted together: the network, and the messages behind one of its edges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from seawall.casebook import Act
from seawall.protocols import Progress
from seawall.workspace.opened import OpenedFolder

if TYPE_CHECKING:
    from seawall.measures.layers import LayeredNetwork


class NetworkReading(OpenedFolder):
    """What a workspace tells of who acted together."""

    def network(
        self,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        window: float | None = 60.0,
        layers: Sequence[str] | None = None,
        q: float = 0.05,
        min_repeats: int | None = None,
        progress: Progress | None = None,
    ) -> LayeredNetwork:
        """Who acted together, in all layers: see ``seawall.measures.network``. The read is audited.

        Args:
            start: messages from this time on (UTC).
            end: messages before this time (UTC).
            window: seconds, inclusive; None = estimated for each layer.
            layers: of ``seawall.measures.layers.LAYERS``; None = all but "similar", which reads every text.
            q: the rate of false discoveries among pairs.
            min_repeats: None: pairs that chance does not explain. A number: pairs with so many things in time in one
                layer, whatever chance gives.
            progress: called as messages are read.

        Raises:
            ConfigurationError: a layer that does not exist.
            MeasureError: a parameter that cannot be used.
        """
        from seawall.workspace.networks import network_of

        self.permit(Act.EXPLORE)
        return network_of(self, start, end, window, layers, q, min_repeats, progress)

    def messages_behind(
        self,
        source: str,
        target: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        window: float = 60.0,
        layers: Sequence[str] | None = None,
        progress: Progress | None = None,
    ) -> pa.Table:
        """The messages behind a pair of accounts, in the order of time. The read is audited.

        Columns: those of ``LayeredNetwork.evidence``, and ``text`` (of the source's message; null where none is kept).

        Raises:
            ConfigurationError: a layer that does not exist, or "similar".
            InputError: an account that wrote nothing in this time.
        """
        from seawall.workspace.networks import messages_behind

        self.permit(Act.EXPLORE)
        return messages_behind(self, source, target, start, end, window, layers, progress)
