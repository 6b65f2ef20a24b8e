"""The good messages of a batch with what every later step needs: pseudonyms, visibility, ids and row keys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.context import Context
from seawall.intake.lists import with_values
from seawall.intake.row_keys import Hashes, as_ids, edit_times, hash_rows
from seawall.intake.visibility import may_keep_text
from seawall.model import RAW_ACT, RAW_MEDIA
from seawall.protocols import RowKeys

_ONCE_TOLD = [RAW_MEDIA.field(name) for name in ("sha256", "pdq", "quality")]
"""Hashes of media that content keys held before; their nulls stay in, so that what was imported then is known again."""

_CLEAN_COLUMNS = (
    "account",
    "channel",
    "visibility",
    "reply_to_account",
    "repost_of_account",
    "mentions",
    "acts",
    "actors",
    "message_id",
)

_ACT_TARGET, _ACT_SOURCE = (RAW_ACT.get_field_index(name) for name in ("target", "source"))


@dataclass(frozen=True, slots=True)
class MessageRows:
    """Raw messages side by side with what stands for their identities; one entry a row in each column."""

    raw: pa.Table  # one chunk a column
    account: pa.Array
    channel: pa.Array
    visibility: pa.Array
    reply_to_account: pa.Array
    repost_of_account: pa.Array
    mentions: pa.ListArray  # null = not told
    acts: pa.ListArray  # pseudonyms of the targets
    actors: pa.ListArray  # pseudonyms of who acts, where that is not the message's account; null = it is
    message_id: pa.Array
    contents: Hashes
    counted: npt.NDArray[np.bool_]

    def column(self, name: str) -> pa.Array:
        """A raw column."""
        return self.raw[name].chunk(0) if self.raw.num_rows else pa.array([], self.raw.schema.field(name).type)

    def filter(self, which: pa.Array) -> MessageRows:
        """Some of the rows, in the same order."""
        chosen = which.to_numpy(zero_copy_only=False)
        columns = {name: getattr(self, name).filter(which) for name in _CLEAN_COLUMNS}
        raw = self.raw.filter(which).combine_chunks()
        return MessageRows(raw=raw, contents=self.contents[chosen], counted=self.counted[chosen], **columns)

    def keeps_text(self, basis: str | None) -> pa.Array:
        """Whether the words of each row may be kept."""
        return may_keep_text(self.visibility, self.column("reported"), basis)

    def keys(self, context: Context) -> RowKeys:
        """What the lake compares."""
        ids = hash_rows([self.message_id], context.pseudonyms.index_key)
        return RowKeys(ids, self.contents, edit_times(self.column("edited_at")), self.counted)


def prepare(raw: pa.Table, account: pa.Array, visibility: pa.Array, context: Context) -> MessageRows:
    """Pseudonyms, ids and row keys of ``model.RAW_MESSAGES`` whose accounts and visibility are known."""
    pseudonyms, platform = context.pseudonyms, context.platform
    raw = raw.combine_chunks()
    column = {name: raw[name].combine_chunks() for name in raw.column_names}
    channel = pseudonyms.channels(platform, column["channel_id"])
    reply_to_account = pseudonyms.accounts(platform, column["reply_to_account"])
    repost_of_account = pseudonyms.accounts(platform, column["repost_of_account"])
    mentions = with_values(column["mentions"], pseudonyms.accounts(platform, column["mentions"].flatten()))
    acts, actors = (
        with_values(column["acts"], pseudonyms.accounts(platform, pc.struct_field(column["acts"].flatten(), [field])))
        for field in (_ACT_TARGET, _ACT_SOURCE)
    )
    told = ("text", "sent_at", "kind", "reply_to", "repost_of", "thread_of", "language", "links", "media")
    said = [_as_told(column[name]) if name == "media" else column[name] for name in told]
    contents = hash_rows(
        [*said, account, channel, reply_to_account, repost_of_account, mentions],
        pseudonyms.index_key,
    )
    ids = none_if_blank(column["message_id"])
    return MessageRows(
        raw=raw,
        account=account,
        channel=channel,
        visibility=visibility,
        reply_to_account=reply_to_account,
        repost_of_account=repost_of_account,
        mentions=mentions,
        acts=acts,
        actors=actors,
        message_id=_message_ids(ids, contents, channel, visibility, context),
        contents=contents,
        counted=pc.is_null(ids).to_numpy(zero_copy_only=False),
    )


def _as_told(media: pa.ListArray) -> pa.ListArray:
    """Media without their hashes, which depend on whether they were asked for and on the files beside an export."""
    if media.null_count == len(media):
        return media
    kind, size, *_ = media.flatten().flatten()
    unknown = [pa.nulls(len(kind), field.type) for field in _ONCE_TOLD]
    fields = [RAW_MEDIA.field("kind"), RAW_MEDIA.field("bytes"), *_ONCE_TOLD]
    return with_values(media, pa.StructArray.from_arrays([kind, size, *unknown], fields=fields))


def none_if_blank(ids: pa.Array) -> pa.Array:
    """An empty id is no id.

    >>> none_if_blank(pa.array(["", "7"])).to_pylist()
    [None, '7']
    """
    return ids if ids.null_count == len(ids) else pc.if_else(pc.equal(ids, ""), None, ids)


def _message_ids(
    ids: pa.Array, contents: Hashes, channel: pa.Array, visibility: pa.Array, context: Context
) -> pa.Array:
    """Ids of the lake; where the source has none, the hash of what it tells, and the lake counts repetitions."""
    scoped = lake_ids(ids, channel, visibility, context)
    missing = pc.is_null(ids)
    if not pc.any(missing).as_py():
        return scoped
    made = pc.binary_join_element_wise(context.platform, as_ids(contents[missing.to_numpy(zero_copy_only=False)]), ":~")
    return pc.replace_with_mask(scoped, missing, made)


def lake_ids(ids: pa.Array, channel: pa.Array, visibility: pa.Array, context: Context) -> pa.Array:
    """``platform:[channel:]id`` of messages; the id of a closed or direct one is replaced by a keyed hash.

    Args:
        ids: as the platform has them; nullable.
        channel: channel pseudonyms of the same rows, used where ids count per channel.
        visibility: of the row that names the id: a reply is as visible as what it replies to.
    """
    ids = none_if_blank(ids)
    if ids.null_count == len(ids):
        return pa.nulls(len(ids), pa.string())
    if context.ids_name_accounts:
        ids = context.pseudonyms.names_in_ids(context.platform, ids)
    within = pc.fill_null(channel, "") if context.ids_within_channel else None
    hidden = pc.not_equal(visibility, "public")
    if pc.any(hidden).as_py():
        scoped = ids if within is None else pc.binary_join_element_wise(within, ids, ":")
        ids = pc.if_else(hidden, context.pseudonyms.messages(context.platform, pc.if_else(hidden, scoped, None)), ids)
    parts = [context.platform, ids] if within is None else [context.platform, within, ids]
    return pc.binary_join_element_wise(*parts, ":")
