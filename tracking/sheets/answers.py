"""What a file can leave open, and what the learner answers. Nothing of it is guessed."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from common.errors import Invalid
from common.text import whole_number
from tracking import rules


@dataclass(frozen=True, slots=True)
class Question:
    """`choices` are the values of the parameter, each with its words for a button. `is_open`:
    other whole numbers from 1 to 1440 are answers, too. `is_name`: the answer is a skill's name."""

    parameter: str
    message: str
    choices: dict[str, str]
    is_open: bool = False
    is_name: bool = False

    @property
    def for_people(self) -> str:
        return for_people(self.message)


def for_people(message: str) -> str:
    """A message without the words of the API, for a page that has buttons for them."""
    return re.sub(r" \((?:dmy|mdy|point|comma|hm|ms)\)| Say [a-z]+_[a-z_]+\.", "", message)


QUESTIONS = {
    question.parameter: question
    for question in (
        Question(
            "date_format",
            "Are dates such as 03/04/2026 day/month (dmy) or month/day (mdy)?",
            {"dmy": "3 April 2026", "mdy": "March 4, 2026"},
        ),
        Question(
            "number_format",
            "Is 1.000 in this file one (point) or a thousand (comma)?",
            {"point": "One", "comma": "A thousand"},
        ),
        Question(
            "clock_format",
            "Is 1:30 in this file an hour and a half (hm) or a minute and a half (ms)?",
            {"hm": "Hours and minutes", "ms": "Minutes and seconds"},
        ),
        Question(
            "duration_unit",
            "Numbers without a unit, such as 1.5: are they minutes, hours or seconds?",
            {"minutes": "Minutes", "hours": "Hours", "seconds": "Seconds"},
        ),
        Question(
            "minutes_each",
            "A check mark does not say how long it took. How many minutes is each?",
            {"15": "15", "30": "30", "45": "45", "60": "60"},
            is_open=True,
        ),
        Question("skill", "This file names no skill. Which one is it?", {}, is_name=True),
    )
}
# Of a plan whose file has titles that nobody knows: answered by `columns`.
COLUMNS = "columns"
WHICH_COLUMN = "Which column of this file is which?"


@dataclass(frozen=True, slots=True)
class Answers:
    """ "" where nothing was said; `columns` says which title is which column of ours, `skill` is
    that of rows which name none."""

    date_format: str = ""
    number_format: str = ""
    clock_format: str = ""
    duration_unit: str = ""
    minutes_each: str = ""
    skill: str = ""
    columns: dict[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Raises Invalid for a word that answers nothing."""
        for name, question in QUESTIONS.items():
            if (word := getattr(self, name)) and (sentence := _wrong(question, word)):
                raise Invalid(sentence, fields={name: [sentence]})

    def as_json(self) -> dict[str, Any]:
        """Only what was said."""
        return {name: value for name, value in asdict(self).items() if value}


def _wrong(question: Question, word: str) -> str | None:
    if question.is_name:
        return rules.wrong_name(word)
    number = whole_number(word) if question.is_open else None
    if word in question.choices or (number and rules.wrong_minutes(number) is None):
        return None
    *others, last = question.choices
    return f"Must be {', '.join(others)} or {last}."
