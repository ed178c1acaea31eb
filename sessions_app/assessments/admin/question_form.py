"""A coding question as staff edit it: cases as readable JSON, one field of code a language."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import orjson
from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput

from common.text import find_unstorable
from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.rules import LANGUAGE_NAMES
from sessions_app.assessments.services.coding_bank import FIELDS, faults_of


def question_faults(values: dict[str, Any]) -> list[str]:
    """As for the shipped bank, except that staff may leave out the reference solution."""
    given = {name: value for name, value in values.items() if value is not None}
    return faults_of({**given, "solution": values.get("solution") or "-"})


class Indented(json.JSONEncoder):
    """JSON as people read and edit it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "indent": 2})


class Strict(json.JSONDecoder):
    """JSON nested too deep for the parser counts as malformed."""

    def decode(self, s: str) -> Any:  # type: ignore[override]
        return orjson.loads(s)


class StorableJSONField(forms.JSONField):
    """Refuses what cannot be stored; JSON nested too deep is shown again as it was sent, since
    writing it out anew would break."""

    def to_python(self, value: Any) -> Any:
        read = super().to_python(value)
        if (found := find_unstorable(read)) is not None:
            raise ValidationError(found.why)
        return read

    def bound_data(self, data: Any, initial: Any) -> Any:
        read = super().bound_data(data, initial)
        is_invalid = isinstance(read, InvalidJSONInput)
        return read if is_invalid or not find_unstorable(read) else InvalidJSONInput(data)


TEXTS = ("question", "solution", "solution_cpp", "naive")


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "cols": 100, "class": "code-field"})


def _json(rows: int, hint: str, *, required: bool = True) -> forms.JSONField:
    made = {"encoder": Indented, "decoder": Strict, "widget": _area(rows), "help_text": hint}
    return StorableJSONField(required=required, **made)


class CodingQuestionForm(forms.ModelForm):
    sample_test_cases = _json(10, 'Shown: [{"input": "…", "output": "…", "note": "…"}], all text.')
    test_cases = _json(
        14,
        'Hidden from candidates: [{"input": "…", "output": "…", "weight": 1}], or a large one as '
        '{"generate": "name", "args": [], "weight": 1}.',
    )
    factors = _json(3, 'CPU time multiplier by language: {"java": 2} doubles it.', required=False)
    languages = _json(
        3, '["python", "cpp"]. Empty: every language that has boiler plate.', required=False
    )
    tags = _json(5, '["array", "sorting"]')
    python, javascript, java, cpp = (
        forms.CharField(
            label=f"Boiler plate: {name}", required=False, strip=False, widget=_area(12)
        )
        for name in LANGUAGE_NAMES.values()
    )

    class Meta:
        model = CodingQuestion
        fields = [name for name in ("slug", *FIELDS) if name != "boiler_plate"]
        widgets: ClassVar = {
            "solution": _area(16), "solution_cpp": _area(16), "naive": _area(12)
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(TEXTS) & self.fields.keys():  # absent for readers
            self.fields[name].strip = False  # type: ignore[attr-defined]
        for language in LANGUAGE_NAMES:
            self.initial.setdefault(language, self.instance.boiler_plate.get(language, ""))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors:
            return values
        values["factors"] = values.get("factors") or {}
        values["languages"] = values.get("languages") or []
        for name in (*TEXTS, *LANGUAGE_NAMES):
            values[name] = values.get(name, "").replace("\r\n", "\n")  # browsers send CR LF
        written = {name: values[name] for name in LANGUAGE_NAMES if values[name].strip()}
        others = {k: v for k, v in self.instance.boiler_plate.items() if k not in LANGUAGE_NAMES}
        self.instance.boiler_plate = {**written, **others}
        faults = question_faults({**values, "boiler_plate": self.instance.boiler_plate})
        if faults:
            raise ValidationError([ValidationError(fault) for fault in faults])
        return values
