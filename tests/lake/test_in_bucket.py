"""What holds of a lake in a folder holds of one in a bucket: the same tests, word for word."""

# ruff: noqa: F401 - pytest finds the tests that are imported here, and gives them the lake below
from __future__ import annotations

import pytest

from seawall.lake import Lake
from tests.lake import test_erasure
from tests.lake.test_concurrency import test_readers_beside_the_writer_see_whole_batches_only
from tests.lake.test_erasure import (
    test_an_erased_account_does_not_come_back,
    test_earlier_versions_cannot_be_read,
    test_erasing_someone_unknown_changes_no_row,
    test_no_byte_of_an_erased_account_is_left,
    test_nothing_leads_to_an_erased_account,
    test_the_subject_is_given_what_is_held,
)
from tests.lake.test_retention import (
    test_a_hold_keeps_everything_of_the_account,
    test_compaction_changes_files_and_no_row,
    test_expired_rows_do_not_come_back_with_the_same_file,
    test_revisions_go_with_their_message,
    test_what_is_older_goes_and_the_rest_stays,
)
from tests.lake.test_views import (
    test_a_notice_of_deletion_is_folded_into_its_message,
    test_accounts_and_channels_are_one_row_each,
    test_an_open_reader_sees_its_own_moment,
    test_bounds_of_time_take_the_start_and_leave_the_end,
    test_edits_are_folded_into_their_message,
    test_handles_are_resolved_late,
    test_interactions_of_an_edited_message_are_read_once,
)
from tests.lake.test_writer import (
    test_a_batch_that_was_committed_is_not_written_again,
    test_a_failed_commit_can_be_repeated_in_the_same_process,
    test_a_longer_export_without_ids_adds_only_what_is_new,
    test_a_lost_index_is_read_back_from_the_lake,
    test_a_second_writer_is_refused,
    test_every_record_is_accounted_for,
    test_the_same_input_again_adds_nothing,
)


@pytest.fixture
def lake(in_bucket: Lake) -> Lake:
    """In a bucket."""
    return in_bucket


@pytest.mark.parametrize("step", [0, 3, 6])
def test_an_interrupted_erasure_completes(lake: Lake, step: int) -> None:
    """Interrupted at its beginning, in its middle or near its end, and run again, it leaves nothing."""
    test_erasure.test_an_interrupted_erasure_completes_when_run_again(lake, step)
