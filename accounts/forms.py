from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from allauth.socialaccount import forms as provider_forms
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.validators import MaxLengthValidator

from accounts.models import Subscription, User
from accounts.names import LONGEST
from accounts.selectors.people import is_taken
from accounts.services.sign_ins import begin_code, forget_failed_sign_ins, was_right
from accounts.zones import zone_choices
from common import clock
from common.http.address import client_address, network_of
from common.limits import refuse_too_often

PASSWORD_HINT = "At least 12 characters. A sentence that only you know is best."


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


class SubscriptionForm(forms.ModelForm):
    """In the console, which is in UTC."""

    class Meta:
        model = Subscription
        fields = "__all__"  # noqa: DJ007 - all that the console shows
        help_texts = {"valid_until": "In UTC. Empty: without end. Free plans have no end."}


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


class LabeledForm(forms.Form):
    """allauth's forms with our labels instead of placeholders, and one hint."""

    our_labels = {"password1": "Password", "password2": "Password, once more"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.our_labels.get(name, field.label)
        if "password1" in self.fields:
            self.fields["password1"].help_text = PASSWORD_HINT
        if "code" in self.fields:
            self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class NamesStayUnique(forms.Form):
    """An address that reads like one of another account is treated as that account's."""

    account_already_exists = False

    def validate_unique_email(self, value: str) -> str:
        email: str = super().validate_unique_email(value)  # type: ignore[misc]
        if self.account_already_exists or not is_taken(email):
            return email
        # As allauth does: where a mail answers everything, the page tells nothing.
        if settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory":
            raise get_adapter().validation_error("email_taken")
        self.account_already_exists = True
        return email


class ConfirmedAddressFirst(forms.Form):
    """Who has not confirmed the main address could lock its real owner out with a second factor."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        addresses = EmailAddress.objects.filter(user=self.user, primary=True, verified=False)  # type: ignore[attr-defined]
        if settings.ACCOUNT_EMAIL_VERIFICATION != "none" and addresses.exists():
            raise forms.ValidationError("Confirm your main address first: see Your addresses.")
        return cleaned


class CountedCode(forms.Form):
    """Wrong codes are counted with those that the API is sent; too many raise TooOften."""

    def clean_code(self) -> str:
        now = clock.now()
        attempt = begin_code(user=self.user, now=now)  # type: ignore[attr-defined]
        code: str = super().clean_code()  # type: ignore[misc]
        was_right(attempt, now=now)
        return code


class LoginForm(LabeledForm, allauth_forms.LoginForm):
    our_labels = {"login": "Username or email"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].validators.append(MaxLengthValidator(LONGEST))


class SignupForm(LabeledForm, NamesStayUnique, allauth_forms.SignupForm):
    """`timezone` is filled by the page with the browser's zone (accounts.adapter)."""

    timezone = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"data-browser-zone": True})
    )

    def clean(self) -> dict[str, Any] | None:
        """Each try counts: a refused one may have asked who has an account."""
        refuse_too_often(
            f"sign-up:{network_of(client_address(context.request))}",
            settings.SIGN_UP_LIMIT,
            words="Too many sign-ups from this network.",
            now=clock.now(),
        )
        return super().clean()


class ResetPasswordForm(LabeledForm, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(LabeledForm, allauth_forms.ResetPasswordKeyForm):
    our_labels = {"password1": "New password", "password2": "New password, once more"}

    def save(self) -> None:
        super().save()
        forget_failed_sign_ins(user=self.user, address=client_address(context.request))


class ChangePasswordForm(LabeledForm, allauth_forms.ChangePasswordForm):
    our_labels = {**ResetPasswordKeyForm.our_labels, "oldpassword": "Present password"}

    def clean_oldpassword(self) -> str:
        """Counted and recorded as a sign-in is: an open session gives no free guesses."""
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class AddEmailForm(LabeledForm, allauth_forms.AddEmailForm):
    our_labels = {"email": "Another address"}


class SetPasswordForm(LabeledForm, allauth_forms.SetPasswordForm):
    our_labels = ResetPasswordKeyForm.our_labels


class ReauthenticateForm(LabeledForm, allauth_forms.ReauthenticateForm):
    pass


class AuthenticateForm(LabeledForm, CountedCode, mfa_forms.AuthenticateForm):
    our_labels = {"code": "Code of your app, or a recovery code"}


class ReauthenticateByCodeForm(LabeledForm, CountedCode, mfa_forms.ReauthenticateForm):
    our_labels = AuthenticateForm.our_labels


class ActivateTOTPForm(LabeledForm, ConfirmedAddressFirst, totp_forms.ActivateTOTPForm):
    our_labels = {"code": "Code that the app shows"}


class AddWebAuthnForm(LabeledForm, ConfirmedAddressFirst, webauthn_forms.AddWebAuthnForm):
    our_labels = {"name": "Name of this key", "passwordless": "Sign in with it alone"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].help_text = "Without a password; the device asks for its PIN."


class ProviderSignupForm(LabeledForm, NamesStayUnique, provider_forms.SignupForm):
    pass


class PersonForm(forms.ModelForm):
    """Console: a name or an address is not given twice, to a reader's eye."""

    def clean_username(self) -> str:
        return self._free("username")

    def clean_email(self) -> str:
        return self._free("email")

    def _free(self, field: str) -> str:
        text: str = self.cleaned_data[field]
        if text and is_taken(text, but=self.instance if self.instance.pk else None):
            raise forms.ValidationError("This is taken, or looks like one that is.")
        return text


class ChangePersonForm(PersonForm, UserChangeForm):
    pass


class AddPersonForm(PersonForm, AdminUserCreationForm):
    pass
