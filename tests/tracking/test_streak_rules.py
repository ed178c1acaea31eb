"""Streaks as a pure function: examples a person would check by hand, then properties."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.streaks import Pause, calendar_date, practice_date, streak_of

TODAY = date(2026, 3, 10)


def days_ago(*ages: int, today: date = TODAY) -> list[date]:
    return [today - timedelta(days=age) for age in ages]


def test_nothing_practiced_is_no_streak():
    assert streak_of([], today=TODAY).current == 0
    assert streak_of([], today=TODAY).longest == 0


def test_yesterday_keeps_the_streak_alive_until_today_is_over():
    assert streak_of(days_ago(3, 2, 1), today=TODAY).current == 3
    assert streak_of(days_ago(3, 2, 1), today=TODAY).practiced_today is False


def test_a_whole_missed_day_ends_it():
    streak = streak_of(days_ago(4, 3, 2), today=TODAY)

    assert (streak.current, streak.longest) == (0, 3)


def test_longest_is_remembered_beside_a_shorter_current_one():
    streak = streak_of(days_ago(20, 19, 18, 17, 1, 0), today=TODAY)

    assert (streak.current, streak.longest) == (2, 4)


def test_several_sessions_on_one_day_count_once():
    assert streak_of(days_ago(1, 1, 1, 0, 0), today=TODAY).current == 2


def test_a_pause_bridges_days_that_were_not_practiced():
    pause = Pause(TODAY - timedelta(days=4), TODAY - timedelta(days=2))

    assert streak_of(days_ago(6, 5, 1, 0), today=TODAY).current == 2
    assert streak_of(days_ago(6, 5, 1, 0), today=TODAY, pauses=[pause]).current == 4


def test_an_open_pause_keeps_the_streak_alive_for_as_long_as_it_lasts():
    pause = Pause(TODAY - timedelta(days=30))

    streak = streak_of(days_ago(32, 31), today=TODAY, pauses=[pause])
    assert (streak.current, streak.paused_today) == (2, True)


def test_a_day_missed_between_two_pauses_ends_the_streak():
    pauses = [
        Pause(TODAY - timedelta(days=8), TODAY - timedelta(days=6)),
        Pause(TODAY - timedelta(days=4), TODAY - timedelta(days=2)),
    ]

    assert streak_of(days_ago(10, 9, 1, 0), today=TODAY, pauses=pauses).current == 2
    assert streak_of(days_ago(10, 9, 5, 1, 0), today=TODAY, pauses=pauses).current == 5


def test_a_date_after_today_neither_counts_as_missed_nor_breaks_anything():
    # Practiced in Auckland on the 11th, then flown to Hawaii where it is still the 10th.
    streak = streak_of([*days_ago(2, 1), TODAY + timedelta(days=1)], today=TODAY)

    assert streak.current == 3


@pytest.mark.parametrize("year, expected", [(2024, 3), (2028, 3)])
def test_the_29th_of_february_is_a_day_like_any_other(year, expected):
    days = [date(year, 2, 28), date(year, 2, 29), date(year, 3, 1)]

    assert streak_of(days, today=date(year, 3, 1)).current == expected


def test_leaving_out_the_29th_of_february_breaks_the_streak_in_a_leap_year_only():
    assert streak_of([date(2024, 2, 28), date(2024, 3, 1)], today=date(2024, 3, 1)).current == 1
    assert streak_of([date(2025, 2, 28), date(2025, 3, 1)], today=date(2025, 3, 1)).current == 2


def test_a_streak_runs_over_the_end_of_the_year():
    days = [date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2)]

    assert streak_of(days, today=date(2026, 1, 2)).current == 4


def test_the_first_and_last_dates_there_are_do_not_overflow():
    assert streak_of([date.min], today=date.min).current == 1
    assert streak_of([date.max], today=date.max, pauses=[Pause(date.min)]).current == 1


@pytest.mark.parametrize(
    "zone, expected",
    [
        ("Etc/GMT+12", date(2026, 3, 9)),  # UTC-12
        ("UTC", date(2026, 3, 10)),
        ("Pacific/Kiritimati", date(2026, 3, 10)),  # UTC+14
        ("", date(2026, 3, 10)),
        ("Not/AZone", date(2026, 3, 10)),
    ],
)
def test_today_is_the_date_on_the_learners_own_calendar(zone, expected):
    assert calendar_date(datetime(2026, 3, 10, 9, 30, tzinfo=UTC), zone) == expected


def test_kiritimati_is_a_day_ahead_in_the_afternoon():
    assert calendar_date(datetime(2026, 3, 10, 10, tzinfo=UTC), "Pacific/Kiritimati") == date(
        2026, 3, 11
    )


def test_a_day_that_starts_at_four_lets_the_night_belong_to_yesterday():
    late = datetime(2026, 3, 10, 3, 59, tzinfo=UTC)

    assert practice_date(late, "UTC", 4) == date(2026, 3, 9)
    assert practice_date(late + timedelta(minutes=1), "UTC", 4) == date(2026, 3, 10)


def test_the_day_starts_at_the_same_wall_hour_when_the_clocks_change():
    # Berlin, 29 March 2026: 02:00 becomes 03:00. At 04:00 local time only three hours have passed.
    four = datetime(2026, 3, 29, 2, 0, tzinfo=UTC)

    assert practice_date(four, "Europe/Berlin", 4) == date(2026, 3, 29)
    assert practice_date(four - timedelta(seconds=1), "Europe/Berlin", 4) == date(2026, 3, 28)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_practicing_each_evening_survives_both_clock_changes_of_the_year(zone):
    from zoneinfo import ZoneInfo

    moment = datetime(2026, 1, 1, 23, 30, tzinfo=ZoneInfo(zone))
    evenings = [moment + timedelta(days=n) for n in range(365)]  # wall-clock arithmetic
    days = [practice_date(evening.astimezone(UTC), zone) for evening in evenings]

    last = evenings[-1].astimezone(UTC)
    assert streak_of(days, today=practice_date(last, zone)).current == 365


# ---- properties

some_dates = st.lists(st.integers(0, 60).map(lambda age: TODAY - timedelta(days=age)), max_size=40)
some_pauses = st.lists(
    st.tuples(st.integers(-5, 70), st.integers(0, 20) | st.none()).map(
        lambda pair: Pause(
            TODAY - timedelta(days=pair[0]),
            None if pair[1] is None else TODAY - timedelta(days=pair[0] - pair[1]),
        )
    ),
    max_size=4,
)
any_moment = st.integers(1_577_836_800, 1_893_456_000).map(  # 2020 to 2030
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
any_zone = st.sampled_from(
    [f"Etc/GMT{offset:+d}" for offset in range(-14, 13)] + ["Europe/Berlin", "Asia/Kathmandu"]
)


def longhand(days, today, pauses):
    """The same rule told day by day, as slowly as can be."""
    practiced = set(days)
    if not practiced:
        return 0, 0
    run = longest = 0
    day, last = min(practiced), max([*practiced, today])
    while day <= last:
        quiet = any(p.start <= day and (p.end is None or day <= p.end) for p in pauses)
        if day in practiced:
            run += 1
        elif day < today and not quiet:
            run = 0
        longest = max(longest, run)
        day += timedelta(days=1)
    return run, longest


@given(some_dates, some_pauses)
def test_it_agrees_with_the_rule_told_day_by_day(days, pauses):
    streak = streak_of(days, today=TODAY, pauses=pauses)

    assert (streak.current, streak.longest) == longhand(days, TODAY, pauses)


@given(some_dates, some_pauses, st.randoms())
def test_the_order_of_entry_does_not_matter(days, pauses, random):
    shuffled, turned = list(days), list(pauses)
    random.shuffle(shuffled)
    random.shuffle(turned)

    assert streak_of(shuffled, today=TODAY, pauses=turned) == streak_of(
        days, today=TODAY, pauses=pauses
    )


@given(st.integers(2, 50), st.data())
def test_backdating_the_missing_days_repairs_the_streak(length, data):
    whole = days_ago(*range(length))
    missing = data.draw(st.sets(st.sampled_from(whole)))
    torn = [day for day in whole if day not in missing]

    assert streak_of([*torn, *missing], today=TODAY).current == length


@given(some_dates, st.integers(0, 60))
def test_one_more_practiced_day_never_shortens(days, age):
    before = streak_of(days, today=TODAY)
    after = streak_of([*days, TODAY - timedelta(days=age)], today=TODAY)

    assert after.current >= before.current
    assert after.longest >= before.longest


@given(some_dates, some_pauses, some_pauses)
def test_a_pause_never_shortens(days, pauses, more):
    before = streak_of(days, today=TODAY, pauses=pauses)
    after = streak_of(days, today=TODAY, pauses=[*pauses, *more])

    assert after.current >= before.current
    assert after.longest >= before.longest


@given(some_dates, some_pauses)
def test_the_current_streak_is_never_longer_than_the_longest_or_than_the_days(days, pauses):
    streak = streak_of(days, today=TODAY, pauses=pauses)

    assert 0 <= streak.current <= streak.longest <= len(set(days))


@given(any_zone, st.integers(0, 23), any_moment)
def test_practicing_once_in_each_local_day_counts_in_every_zone(zone, start_hour, now):
    today = practice_date(now, zone, start_hour)
    days = days_ago(*range(10), today=today)

    assert streak_of(days, today=practice_date(now, zone, start_hour)).current == 10
    later = now + timedelta(days=1)
    assert streak_of(days, today=practice_date(later, zone, start_hour)).current == 10
    after = now + timedelta(days=3)
    assert streak_of(days, today=practice_date(after, zone, start_hour)).current == 0


@given(any_zone, st.integers(0, 23), any_moment)
def test_the_learners_today_is_the_calendar_date_or_the_one_before(zone, start_hour, now):
    behind = calendar_date(now, zone) - practice_date(now, zone, start_hour)

    assert behind in (timedelta(0), timedelta(days=1))
    assert practice_date(now, zone, 0) == calendar_date(now, zone)
