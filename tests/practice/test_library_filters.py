"""The library's filters, and which minutes of practice a completed session is logged with."""

from __future__ import annotations

import pytest

from practice.selectors.history import history_of
from practice.selectors.library import LibraryFilters, library_of
from practice.selectors.review import review_of
from practice.services.completion import complete_session
from practice.services.drafts import save_draft
from practice.services.tracking import minutes_of
from tests.practice.factories import (
    ANSWER,
    NOW,
    answered,
    make_session,
    make_set,
    question_ids,
)


@pytest.mark.parametrize(
    ("length", "minutes"), [("short", [1, 40]), ("medium", [41, 55]), ("long", [56, 180])]
)
def test_a_length_includes_both_of_its_ends(owner, length, minutes):
    for one in (1, 40, 41, 55, 56, 180):
        make_set(questions=1, minutes=one)

    cards = library_of(user=owner, filters=LibraryFilters(length=length)).cards

    assert [card.question_main.minutes for card in cards] == minutes


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(0, 0), (1, 1), (89, 1), (91, 2), (3600, 60), (90_000, 1440)]
)
def test_a_session_is_logged_with_its_active_time_in_whole_minutes(owner, seconds, minutes):
    session = make_session(owner)
    session.practices.filter(order=1).update(active_seconds=seconds)

    complete_session(user=owner, session_id=session.pk, now=NOW)

    assert minutes_of(history_of(owner).get()) == minutes


def test_a_saved_word_without_counted_time_is_a_minute(owner):
    session = make_session(owner)
    save_draft(
        user=owner,
        session_id=session.pk,
        question_id=question_ids(session)[0],
        answer_text="A word",
        base_version=0,
        now=NOW,
    )

    complete_session(user=owner, session_id=session.pk, now=NOW)

    assert minutes_of(history_of(owner).get()) == 1


def test_the_newest_try_decides_what_was_not_submitted(owner):
    session = make_session(owner)
    answered(session, "First words, long enough to be submitted as an answer here.")
    answered(session, ANSWER)

    assert review_of(session).questions[0].unsent_draft == ""
