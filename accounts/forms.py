from __future__ import annotations

from django import forms

from accounts.models import User
from accounts.zones import zone_choices


class ProfileForm(forms.ModelForm):
    timezone = forms.ChoiceField(
        label="Time zone", choices=zone_choices, help_text="Streaks and reminders follow it."
    )

    class Meta:
        model = User
        fields = [
            "first_name",
            "last_name",
            "timezone",
            "day_start_hour",
            "weekly_goal_minutes",
            "reminder_after_days",
            "weekly_summary",
        ]
        labels = {
            "day_start_hour": "My day starts at (hour)",
            "weekly_goal_minutes": "Weekly goal (minutes)",
            "reminder_after_days": "Remind me after days without practice",
            "weekly_summary": "Mail me a summary of my week",
        }


class TokenForm(forms.Form):
    name = forms.CharField(
        label="What is it for", max_length=80, help_text="For example: my notebook"
    )
    days = forms.IntegerField(label="Good for days", min_value=1, max_value=365, initial=30)


class DeleteAccountForm(forms.Form):
    username = forms.CharField(label="Type your username to confirm")

    def __init__(self, *args, user: User, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_username(self) -> str:
        if self.cleaned_data["username"] != self.user.username:
            raise forms.ValidationError("This is not your username.")
        return self.cleaned_data["username"]
