"""Query strings and forms of practice pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django import forms

from practice.bank_files import DIFFICULTIES, KINDS
from practice.selectors.library import LENGTHS, STATES

Known = Mapping[str, Collection[str] | int]
"""The values that a filter may have, or how long its text may be."""
HISTORY_FILTERS: Known = {"category": 40, "difficulty": DIFFICULTIES, "search": 200}
LIBRARY_FILTERS: Known = {**HISTORY_FILTERS, "kind": KINDS, "length": LENGTHS, "state": STATES}


def filters_of(query: Mapping[str, str], known: Known) -> dict[str, str]:
    """The filters of an address; unknown or invalid ones are ignored, never an error page."""
    given = {name: query.get(name, "").strip() for name in known}
    return {
        name: value
        for name, value in given.items()
        if value and "\0" not in value and _is_known(value, known[name])
    }


def _is_known(value: str, allowed: Collection[str] | int) -> bool:
    return len(value) <= allowed if isinstance(allowed, int) else value in allowed


class AnswerForm(forms.Form):
    """The workspace's form: the text as typed, and the versions that the page knew."""

    answer_text = forms.CharField(max_length=50_000, required=False, strip=False)
    base_version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    active_seconds = forms.IntegerField(min_value=0, max_value=86_400, required=False)
    tries = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)

    def clean_answer_text(self) -> str:
        """Browsers send line ends as CR LF in forms and as LF in scripts; stored is LF."""
        return str(self.cleaned_data["answer_text"]).replace("\r\n", "\n")
