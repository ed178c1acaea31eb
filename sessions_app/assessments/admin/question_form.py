"""A coding question as staff edit it: words, cases as rows, and the code of each language."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from sessions_app.assessments.admin.case_rows import CaseRows, as_written, rows_of
from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.rules import LANGUAGE_NAMES
from sessions_app.assessments.services.coding_bank import FIELDS, SOLUTIONS, faults_of

CASES_PREFIX = "cases"
# Columns that the form writes from fields of its own.
COMPOSED = ("sample_test_cases", "test_cases", "boiler_plate", "tags", "factors", "languages")
PLAIN = [name for name in ("slug", *FIELDS) if name not in COMPOSED]
CODE = (*LANGUAGE_NAMES, *SOLUTIONS.values(), "naive")
TEXTS = ("question", *CODE)
# Where a fault of a column is shown.
FIELD_OF = {"languages": "offer_python", "factors": "factor_python", "boiler_plate": "python"}
WORDS = {
    "boiler_plate is missing": "At least one language needs boiler plate.",
    "sample_test_cases is missing": "Add at least one sample.",
    "test_cases is missing": "Add at least one hidden case.",
}


def question_faults(values: dict[str, Any]) -> list[str]:
    """As for the shipped bank, except that staff may leave out the reference solution."""
    given = {name: value for name, value in values.items() if value is not None}
    return faults_of({**given, "solution": values.get("solution") or "-"})


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(
        attrs={"rows": rows, "cols": 100, "class": "code-field", "spellcheck": "false"}
    )


def _code(label: str, rows: int = 10) -> forms.CharField:
    return forms.CharField(label=label, required=False, strip=False, widget=_area(rows))


class CodingQuestionForm(forms.ModelForm):
    """Its rows of cases are a formset of their own (`rows`), valid or not together with it.

    Columns whose fields say the same as before keep their stored value, so that saving a question
    as it is changes nothing of it.
    """

    tag_words = forms.CharField(
        label="Tags", max_length=500, help_text="Words, with commas between: array, sorting"
    )
    python, javascript, java, cpp = (_code("Boiler plate") for _ in LANGUAGE_NAMES)
    offer_python, offer_javascript, offer_java, offer_cpp = (
        forms.BooleanField(
            label="Candidates may answer in it",
            required=False,
            help_text="Where it has boiler plate. None chosen: all.",
        )
        for _ in LANGUAGE_NAMES
    )
    factor_python, factor_javascript, factor_java, factor_cpp = (
        forms.FloatField(
            label="CPU time ×",
            required=False,
            min_value=0.1,
            max_value=10,
            widget=forms.NumberInput(attrs={"step": "0.1"}),
            help_text="Multiplies the CPU seconds; empty: 1.",
        )
        for _ in LANGUAGE_NAMES
    )

    class Meta:
        model = CodingQuestion
        fields = PLAIN
        widgets: ClassVar = {
            "question": forms.Textarea(attrs={"rows": 16, "cols": 100, "class": "code-field"}),
            "solution": _area(14),
            "solution_cpp": _area(14),
            "solution_javascript": _area(6),
            "solution_java": _area(6),
            "naive": _area(10),
        }
        labels: ClassVar = {
            "question": "Statement",
            "solution": "Reference solution",
            "solution_cpp": "Reference solution",
            "solution_javascript": "Reference solution",
            "solution_java": "Reference solution",
        }

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        stored = self.instance
        for name in set(TEXTS) & self.fields.keys():  # absent for readers
            self.fields[name].strip = False  # type: ignore[attr-defined]
        self.initial.setdefault("tag_words", ", ".join(map(str, stored.tags)))
        for language in LANGUAGE_NAMES:
            self.initial.setdefault(language, stored.boiler_plate.get(language, ""))
            self.initial.setdefault(f"offer_{language}", language in stored.languages)
            self.initial.setdefault(f"factor_{language}", stored.factors.get(language))
        rows = rows_of(stored.sample_test_cases, stored.test_cases)
        self.rows = CaseRows(data, prefix=CASES_PREFIX, initial=rows)

    @property
    def changed_data(self) -> list[str]:  # type: ignore[override]
        cases = ["cases"] if self.is_bound and self.rows.has_changed() else []
        return [*super().changed_data, *cases]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in TEXTS:
            values[name] = (values.get(name) or "").replace("\r\n", "\n")  # browsers send CR LF
        if not self.rows.is_valid():
            self.add_error(None, "Some cases have errors, which stand beside them.")
        if self.errors:
            return values
        composed = self._composed(values)
        for fault in question_faults({**values, **composed}):
            self._show(fault)
        for name, value in composed.items():
            setattr(self.instance, name, value)
        return values

    def _composed(self, values: dict[str, Any]) -> dict[str, Any]:
        """The columns that are made of several fields."""
        stored = self.instance
        samples, hidden = self.rows.cases()
        if samples == as_written(stored.sample_test_cases, is_sample=True):
            samples = stored.sample_test_cases
        if hidden == as_written(stored.test_cases, is_sample=False):
            hidden = stored.test_cases
        written = {name: values[name] for name in LANGUAGE_NAMES if values[name].strip()}
        others = {k: v for k, v in stored.boiler_plate.items() if k not in LANGUAGE_NAMES}
        offered = [name for name in LANGUAGE_NAMES if values[f"offer_{name}"]]
        factors = {name: values[f"factor_{name}"] for name in LANGUAGE_NAMES}
        return {
            "sample_test_cases": samples,
            "test_cases": hidden,
            "boiler_plate": {**written, **others},
            "tags": [word.strip() for word in values["tag_words"].split(",") if word.strip()],
            "factors": {name: number for name, number in factors.items() if number is not None},
            "languages": stored.languages if set(offered) == set(stored.languages) else offered,
        }

    def _show(self, fault: str) -> None:
        """Beside its field where it has one."""
        name = fault.partition(" ")[0].rstrip(":")
        field = FIELD_OF.get(name, name)
        self.add_error(field if field in self.fields else None, WORDS.get(fault, fault))
