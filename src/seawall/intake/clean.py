"""The assembly: a raw batch in, a clean one out. Everything else in this folder is one step of it."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.accounts import aliases, identities_in_clear, seen_accounts, told_identities
from seawall.intake.channels import clean_channels, clean_coverage, clean_deletions, other_participant
from seawall.intake.context import Context
from seawall.intake.interactions import Interactions, derived, direct_messages, recorded, together
from seawall.intake.message_rows import MessageRows, prepare
from seawall.intake.messages import clean_messages
from seawall.intake.pseudonyms import Pseudonyms
from seawall.intake.rejects import deletion_reasons, interaction_reasons, message_reasons, quarantine, rejected
from seawall.intake.visibility import effective, of_interactions
from seawall.protocols import CleanBatch, RawBatch, ReadOptions


class Intake:
    """Turns what a source tells into what the lake may keep.

    Args:
        pseudonyms: the workspace's keyed hashes.
        source: name of the source.
        basis: on what basis text of closed groups is kept; null: it is not kept.
        keep_identities: give identities in clear beside the tables, for the vault.
        identify_language: look for the language where the source does not tell it.
    """

    def __init__(
        self,
        pseudonyms: Pseudonyms,
        *,
        source: str,
        basis: str | None,
        keep_identities: bool,
        identify_language: bool = True,
    ) -> None:
        self._pseudonyms = pseudonyms
        self._source = source
        self._basis = basis
        self._keep_identities = keep_identities
        self._identify_language = identify_language

    def clean(
        self,
        raw: RawBatch,
        *,
        file: str,
        options: ReadOptions,
        batch: int,
        collected_at: datetime,
        latest: datetime | None = None,
    ) -> CleanBatch:
        """Tables for all of ``model.TABLES`` except ``batches``, with their exact schemas.

        Args:
            raw: records of one input; a channel that they name must be among ``raw.channels`` where the source
                tells anything of it.
            file: first 16 hexadecimal digits of the input's SHA-256.
            options: what the user stated.
            batch: number of the batch.
            collected_at: when the records were collected, with a time zone.
            latest: a later time that has been already, where the clock was set back since; two days after it the
                future begins.

        Raises:
            ConfigurationError: neither source nor user tells who could read the messages.
        """
        context = self._context(raw, file, batch, collected_at)
        now = collected_at if latest is None else max(collected_at, latest)
        rows, bad_messages = _good_messages(raw, options, context, now)
        is_message = pc.or_(pc.not_equal(rows.visibility, "direct"), pc.fill_null(rows.column("reported"), False))
        kept = rows.filter(is_message)
        own, bad_interactions = _own_interactions(raw, rows.filter(pc.invert(is_message)), options, context, now)
        bad_deletions, good = rejected(raw.deletions["position"], deletion_reasons(raw.deletions, now))
        deletions = raw.deletions.filter(good)
        messages = clean_messages(kept, context)
        interactions = together([derived(kept, messages.mentions, context), *own])
        told = told_identities(rows.raw, raw.interactions)
        tables = {
            "messages": messages.table,
            "interactions": interactions.table,
            "accounts": seen_accounts(rows, own[1].table, context),
            "aliases": aliases(told, context),
            "channels": clean_channels(raw.channels, raw.messages, options.visibility, context),
            "deletions": clean_deletions(deletions, raw.channels, options.visibility, context),
            "coverage": clean_coverage(raw.coverage, context),
            "quarantine": quarantine(context, [raw.rejected, bad_messages, bad_interactions, bad_deletions]),
        }
        return CleanBatch(
            records=raw.records,
            tables=tables,
            message_keys=kept.keys(context),
            interaction_keys=interactions.keys,
            parents=interactions.parents,
            identities=identities_in_clear(told, raw.channels, context) if self._keep_identities else None,
        )

    def _context(self, raw: RawBatch, file: str, batch: int, collected_at: datetime) -> Context:
        return Context(
            platform=raw.platform,
            source=self._source,
            file=file,
            batch=batch,
            collected_at=collected_at,
            basis=self._basis,
            identify_language=self._identify_language,
            ids_within_channel=raw.ids_within_channel,
            ids_name_accounts=raw.ids_name_accounts,
            pseudonyms=self._pseudonyms,
        )


def _good_messages(
    raw: RawBatch, options: ReadOptions, context: Context, now: datetime
) -> tuple[MessageRows, pa.Table]:
    """The messages that can be kept, and the records of those that cannot."""
    messages = raw.messages.combine_chunks()
    account = context.pseudonyms.accounts(context.platform, messages["account"].combine_chunks())
    own, channel = (messages[name].combine_chunks() for name in ("visibility", "channel_id"))
    visibility = effective(own, channel, raw.channels.combine_chunks(), options.visibility)
    reasons = message_reasons(messages, account, visibility, now)
    bad, good = rejected(messages["position"], reasons)
    if bad.num_rows:
        messages, account, visibility = messages.filter(good), account.filter(good), visibility.filter(good)
    return prepare(messages, account, visibility, context), bad


def _own_interactions(
    raw: RawBatch, direct: MessageRows, options: ReadOptions, context: Context, now: datetime
) -> tuple[list[Interactions], pa.Table]:
    """Direct messages as interactions, and those that the source records; the bad ones beside them."""
    others = other_participant(raw.channels, direct.column("channel_id"), direct.account, context)
    records = raw.interactions.combine_chunks()
    source = context.pseudonyms.accounts(context.platform, records["source_account"].combine_chunks())
    bad, good = rejected(records["position"], interaction_reasons(records, source, now))
    records = records.filter(good).combine_chunks()
    visibility = of_interactions(records, raw.channels.combine_chunks(), options.visibility)
    own = recorded(records, source.filter(good), visibility, context)
    return [direct_messages(direct, others, context), own], bad
