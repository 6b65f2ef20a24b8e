"""Messages as the lake keeps them: text with typed tokens, text key, language, links, hashtags, mentions."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.context import Context
from seawall.intake.hashtags import hashtags
from seawall.intake.language import identify, told
from seawall.intake.links import extract_links
from seawall.intake.lists import first_told, none_if_empty, with_values
from seawall.intake.mentions import mention_handles
from seawall.intake.message_rows import MessageRows, lake_ids
from seawall.intake.names import ToldNames, told_names
from seawall.intake.withheld import where_kept, without_hidden_bytes
from seawall.measures.text.match_key import match_keys
from seawall.model import LINK, MEDIA, MESSAGES, RAW_REF


@dataclass(frozen=True, slots=True)
class Clean:
    """The table, and what is derived from it."""

    table: pa.Table  # model.MESSAGES
    mentions: pa.ListArray  # account ids


def clean_messages(rows: MessageRows, context: Context) -> Clean:
    """``model.MESSAGES`` from rows whose visibility lets them be messages."""
    keep = rows.keeps_text(context.basis)
    raw_text = rows.column("text")
    kept_text = raw_text if pc.all(keep).as_py() else where_kept(raw_text, keep)
    languages, confidence = _languages(rows, kept_text, context)
    mentions = _mentions(rows, raw_text, context)
    names = told_names(rows)
    stored = names.hide_in_texts(kept_text)
    columns = {
        "message_id": rows.message_id,
        "channel_id": rows.channel,
        "account_id": rows.account,
        "collected_at": pa.repeat(pa.scalar(context.collected_at, MESSAGES.field("collected_at").type), len(keep)),
        "visibility": rows.visibility,
        "text": stored,
        "text_key": match_keys(stored),  # of what is stored: anybody can compute a key, so it must hold no address
        "language": languages,
        "language_confidence": confidence,
        "mentions": none_if_empty(mentions),
        "links": _links(rows, raw_text, keep, names, context),
        "hashtags": _hashtags(rows, kept_text, keep, names),
        "media": _media(rows.column("media"), keep),
        "raw_ref": _raw_ref(rows.column("position"), context),
    }
    columns |= {name: rows.column(name) for name in ("sent_at", "kind", "edited_at", "deleted_at")}
    for name in ("reply_to", "repost_of", "thread_of"):
        columns[name] = lake_ids(rows.column(name), rows.channel, rows.visibility, context)
    return Clean(context.table(MESSAGES, len(keep), columns), mentions)


def _languages(rows: MessageRows, texts: pa.Array, context: Context) -> tuple[pa.Array, pa.Array]:
    """As told; else as identified, with the confidence; null where nothing may be looked at."""
    codes = told(rows.column("language"))
    untold = pc.and_(pc.is_null(codes), pc.is_valid(texts))
    if not context.identify_language or not pc.any(untold).as_py():
        return codes, pa.nulls(len(codes), pa.float32())
    found, confidence = identify(texts.filter(untold))
    confidences = pa.nulls(len(codes), pa.float32())
    return (
        pc.replace_with_mask(codes, untold, found.cast(codes.type)),
        pc.replace_with_mask(confidences, untold, confidence.cast(pa.float32())),
    )


def _mentions(rows: MessageRows, texts: pa.Array, context: Context) -> pa.ListArray:
    """Accounts that the source tells, else those whose @handle stands in the text."""
    if rows.mentions.null_count == 0:
        return rows.mentions
    handles = mention_handles(pc.if_else(pc.is_null(rows.mentions), texts, None))
    found = with_values(handles, context.pseudonyms.handles(context.platform, handles.flatten().cast(pa.string())))
    return first_told(rows.mentions, found)


def _hashtags(rows: MessageRows, texts: pa.Array, keep: pa.Array, names: ToldNames) -> pa.ListArray:
    """As told, else as found; none where the words may not be kept."""
    tags = first_told(rows.column("hashtags"), hashtags(texts))
    if not pc.all(keep).as_py():
        tags = where_kept(tags, keep)
    return names.hide_in_lists(none_if_empty(tags))


def _links(rows: MessageRows, texts: pa.Array, keep: pa.Array, names: ToldNames, context: Context) -> pa.ListArray:
    """Links of the text and those told beside it; without their address where the words may not be kept."""
    given = rows.column("links")
    links = extract_links(texts, given if given.null_count < len(given) else None, context.pseudonyms.hide)
    url, domain, place = links.flatten().flatten()
    url = names.hide_in_addresses(url)
    if not pc.all(keep).as_py():
        url = where_kept(url, keep.take(pc.list_parent_indices(links)))
    return with_values(links, pa.StructArray.from_arrays([url, domain, place], fields=list(LINK)))


def _media(media: pa.ListArray, keep: pa.Array) -> pa.ListArray:
    """Kind and size; fingerprints only where the content may be kept."""
    media = without_hidden_bytes(media)
    if media.null_count == len(media) or pc.all(keep).as_py():
        return media
    kind, size, *prints = media.flatten().flatten()
    readable = keep.take(pc.list_parent_indices(media))
    prints = [where_kept(column, readable) for column in prints]
    return with_values(media, pa.StructArray.from_arrays([kind, size, *prints], fields=list(MEDIA)))


def _raw_ref(positions: pa.Array, context: Context) -> pa.StructArray:
    files = pa.repeat(pa.scalar(context.file, pa.string()), len(positions))
    return pa.StructArray.from_arrays([files, positions], fields=list(RAW_REF))
