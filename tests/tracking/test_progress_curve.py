"""The progress engine as a pure function: the document's examples, then properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.progress import (
    PracticeDay,
    ProgressInputs,
    inputs_at,
    progress_at,
    progress_of,
    skill_progress,
    stage_of,
)

TODAY = date(2026, 3, 10)


def practiced(sessions: int, hours: float, every: int, *, last: int = 0) -> list[PracticeDay]:
    """`sessions` of equal length, one every `every` days, the latest `last` days ago."""
    minutes = round(hours * 60 / sessions)
    ages = [last + every * number for number in range(sessions)]
    return [PracticeDay(TODAY - timedelta(days=age), 1, minutes) for age in ages]


@pytest.mark.parametrize("last", range(8))
def test_ten_weekly_sessions_of_fifteen_hours_are_45_percent_intermediate(last):
    progress = progress_at(practiced(10, 15, 7, last=last), TODAY)

    assert (progress.percentage, progress.stage) == (45, "Intermediate")


@pytest.mark.parametrize("last", range(8))
def test_fifty_daily_sessions_of_eighty_hours_are_85_percent_advanced(last):
    progress = progress_at(practiced(50, 80, 1, last=last), TODAY)

    assert (progress.percentage, progress.stage) == (85, "Advanced")


def test_without_practice_it_is_nothing_and_says_what_a_first_session_brings():
    result = skill_progress([], TODAY)

    assert (result.progress.percentage, result.progress.stage) == (0, "Beginner")
    assert (result.trend, result.change) == ("maintaining", 0)
    assert result.outlook[0].startswith("One more session of 30 minutes this week:")


@pytest.mark.parametrize(
    "percentage, stage",
    [
        (0, "Beginner"),
        (29, "Beginner"),
        (30, "Intermediate"),
        (69, "Intermediate"),
        (70, "Advanced"),
        (100, "Advanced"),
    ],
)
def test_the_stages_begin_at_thirty_and_seventy(percentage, stage):
    assert stage_of(percentage) == stage


@pytest.mark.parametrize(
    "ages, covered",
    [
        ([0], 7),
        ([28], 7),  # the 28th to the 34th day ago: the window has 35
        ([34], 1),
        ([35], 0),
        ([0, 3], 10),
        ([0, 7, 14, 21], 28),
        (range(35), 28),
    ],
)
def test_a_practiced_day_covers_the_week_that_ends_with_it(ages, covered):
    days = [PracticeDay(TODAY - timedelta(days=age), 1, 30) for age in ages]

    assert inputs_at(days, TODAY).covered_days == covered


def test_the_parts_add_up_to_the_percentage():
    progress = progress_at(practiced(10, 15, 7), TODAY)

    assert sum(part.points for part in progress.parts) == pytest.approx(45.37, abs=0.01)
    assert sum(part.of for part in progress.parts) == 100
    assert all(part.reason.endswith(".") for part in progress.parts)


def test_the_trend_follows_the_last_two_weeks():
    assert skill_progress(practiced(10, 15, 7), TODAY).trend == "improving"
    assert skill_progress(practiced(300, 400, 1), TODAY).trend == "maintaining"
    assert skill_progress(practiced(10, 15, 7, last=14), TODAY).trend == "declining"
    assert skill_progress(practiced(10, 15, 7, last=400), TODAY).trend == "declining"


def test_it_says_what_would_move_it():
    result = skill_progress(practiced(10, 15, 7), TODAY)

    assert result.outlook == (
        "One more session of 90 minutes this week: 48 %.",
        "Two more sessions of 90 minutes this week: 50 %.",
        "Two weeks without practice: 39 %.",
    )


# ---- properties

practice_days = st.lists(
    st.builds(
        lambda age, sessions, minutes: PracticeDay(
            TODAY - timedelta(days=age), sessions, sessions * minutes
        ),
        st.integers(-1, 120),
        st.integers(1, 4),
        st.integers(1, 360),
    ),
    max_size=60,
)


@given(practice_days)
def test_it_stays_between_nothing_and_a_hundred(days):
    assert 0 <= progress_at(days, TODAY).percentage <= 100


@given(practice_days, practice_days)
def test_more_practice_never_lowers(days, more):
    assert progress_at([*days, *more], TODAY).percentage >= progress_at(days, TODAY).percentage


@given(practice_days, st.integers(0, 900))
def test_absence_never_raises(days, absent):
    later = TODAY + timedelta(days=absent + 1)

    assert progress_at(days, later).percentage <= progress_at(days, TODAY).percentage


@given(practice_days.filter(bool))
def test_a_long_absence_fades_it(days):
    # From the last day of practice: what has long faded to its kept share fades no further.
    last = max(item.day for item in days)
    before = progress_at(days, last).percentage
    after = progress_at(days, last + timedelta(days=365)).percentage

    assert after < before or before <= 1


@given(practice_days, st.randoms())
def test_the_order_of_entry_does_not_matter(days, random):
    shuffled = list(days)
    random.shuffle(shuffled)

    assert inputs_at(shuffled, TODAY) == inputs_at(days, TODAY)


@given(
    st.integers(0, 5000),
    st.integers(0, 500_000),
    st.integers(0, 35),
    st.integers(0, 28),
    st.integers(0, 4000),
)
def test_the_curve_rises_in_each_input_and_falls_with_absence(
    sessions, minutes, active, cover, last
):
    here = progress_of(ProgressInputs(sessions, minutes, active, cover, last)).percentage

    assert (
        progress_of(ProgressInputs(sessions + 1, minutes, active, cover, last)).percentage >= here
    )
    assert (
        progress_of(ProgressInputs(sessions, minutes + 1, active, cover, last)).percentage >= here
    )
    assert (
        progress_of(ProgressInputs(sessions, minutes, active + 1, cover, last)).percentage >= here
    )
    assert (
        progress_of(ProgressInputs(sessions, minutes, active, cover + 1, last)).percentage >= here
    )
    assert (
        progress_of(ProgressInputs(sessions, minutes, active, cover, last + 1)).percentage <= here
    )


@given(practice_days)
def test_the_outlook_never_promises_less_for_more(days):
    result = skill_progress(days, TODAY)
    numbers = [int(line.rsplit(": ", 1)[1].removesuffix(" %.")) for line in result.outlook]

    assert numbers[1] >= numbers[0] >= result.progress.percentage
    if len(numbers) == 3:
        assert numbers[2] <= result.progress.percentage
