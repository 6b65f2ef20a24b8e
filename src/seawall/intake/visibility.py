"""Who could read a message when it was written, and what may be kept of it. Nothing is guessed.

* *direct*: a platform's own direct or personal chat, or at most five participants: metadata only, except what a
  participant reported.
* *closed*: joined by invitation or approval: text, hashtags, fingerprints of media and full addresses are kept only
  where the operator states a basis; the place and domain of a link are kept as metadata.
* *public*: the rest.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import ConfigurationError
from seawall.model import Visibility

FEW_PARTICIPANTS = 5
"""A conversation of at most so many participants is direct, whatever the platform calls it."""

_ALLOWED = [str(value) for value in Visibility]


def channel_visibility(channels: pa.Table) -> pa.Array:
    """Visibility of each row of ``model.RAW_CHANNELS``: direct by its kind or size, else as told, else null."""
    kind = channels["kind"].combine_chunks()
    several = pc.is_in(kind, pa.array(["group", "room", "direct"]))
    participants = pc.list_value_length(channels["participants"].combine_chunks())
    sizes = pc.coalesce(participants.cast(pa.int64()), channels["members"].combine_chunks())
    few = pc.fill_null(pc.and_(pc.greater(sizes, 0), pc.less_equal(sizes, FEW_PARTICIPANTS)), False)
    direct = pc.or_(pc.equal(kind, "direct"), pc.and_(several, few))
    return pc.if_else(direct, str(Visibility.DIRECT), channels["visibility"].combine_chunks())


def effective(own: pa.Array, channel_ids: pa.Array, channels: pa.Table, stated: Visibility | None) -> pa.Array:
    """Visibility of each row: direct where its channel is, else its own, its channel's, or the stated one.

    Args:
        own: what the source tells of the row; strings, nullable.
        channel_ids: the row's channel as the platform has it; nullable.
        channels: ``model.RAW_CHANNELS`` of the same batch.
        stated: ``--visibility``.

    Raises:
        ConfigurationError: neither the source nor the user tells.
    """
    known = channel_visibility(channels)
    places = pc.index_in(channel_ids, channels["channel_id"].combine_chunks())
    of_channel = pc.if_else(pc.is_valid(channel_ids), known.take(places), None)
    told = pc.coalesce(own, of_channel, pa.scalar(str(stated) if stated is not None else None, pa.string()))
    if told.null_count:
        raise not_told()
    return pc.if_else(pc.fill_null(pc.equal(of_channel, "direct"), False), str(Visibility.DIRECT), told)


def of_interactions(interactions: pa.Table, channels: pa.Table, stated: Visibility | None) -> pa.Array:
    """Visibility of ``model.RAW_INTERACTIONS``, which decides how their ids are kept; closed where nobody tells."""
    places = interactions["channel_id"].combine_chunks()
    is_direct = pc.equal(interactions["kind"].combine_chunks(), "dm")
    own = pc.if_else(is_direct, str(Visibility.DIRECT), interactions["visibility"].combine_chunks())
    return effective(own, places, channels, stated if stated is not None else Visibility.CLOSED)


def is_known(visibility: pa.Array) -> pa.Array:
    """Whether each value is one of ``model.Visibility``.

    >>> is_known(pa.array(["public", "secret"])).to_pylist()
    [True, False]
    """
    return pc.is_in(visibility, pa.array(_ALLOWED))


def may_keep_text(visibility: pa.Array, reported: pa.Array, basis: str | None) -> pa.Array:
    """Whether the words of each row may be kept.

    >>> rows = pa.array(["public", "closed", "direct", "direct"])
    >>> may_keep_text(rows, pa.array([None, None, None, True]), None).to_pylist()
    [True, False, False, True]
    """
    allowed = pc.or_(pc.equal(visibility, "public"), pc.and_(pc.equal(visibility, "closed"), bool(basis)))
    return pc.or_(allowed, pc.and_(pc.equal(visibility, "direct"), pc.fill_null(reported, False)))


def not_told() -> ConfigurationError:
    """The refusal to guess."""
    return ConfigurationError(
        "This input does not tell who could read its messages, and Seawall does not guess.",
        where="option --visibility",
        mend="State it: --visibility public for what anyone could read, closed for groups joined by invitation "
        "or approval, direct for private conversations.",
    )
