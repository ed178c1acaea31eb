"""Forms of the interview pages; the API has the same limits in its serializers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from common.text import is_blank
from sessions_app.interviews import labels, rules
from sessions_app.interviews.models import LONGEST_TIMER, SHORTEST_TIMER, Attempt, PracticeSession

TIMERS = (5, 10, 15, 20, 30, 45, 60)


class StartForm(forms.Form):
    """Category, mode and minutes; `session_id` makes a second click return the first session."""

    session_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    category = forms.ChoiceField(required=False)
    mode = forms.ChoiceField(choices=PracticeSession.Mode.choices, initial="standard")
    minutes = forms.IntegerField(
        required=False,
        min_value=SHORTEST_TIMER,
        max_value=LONGEST_TIMER,
        error_messages={
            "invalid": "Give whole minutes.",
            "min_value": "A timer has 1 to 60 minutes.",
            "max_value": "A timer has 1 to 60 minutes.",
        },
    )

    asks_back = forms.BooleanField(required=False)

    def __init__(self, *args: Any, categories: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(name, labels.category_label(name)) for name in categories]
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "All categories"), *named]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("mode") == "timed" and not data.get("minutes") and "minutes" not in self.errors:
            self.add_error("minutes", "A timed session needs its minutes: 1 to 60.")
        return data

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of `services.create_session`."""
        data = self.cleaned_data
        return {
            "session_id": data["session_id"],
            "category_filter": data["category"] or None,
            "mode": data["mode"],
            "timer_minutes": data["minutes"],
            "asks_back": data["asks_back"],
        }


class AnswerForm(forms.Form):
    answer_text = forms.CharField(
        strip=False,
        min_length=rules.SHORTEST_ANSWER,
        max_length=rules.LONGEST_ANSWER,
        error_messages={
            "required": "Write an answer first: at least 50 characters.",
            "min_length": "That is %(show_value)d characters; an answer has at least 50.",
            "max_length": "That is %(show_value)d characters; an answer has at most 50,000.",
        },
    )

    def clean_answer_text(self) -> str:
        text: str = self.cleaned_data["answer_text"]
        if is_blank(text):
            raise forms.ValidationError("Write an answer first: at least 50 characters.")
        return text


class ReplyForm(forms.Form):
    """To a question that was asked back: as short as it may be."""

    answer_text = forms.CharField(
        strip=False,
        max_length=rules.LONGEST_ANSWER,
        error_messages={
            "required": "Write an answer first, or take no more questions.",
            "max_length": "That is %(show_value)d characters; an answer has at most 50,000.",
        },
    )

    def clean_answer_text(self) -> str:
        text: str = self.cleaned_data["answer_text"]
        if is_blank(text):
            raise forms.ValidationError("Write an answer first, or take no more questions.")
        return text


class RatingForm(forms.Form):
    rating = forms.TypedChoiceField(choices=labels.RATINGS, coerce=int)


class RatingsForm(forms.Form):
    """One rating for each answer that has none, all of them optional."""

    def __init__(self, *args: Any, attempts: Iterable[Attempt], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for attempt in attempts:
            self.fields[f"rating-{attempt.pk}"] = forms.TypedChoiceField(
                choices=labels.RATINGS, coerce=int, empty_value=None, required=False
            )

    def ratings(self) -> dict[int, int]:
        """By the id of the answer."""
        given = self.cleaned_data.items()
        return {int(name.removeprefix("rating-")): value for name, value in given if value}
