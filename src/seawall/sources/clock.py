"""How the times of one file are read: zone, order of day and month, and what had to be assumed."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from seawall.errors import ConfigurationError
from seawall.protocols import ReadOptions
from seawall.sources.tabular import Faults
from seawall.sources.times import FAULTS, UNREADABLE, date_order_of, parse_times
from seawall.sources.zones import zone_named

DATE_ORDERS = ("dmy", "mdy", "ymd")


@dataclass(frozen=True, slots=True)
class Clock:
    """Reads the columns of times of a file."""

    timezone: str | None
    date_order: str | None

    @classmethod
    def settled(
        cls, options: ReadOptions, sample: pa.Array | None, label: str, *, known_order: str | None = None
    ) -> Clock:
        """The clock of a file: what the user states, else what the format is known for, else what a sample proves.

        Raises:
            ConfigurationError: an option is not one of its values, or day and month could be mistaken.
        """
        if options.timezone is not None:
            zone_named(options.timezone)
        if options.date_order is not None and options.date_order not in DATE_ORDERS:
            raise ConfigurationError(
                "There is no such order of dates.", where="--date-order", mend=f"Use {', '.join(DATE_ORDERS)}."
            )
        order = options.date_order or known_order
        if order is None and sample is not None:
            order = date_order_of(sample, f"{label}, the column of times")
        return cls(options.timezone, order or "ymd")

    def read(self, values: pa.Array, name: str, faults: Faults, assumptions: set[str], *, required: bool) -> pa.Array:
        """A column as times. Where they are required, a missing or unreadable one is a fault of its record."""
        found = parse_times(values, timezone=self.timezone, date_order=self.date_order)
        if required:
            for code, reason in FAULTS.items():
                faults.add(found.faults == code, name, reason)
        elif (found.faults == UNREADABLE).any():
            assumptions.add(f"Values of {name} that are no times were left out.")
        if found.assumption:
            assumptions.add(found.assumption)
        return found.at
