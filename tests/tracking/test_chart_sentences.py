"""What stands above each chart."""

from dataclasses import dataclass

import pytest

from tracking import sentences

DAYS = ("Monday", "Tuesday", "Wednesday")


@dataclass
class Column:
    minutes: int


def columns(*minutes):
    return [Column(number) for number in minutes]


def test_the_fullest_weekday_of_the_whole():
    assert sentences.of_weekdays(columns(30, 90, 0), DAYS) == "Most on Tuesdays: 1 h 30 min of 2 h."


@pytest.mark.parametrize(
    "goal, said",
    [
        (0, "1 h a week on average over the last 3 weeks."),
        (60, "1 h a week on average; the goal was reached in 2 of 3 weeks."),
        (61, "1 h a week on average; the goal was reached in 1 of 3 weeks."),
    ],
)
def test_weeks_against_the_goal(goal, said):
    assert sentences.of_weeks(columns(0, 60, 120), goal=goal) == said


def test_the_fullest_month():
    said = sentences.of_months(columns(10, 70), ["May", "June"])

    assert said == "June was the fullest month: 1 h 10 min."


def test_without_practice_there_is_nothing_to_say():
    assert sentences.of_weekdays(columns(0, 0, 0), DAYS) == sentences.NOTHING
    assert sentences.of_weeks(columns(0, 0), goal=60) == sentences.NOTHING
    assert sentences.of_months(columns(0, 0), ["May", "June"]) == sentences.NOTHING


@pytest.mark.parametrize("days, words", [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_days_of_the_calendar(days, words):
    assert sentences.of_calendar(days, "year") == f"You practiced on {words} of the last year."
