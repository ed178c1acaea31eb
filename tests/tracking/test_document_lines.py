"""Every line of practice-tracking.md §6, §7 and §10, and the tests that hold it.

The table names tests as `module.function`, without `test_`; a line whose test is gone fails here.
"""

from importlib import import_module

import pytest

LINES = {
    # §6 Operations
    "create: requires skill, date, duration, description": [
        "log_practice.what_the_document_requires_is_required",
        "log_practice.a_session_is_logged",
    ],
    "create: ratings are optional": ["log_practice.ratings_are_optional"],
    "create: the system sets created timestamp and user": [
        "log_practice.user_and_creation_are_set_by_the_system"
    ],
    "read: filter by skill, by date range": [
        "list_logs.filters_by_skill_and_by_dates_with_both_ends"
    ],
    "read: newest first": [
        "list_logs.the_list_is_newest_first_by_date_whatever_the_order_of_entry"
    ],
    "read: paginate large lists": [
        "list_logs.pages_walk_everything_once_even_thousands_on_one_date",
        "list_logs.a_page_that_ends_exactly_has_no_next",
    ],
    "update: can change date, duration, description, ratings": [
        "edit_log.what_may_change_changes",
        "edit_log.an_edit_obeys_the_same_limits",
    ],
    "update: cannot change skill, user, created timestamp": [
        "edit_log.what_may_not_change_is_400_and_changes_nothing"
    ],
    "delete: associated evidence too": [
        "delete_log.deleting_a_log_deletes_its_evidence_and_restoring_brings_both_back"
    ],
    "delete: ask for confirmation": ["pages_logs.deleting_asks_and_can_be_undone"],
    "evidence: requires type, content": ["evidence_api.type_and_content_are_required"],
    "evidence: to a log, or to the skill": [
        "evidence_api.a_link_is_attached_to_a_log",
        "evidence_api.a_note_is_attached_to_a_skill_in_general",
        "evidence_api.it_belongs_to_a_log_or_a_skill_never_to_neither",
    ],
    "view evidence: grouped by session": ["progress_api.the_timeline_groups_evidence_by_session"],
    "view evidence: chronologically": [
        "evidence_api.a_skills_evidence_includes_that_of_its_logs_oldest_first"
    ],
    # §7 Validation: both edges stand in the parameters of these
    "duration: positive, at most 1440": ["log_practice.minutes_are_whole_from_one_to_a_day"],
    "date: not in the future": [
        "log_practice.today_is_allowed_and_tomorrow_is_the_future",
        "log_practice.the_future_begins_at_midnight_of_the_learners_own_calendar",
        "log_practice.a_date_that_is_none_is_400",
    ],
    "description: 10 to 500": ["log_practice.a_description_is_trimmed_then_counted"],
    "difficulty and confidence: 1 to 5": ["log_practice.ratings_are_one_to_five"],
    "own skills only": ["own_logs_only.practice_is_logged_on_ones_own_skills_only"],
    "evidence type: link, note or screenshot": ["evidence_api.type_and_content_are_required"],
    "link: a valid URL": ["evidence_api.a_link_is_an_http_url"],
    "note: at most 2000": ["evidence_api.a_note_has_at_most_2000_characters"],
    "screenshot: filename required": [
        "evidence_api.bad_screenshot_metadata_is_400",
        "evidence_api.a_screenshots_upload_time_is_now_unless_told",
    ],
    # §10 Privacy
    "see only one's own logs": [
        "own_logs_only.a_strangers_log_is_404",
        "own_logs_only.not_even_staff_read_a_learners_logs_here",
        "pages.a_strangers_things_are_404",
    ],
    "add only to one's own skills": [
        "own_logs_only.practice_is_logged_on_ones_own_skills_only",
        "evidence_api.not_on_a_strangers_log_or_skill",
    ],
    "links are not checked for safety": ["evidence_api.a_link_is_an_http_url"],
    "export as JSON or CSV": [
        "export.csv_has_the_columns_of_the_contract_newest_first",
        "export.json_has_every_field",
        "pages_import.export_from_the_page",
    ],
}


@pytest.mark.parametrize("line", LINES)
def test_each_line_of_the_document_has_its_tests(line):
    for name in LINES[line]:
        module, function = name.split(".")
        found = import_module(f"tests.tracking.test_{module}")
        assert callable(getattr(found, f"test_{function}", None)), name
