"""Where reading goes on in a file: a checkpoint that is a number."""

from __future__ import annotations

from seawall.errors import ConfigurationError


def place_of(checkpoint: str | None) -> int:
    """The line, or the number of the record, up to which earlier batches hold everything; 0 at the beginning.

    >>> place_of(None), place_of("120")
    (0, 120)

    Raises:
        ConfigurationError: another source has written it.
    """
    if checkpoint is None:
        return 0
    if not (checkpoint.isascii() and checkpoint.isdigit() and len(checkpoint) < 19):
        raise ConfigurationError(
            "This is no checkpoint of this source.", where="checkpoint", mend="Import the file from its beginning."
        )
    return int(checkpoint)
