"""Filters of pages: what is not understood is ignored, never an error page."""

from __future__ import annotations

from django import forms

from practice.bank_files import DIFFICULTIES, KINDS
from practice.selectors.library import LENGTHS, STATES, LibraryFilters


class LibraryForm(forms.Form):
    kind = forms.ChoiceField(choices=[(k, k) for k in KINDS], required=False)
    category = forms.CharField(max_length=40, required=False)
    difficulty = forms.ChoiceField(choices=[(d, d) for d in DIFFICULTIES], required=False)
    length = forms.ChoiceField(choices=[(name, name) for name in LENGTHS], required=False)
    state = forms.ChoiceField(choices=[(s, s) for s in STATES], required=False)
    search = forms.CharField(max_length=200, required=False)

    def filters(self) -> LibraryFilters:
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return LibraryFilters(**chosen)


class HistoryForm(forms.Form):
    category = forms.CharField(max_length=40, required=False)
    difficulty = forms.ChoiceField(choices=[(d, d) for d in DIFFICULTIES], required=False)
    search = forms.CharField(max_length=200, required=False)

    def filters(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class AnswerForm(forms.Form):
    """The workspace's form: the text as typed, and what the page knew when it was sent."""

    answer_text = forms.CharField(max_length=50_000, required=False, strip=False)
    base_version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    active_seconds = forms.IntegerField(min_value=0, max_value=86_400, required=False)
    tries = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)

    def clean_answer_text(self) -> str:
        """Browsers send line ends as CR LF in forms and as LF in scripts: one text, one form."""
        return str(self.cleaned_data["answer_text"]).replace("\r\n", "\n")
