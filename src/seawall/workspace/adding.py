"""From files to the lake: recognise, read, clean, commit, and account for every record."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from seawall.errors import InputError
from seawall.intake.clean import Intake
from seawall.lake import FeedProgress, Lake, Receipt
from seawall.lake.ledger import batch_id
from seawall.measures.cores import available
from seawall.protocols import CleanBatch, Input, Progress, RawBatch, ReadOptions, Source
from seawall.sources import HASHING, by_name, digest, recognise, survey_paths
from seawall.vault import Vault
from seawall.workspace.pipeline import ahead, side_by_side
from seawall.workspace.results import AddResult, FileResult, IncompleteImportError

FILE_DIGITS = 16
"""How many hex digits of an input's SHA-256 stand for the file in the lake."""


@dataclass(frozen=True, slots=True)
class Import:
    """Where an import goes, and what the user stated about it."""

    lake: Lake
    vault: Vault | None
    intake: Callable[[Source], Intake]
    options: ReadOptions
    basis: str | None
    source: str | None
    progress: Progress | None

    def run(self, paths: Sequence[Path]) -> AddResult:
        """Read each input to its end.

        Raises:
            IncompleteImportError: an input could not be read to its end; the others were, and its
                ``result`` says what was kept.
        """
        began = time.perf_counter()
        chosen = by_name(self.source) if self.source else None
        found = survey_paths(paths, chosen, hash_media=self.options.hash_media)
        files = tuple(self._read_or_explain(file) for file in found.inputs)
        result = AddResult(files, found.left_out, time.perf_counter() - began, self.lake.version())
        failed = [file.error for file in files if file.error is not None]
        if failed:
            raise IncompleteImportError.of(failed, result)
        return result

    def _read_or_explain(self, file: Input) -> FileResult:
        counter = _Counter(file.label)
        try:
            self._read(file, counter)
        except InputError as error:
            counter.error = error
        return counter.result()

    def _read(self, file: Input, counter: _Counter) -> None:
        source = by_name(self.source) if self.source else recognise(file)
        counter.source = source.name
        if self.options.hash_media and source.name not in HASHING:
            counter.assume((f"Media were not hashed: exports that {source.name} reads do not hold them.",))
        content = digest(file)
        feed = feed_of(source, content, self.options, self.basis)
        before = self.lake.progress(feed)
        if before is not None:
            counter.count_earlier(before)
            if before.last:
                counter.already_here = True
                return
        cleaned = ahead(self._cleaned(file, source, content, feed, before, counter))
        for number, last, raw, clean in cleaned:
            if self.vault is not None and clean.identities is not None:
                self.vault.seal(clean.identities)
            receipt = self.lake.commit(
                clean,
                feed=feed,
                number=number,
                last=last,
                source=source.name,
                platform=raw.platform,
                extractor=f"{source.name}/{source.version}",
                checkpoint=raw.checkpoint,
            )
            counter.count(receipt)
            self._report(file, counter)

    def _cleaned(
        self,
        file: Input,
        source: Source,
        content: str,
        feed: str,
        before: FeedProgress | None,
        counter: _Counter,
    ) -> Iterator[tuple[int, bool, RawBatch, CleanBatch]]:
        intake = self.intake(source)
        now = datetime.now(UTC)

        def clean(batch: tuple[int, bool, RawBatch]) -> tuple[int, bool, RawBatch, CleanBatch]:
            number, last, raw = batch
            counter.assume(raw.assumptions)
            made = intake.clean(
                raw,
                file=content[:FILE_DIGITS],
                options=self.options,
                batch=batch_id(feed, number),
                collected_at=now,
            )
            return number, last, raw, made

        return side_by_side(clean, numbered(source, file, self.options, before), available())

    def _report(self, file: Input, counter: _Counter) -> None:
        if self.progress is not None:
            self.progress(f"reading {file.label}", counter.records, None)


def numbered(
    source: Source, file: Input, options: ReadOptions, before: FeedProgress | None
) -> Iterator[tuple[int, bool, RawBatch]]:
    """The batches that are not committed yet, each with its number and whether it is the last.

    Batches are cut deterministically, so that a source without checkpoints is read again from the
    beginning and what was committed is passed over.
    """
    done = before.number if before is not None else 0
    checkpoint = before.checkpoint if before is not None else None
    first = done + 1 if checkpoint is not None else 1
    pending: tuple[int, RawBatch] | None = None
    try:
        for number, raw in enumerate(ahead(source.read(file, options, checkpoint)), start=first):
            if pending is not None and pending[0] > done:
                yield pending[0], False, pending[1]
            pending = number, raw
    except InputError:
        if pending is not None and pending[0] > done:
            yield pending[0], False, pending[1]
        raise
    if pending is not None and pending[0] > done:
        yield pending[0], True, pending[1]


def feed_of(source: Source, content: str, options: ReadOptions, basis: str | None) -> str:
    """The name of the numbered stream of batches that these bytes give with these options."""
    stated = [
        dict(options.mapping),
        options.timezone,
        options.date_order,
        options.visibility,
        options.platform,
        options.encoding,
        basis is not None,
        source.version,
    ]
    given = hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()
    return f"{source.name}:{content[:32]}:{given[:16]}"


class _Counter:
    """Counts what becomes of one input while it is read."""

    def __init__(self, label: str) -> None:
        self._result = FileResult(label, "")
        self._reasons: Counter[str] = Counter()
        self._assumptions: dict[str, None] = {}
        self.source = ""
        self.already_here = False
        self.error: InputError | None = None

    @property
    def records(self) -> int:
        return self._result.records

    def count_earlier(self, before: FeedProgress) -> None:
        """Batches of an earlier run of the same import: their kept rows are duplicates now."""
        self._result = replace(
            self._result,
            records=before.records,
            rejected=before.rejected,
            duplicate=before.kept + before.duplicate,
        )

    def count(self, receipt: Receipt) -> None:
        so_far = self._result
        self._result = replace(
            so_far,
            records=so_far.records + receipt.records,
            kept=so_far.kept + receipt.kept,
            rejected=so_far.rejected + receipt.rejected,
            duplicate=so_far.duplicate + receipt.duplicate,
            revisions=so_far.revisions + receipt.revisions,
        )
        self._reasons.update(receipt.quarantine)

    def assume(self, sentences: Sequence[str]) -> None:
        self._assumptions.update(dict.fromkeys(sentences))

    def result(self) -> FileResult:
        return replace(
            self._result,
            source=self.source,
            reasons=dict(self._reasons.most_common()),
            assumptions=tuple(self._assumptions),
            already_here=self.already_here,
            error=self.error,
        )
