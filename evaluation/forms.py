"""The form of a marker: a word, a score, and each key point with the words that say it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from evaluation.models import StaffMark
from evaluation.selectors.marking import LEVEL_WORDS, AnswerToMark, PointToMark
from evaluation.services.marking import Marks

LEVELS = [*LEVEL_WORDS.items(), ("", "leave open")]


class MarkForm(forms.Form):
    """Fields `level_1`, `words_1` and so on, by the numbers of the key points."""

    word = forms.ChoiceField(
        label="The answer is", choices=StaffMark.Word.choices, widget=forms.RadioSelect
    )
    score = forms.FloatField(
        label="Score, 0 to 10",
        min_value=0,
        max_value=10,
        required=False,
        help_text="Empty only for what is not to be scored.",
        widget=forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal"}),
    )
    note = forms.CharField(
        label="Note for other staff",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, answer: AnswerToMark, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer = answer
        for point in answer.points:
            self.fields[f"level_{point.number}"] = forms.ChoiceField(
                label=point.title, choices=LEVELS, required=False, widget=forms.RadioSelect
            )
            self.fields[f"words_{point.number}"] = forms.CharField(
                label="In which words? A short phrase, copied from the answer",
                max_length=200,
                required=False,
            )

    def points(self) -> Iterator[tuple[PointToMark, forms.BoundField, forms.BoundField]]:
        for point in self.answer.points:
            yield point, self[f"level_{point.number}"], self[f"words_{point.number}"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "word" in values and "score" in values:
            is_unscorable = values["word"] == StaffMark.Word.UNSCORABLE
            if is_unscorable and values["score"] is not None:
                self.add_error("score", "What is not to be scored has no score.")
            if not is_unscorable and values["score"] is None:
                self.add_error("score", "Give a score from 0 to 10.")
        return values

    def marks(self) -> Marks:
        given = self.cleaned_data
        return Marks(
            word=given["word"],
            score=given["score"],
            levels={p.title: given[f"level_{p.number}"] for p in self.answer.points},
            wordings={p.title: given[f"words_{p.number}"] for p in self.answer.points},
            note=given["note"],
        )
