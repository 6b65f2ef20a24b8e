"""What the tests of the casebook prove of a file holds of a database as well: the same tests, on a real server."""

from __future__ import annotations

from tests.casebook import (
    test_audit,
    test_campaigns,
    test_casebook,
    test_deciding,
    test_deciding_many,
    test_drafts,
    test_erasing,
    test_holding,
    test_indicators,
    test_proposing,
    test_queue,
)
from tests.casebook.postgresql.same import taken

globals().update(
    taken(
        test_audit,
        test_campaigns,
        test_casebook,
        test_deciding,
        test_deciding_many,
        test_drafts,
        test_erasing,
        test_holding,
        test_indicators,
        test_proposing,
        test_queue,
        but=frozenset(
            {
                "test_a_casebook_of_an_older_seawall_has_a_queue",
                "test_a_damaged_file_is_a_problem_and_not_a_traceback",
                "test_a_missing_guard_is_reported",
                "test_a_reader_that_keeps_old_bytes_alive_is_reported",
                "test_an_act_without_its_audit_entry_does_not_happen",
                "test_erasing_an_account_reaches_everything_that_people_wrote",
                "test_erasing_an_account_removes_its_sightings",
                "test_no_byte_of_an_erased_account_stays",
                "test_only_the_owner_may_read_the_file",
                "test_processes_that_decide_at_once_neither_lose_nor_double",
                "test_the_audit_table_refuses_changes",
            }
        ),
    )
)
