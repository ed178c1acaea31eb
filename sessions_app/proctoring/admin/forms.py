from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect

from sessions_app.assessments.models import Candidate
from sessions_app.assessments.rules import MAX_MINUTES
from sessions_app.proctoring.models import ProctoredSession

ACTIONS = [
    ("extend", "Give more time"),
    ("reopen", "Reopen"),
    ("abandon", "Mark as left"),
    ("end", "End now"),
    ("void", "Declare void"),
]
WITH_MINUTES = {"extend", "reopen"}
# Take effect at once, so a second page asks for confirmation and names the candidate.
QUESTIONS = {"end": "End the test of {} now?", "void": "Declare the test of {} void?"}


class StaffActionForm(forms.Form):
    """One staff action on one test; the reason stays in its log."""

    action = forms.ChoiceField(choices=ACTIONS)
    minutes = forms.IntegerField(min_value=1, max_value=MAX_MINUTES, required=False)
    reason = forms.CharField(max_length=300)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @property
    def must_ask(self) -> bool:
        return self.cleaned_data["action"] in QUESTIONS and not self.cleaned_data["confirmed"]

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if values.get("action") in WITH_MINUTES and not values.get("minutes"):
            self.add_error("minutes", "Say how many minutes.")
        return values


class StaffStartForm(forms.Form):
    """Start a candidate's test for them; the reason stays in its log."""

    candidate = forms.ModelChoiceField(
        Candidate.objects.select_related("assessment"),
        widget=AutocompleteSelect(ProctoredSession._meta.get_field("candidate"), admin.site),
    )
    minutes = forms.IntegerField(
        min_value=1,
        max_value=MAX_MINUTES,
        required=False,
        help_text="Only for candidates without an assessment.",
    )
    reason = forms.CharField(max_length=300)
