"""The cases of a coding question as rows of a form: samples and hidden ones in one list."""

from __future__ import annotations

import json
from typing import Any

import orjson
from django import forms
from django.forms.formsets import BaseFormSet

from common.text import find_unstorable
from judge import generating
from sessions_app.assessments.services.coding_bank import MAX_CASES

SAMPLE, HIDDEN, GENERATED = "sample", "hidden", "generated"
KINDS = [
    (SAMPLE, "Sample: shown to candidates"),
    (HIDDEN, "Hidden"),
    (GENERATED, "Hidden, made by a function"),
]
Cases = list[dict[str, Any]]


def _text(rows: int, label: str) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "class": "code-field", "spellcheck": "false"})
    return forms.CharField(label=label, required=False, strip=False, widget=area)


def _generators() -> list[tuple[str, str]]:
    return [("", "---------"), *((name, name) for name in sorted(generating.names()))]


class CaseForm(forms.Form):
    """One row; `case` is what it says, once it is valid."""

    kind = forms.ChoiceField(label="Kind", choices=KINDS, initial=HIDDEN)
    weight = forms.IntegerField(
        label="Weight", initial=1, required=False, min_value=0, max_value=1000
    )
    input = _text(3, "Input")
    output = _text(3, "Expected output")
    note = forms.CharField(label="Note for candidates", required=False, max_length=500)
    generate = forms.ChoiceField(label="Function", choices=_generators, required=False)
    args = forms.CharField(label="Its arguments, as JSON", required=False, initial="[]")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in ("input", "output", "note"):  # browsers send CR LF
            values[name] = values.get(name, "").replace("\r\n", "\n")
            if (found := find_unstorable(values[name])) is not None:
                self.add_error(name, found.why)
        if not self.errors and values.get("kind") == GENERATED:
            self._check_recipe(values)
        elif len(values["input"].encode(errors="replace")) > generating.MAX_INPUT_BYTES:
            self.add_error("input", "At most 256 KiB; a larger one is made by a function.")
        return values

    def _check_recipe(self, values: dict[str, Any]) -> None:
        try:
            values["args"] = orjson.loads(values.get("args") or "[]")
        except orjson.JSONDecodeError:
            self.add_error("args", 'This is not JSON. A list: [100, 7]; or by name: {"n": 100}.')
            return
        if not isinstance(values["args"], list | dict):
            self.add_error("args", "A list or a mapping is needed.")
        elif not values.get("generate"):
            self.add_error("generate", "Choose the function that makes it.")
        elif self.has_changed():
            try:
                generating.generate(values["generate"], values["args"])
            except generating.BadRecipe as error:
                self.add_error("args", str(error))

    @property
    def is_sample(self) -> bool:
        return self.cleaned_data["kind"] == SAMPLE

    @property
    def case(self) -> dict[str, Any]:
        values, weight = self.cleaned_data, self.cleaned_data.get("weight")
        if values["kind"] == GENERATED:
            made = {"generate": values["generate"], "args": values["args"]}
            return made | _weight(1 if weight is None else weight)
        made = {"input": values["input"], "output": values["output"]}
        if values["kind"] == SAMPLE:
            return {**made, "note": values["note"]} if values["note"] else made
        return made | _weight(1 if weight is None else weight)


class BaseCaseRows(BaseFormSet):
    """`cases` are (samples, hidden) of the rows that stay, in their order."""

    def cases(self) -> tuple[Cases, Cases]:
        rows = [
            form
            for form in self.forms
            if form not in self.deleted_forms and (form.has_changed() or form.initial)
        ]
        samples = [form.case for form in rows if form.is_sample]
        return samples, [form.case for form in rows if not form.is_sample]


CaseRows = forms.formset_factory(
    CaseForm,
    formset=BaseCaseRows,
    extra=1,
    can_delete=True,
    max_num=2 * MAX_CASES,
    validate_max=True,
    absolute_max=3 * MAX_CASES,
)


def rows_of(samples: Any, hidden: Any) -> list[dict[str, Any]]:
    """The stored cases as rows; what is no case (a damaged question) is shown as its JSON."""
    rows = [_row(SAMPLE, case) for case in samples or []]
    return rows + [_row(HIDDEN, case) for case in hidden or []]


def _row(kind: str, case: Any) -> dict[str, Any]:
    if not isinstance(case, dict):
        return {"kind": kind, "input": json.dumps(case)}
    known = {"kind": kind, "weight": case.get("weight", 1), "note": case.get("note", "")}
    if "generate" in case:
        args = json.dumps(case.get("args", []), ensure_ascii=False)
        return {**known, "kind": GENERATED, "generate": case["generate"], "args": args}
    return {**known, "input": case.get("input", ""), "output": case.get("output", "")}


def _weight(weight: int) -> dict[str, int]:
    """One is what a case weighs that says nothing of it."""
    return {} if weight == 1 else {"weight": weight}


def as_written(cases: Any, *, is_sample: bool) -> Any:
    """Stored cases as a form would write them, to see whether anything was changed in it."""
    if not isinstance(cases, list):
        return cases
    return [_as_written(case, is_sample) if isinstance(case, dict) else case for case in cases]


def _as_written(case: dict[str, Any], is_sample: bool) -> dict[str, Any]:  # noqa: FBT001
    plain = {
        name: value.replace("\r\n", "\n") if isinstance(value, str) else value
        for name, value in case.items()
        if not (name == "weight" and value == 1) and not (name == "note" and not value)
    }
    if is_sample:
        plain.pop("weight", None)
    return {"args": [], **plain} if "generate" in plain else plain
