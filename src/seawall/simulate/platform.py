"""Which acts a platform has: what is planted shows no others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import ConfigurationError
from seawall.model import INTERACTION_KINDS


@dataclass(frozen=True, slots=True)
class Platform:
    """What can be seen on a platform.

    Args:
        kinds: the kinds of interactions (``seawall.model.INTERACTION_KINDS``).
        contacts: whether outside addresses are found.
        reply_keys: whether there are keys of words.
        channels: whether channels are told.
        lengths: whether lengths are told.

    Raises:
        ConfigurationError: an unknown kind, or neither public acts nor direct messages.
    """

    kinds: frozenset[str] = frozenset(INTERACTION_KINDS) - {"contact_shared"}
    contacts: bool = True
    reply_keys: bool = True
    channels: bool = True
    lengths: bool = True

    def __post_init__(self) -> None:
        unknown = sorted(self.kinds - set(INTERACTION_KINDS))
        if unknown:
            raise ConfigurationError(
                f"There is no kind of interaction {unknown[0]!r}.",
                where="platform", mend=f"There are: {', '.join(INTERACTION_KINDS)}.",
            )  # fmt: skip
        if not self.public and "dm" not in self.kinds:
            raise ConfigurationError(
                "Nobody can be met on a platform without mentions, replies and direct messages.", where="platform"
            )

    @property
    def public(self) -> tuple[str, ...]:
        """The kinds by which somebody is spoken to in public."""
        return tuple(kind for kind in ("mention", "reply") if kind in self.kinds)

    @classmethod
    def of(cls, interactions: pa.Table) -> Platform:
        """What these interactions (of ``SIMULATED``) show."""
        kinds = frozenset(pc.unique(interactions["kind"]).to_pylist())
        told = {
            name: interactions[column].null_count < interactions.num_rows
            for name, column in (
                ("contacts", "contact_kind"),
                ("reply_keys", "reply_key"),
                ("channels", "channel"),
                ("lengths", "length_class"),
            )
        }
        return cls(kinds, **told)

    def as_dict(self) -> dict[str, Any]:
        """The platform for JSON."""
        return {
            "kinds": sorted(self.kinds),
            "contacts": self.contacts,
            "reply_keys": self.reply_keys,
            "channels": self.channels,
            "lengths": self.lengths,
        }
