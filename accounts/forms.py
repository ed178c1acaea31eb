from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm

from accounts.models import User
from accounts.services.sign_ins import forget_failed_sign_ins
from accounts.zones import zone_choices
from common import clock
from common.http.address import client_address, network_of
from common.limits import refuse_too_often

PASSWORD_HINT = "At least eight characters: not only digits, and nothing that many people use."


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
            "theme",
            "weekly_summary",
        ]
        labels = {
            "day_start_hour": "My day starts at (hour)",
            "weekly_goal_minutes": "Weekly goal (minutes)",
            "reminder_after_days": "Remind me after (days)",
            "weekly_summary": "Mail me a summary of my week",
        }
        help_texts = {"weekly_goal_minutes": "0 is no goal."}


class TokenForm(forms.Form):
    name = forms.CharField(
        label="What is it for", max_length=80, help_text="For example: my notebook"
    )
    days = forms.IntegerField(
        label="Valid for (days)", min_value=1, max_value=365, initial=30, help_text="1 to 365"
    )


class DeleteAccountForm(forms.Form):
    username = forms.CharField(
        label="Type your username to confirm", widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_username(self) -> str:
        if self.cleaned_data["username"] != self.user.username:
            raise forms.ValidationError("This is not your username.")
        return self.cleaned_data["username"]


class InOurWords(forms.Form):
    """allauth's forms in the house's words: labels instead of placeholders, one hint."""

    our_labels = {"password1": "Password", "password2": "Password, once more"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.our_labels.get(name, field.label)
        if "password1" in self.fields:
            self.fields["password1"].help_text = PASSWORD_HINT


class LoginForm(InOurWords, allauth_forms.LoginForm):
    our_labels = {"login": "Username or email"}


class SignupForm(InOurWords, allauth_forms.SignupForm):
    """`timezone` is filled by the page with the browser's zone (accounts.adapter)."""

    timezone = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"data-browser-zone": True})
    )

    def clean(self) -> dict[str, Any] | None:
        """Each try counts: a refused one may have asked who has an account."""
        refuse_too_often(
            f"sign-up:{network_of(client_address(context.request))}",
            settings.SIGN_UP_LIMIT,
            words="Too many accounts were asked for from this address.",
            now=clock.now(),
        )
        return super().clean()


class ResetPasswordForm(InOurWords, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(InOurWords, allauth_forms.ResetPasswordKeyForm):
    our_labels = {"password1": "New password", "password2": "New password, once more"}

    def save(self) -> None:
        super().save()
        forget_failed_sign_ins(user=self.user, address=client_address(context.request))


class ChangePasswordForm(InOurWords, allauth_forms.ChangePasswordForm):
    our_labels = {**ResetPasswordKeyForm.our_labels, "oldpassword": "Present password"}


class AddEmailForm(InOurWords, allauth_forms.AddEmailForm):
    our_labels = {"email": "Another address"}


class ReauthenticateForm(InOurWords, allauth_forms.ReauthenticateForm):
    pass


class ConsoleLoginForm(AdminAuthenticationForm):
    """The console's own sign-in, under the same limit of failed tries as everybody's."""

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username")
        password = self.cleaned_data.get("password")
        if username is not None and password:
            self.user_cache = get_adapter().authenticate(
                self.request, username=username, password=password
            )
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data
