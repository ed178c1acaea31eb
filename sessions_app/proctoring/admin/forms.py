from __future__ import annotations

from django import forms

from sessions_app.proctoring.rules import MAX_MINUTES

ACTIONS = [
    ("extend", "Give more time"),
    ("reopen", "Reopen"),
    ("end", "End now"),
    ("void", "Declare void"),
]
WITH_MINUTES = {"extend", "reopen"}


class StaffActionForm(forms.Form):
    """One staff action on one test; the reason stays in its log."""

    action = forms.ChoiceField(choices=ACTIONS)
    minutes = forms.IntegerField(min_value=1, max_value=MAX_MINUTES, required=False)
    reason = forms.CharField(max_length=300)

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if values.get("action") in WITH_MINUTES and not values.get("minutes"):
            self.add_error("minutes", "Say how many minutes.")
        return values
