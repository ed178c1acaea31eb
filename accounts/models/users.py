from __future__ import annotations

import re
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from accounts.names import has_invisible, is_mark, key_of, mixes_look_alikes
from accounts.zones import validate_zone

# Recovery codes stand in for one of these and are none by themselves.
SECOND_FACTORS = ("totp", "webauthn")
# A mark stands on a letter, and not more than four on one.
NAME = re.compile(r"(?:\w\u0301{0,4}|[.@+-])+")


def validate_characters(name: str) -> None:
    """Letters and digits of any script with the vowel signs and accents that go with them, which
    Django's own validator leaves out: no name in Hindi or Thai passes it."""
    if not NAME.fullmatch("".join("\u0301" if is_mark(char) else char for char in name)):
        raise ValidationError("Use letters, digits and . + - _ only.", code="invalid")


def validate_name(name: str) -> None:
    """A name is no address, has nothing invisible, and mixes no look-alike alphabets."""
    if "@" in key_of(name):
        raise ValidationError(
            "A username is not an email address: leave the @ out.", code="address"
        )
    if has_invisible(name) or mixes_look_alikes(name):
        raise ValidationError(
            "Use letters of one alphabet and no invisible characters.", code="mixed"
        )


class SignInKeyField(models.CharField):
    """The key of another field (`accounts.names.key_of`), computed at each save; unique.

    NULL where that field is empty or a name has an @. A row from before this rule whose key was
    taken, or whose name has an @, holds `~` and its number: it signs in by its exact words.
    """

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        options = {"max_length": 768, "null": True, "unique": True, "editable": False}
        super().__init__(*args, **options | kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:  # noqa: FBT001 - Django's signature
        stored: str | None = getattr(model_instance, self.attname)
        if not add and stored and stored.startswith("~"):
            return stored
        key = key_of(getattr(model_instance, self.source))
        is_its_kind = ("@" in key) == (self.source == "email")
        value = key if key and is_its_kind else None
        setattr(model_instance, self.attname, value)
        return value


class PeopleManager(UserManager):
    def create_superuser(self, *args: Any, **kwargs: Any) -> Any:
        """Also with the free plan that all start with: `createsuperuser` asks no service."""
        with transaction.atomic(using=self._db):
            user = super().create_superuser(*args, **kwargs)
            Subscription.objects.using(self._db).get_or_create(user_id=user.pk)
        return user


class User(AbstractUser):  # type: ignore[django-manager-missing]  # knox types no manager
    """A person: learner or staff. Candidates of proctored tests are not users."""

    class Theme(models.TextChoices):
        SYSTEM = "system", "As the device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    username = models.CharField(
        max_length=150,
        unique=True,
        help_text="At most 150 letters, digits and . + - _",
        validators=[validate_characters, validate_name],
        error_messages={"unique": "This name is taken."},
    )
    email = models.EmailField("e-mail", unique=True)
    # Never equal across the two: a name has no @ and an address has one.
    name_key = SignInKeyField(source="username")
    email_key = SignInKeyField(source="email")
    timezone = models.CharField(max_length=64, default="UTC", validators=[validate_zone])
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    day_start_hour = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(23)],
        help_text="Practice before this hour counts for the day before.",
    )
    weekly_goal_minutes = models.PositiveIntegerField(
        default=180, validators=[MaxValueValidator(7 * 24 * 60)]
    )
    reminder_after_days = models.PositiveSmallIntegerField(
        default=3,
        validators=[MinValueValidator(0), MaxValueValidator(60)],
        help_text="Days without practice before a reminder is mailed; 0 turns reminders off.",
    )
    weekly_summary = models.BooleanField(default=True)

    objects: ClassVar[Any] = PeopleManager()
    authenticator_set: Any  # of allauth.mfa, which has no types

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_email"),
            models.CheckConstraint(
                condition=models.Q(day_start_hour__lte=23), name="day_start_hour_is_an_hour"
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """A save of a name or an address alone takes its key along."""
        if update_fields is not None:
            keys = {"username": "name_key", "email": "email_key"}
            update_fields = {*update_fields, *(keys[f] for f in update_fields if f in keys)}
        super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def has_staff_rights(self) -> bool:
        return self.is_active and (self.is_staff or self.is_superuser)

    @cached_property
    def lacks_second_factor(self) -> bool:
        """Staff who must have a second factor and have none yet: they may do nothing of staff."""
        if not (settings.MFA_REQUIRED_OF_STAFF and self.has_staff_rights):
            return False
        return not self.authenticator_set.filter(type__in=SECOND_FACTORS).exists()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return not self.lacks_second_factor and super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return not self.lacks_second_factor and super().has_module_perms(app_label)

    @property
    def display_name(self) -> str:
        return self.first_name or self.username


class Subscription(models.Model):
    """One per user. Who has none, or one that is over, is on the free plan."""

    class Plan(models.TextChoices):
        FREE = "free", "Free"
        PREMIUM = "premium", "Premium"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        EXPIRED = "expired", "Expired"
        CANCELLED = "cancelled", "Cancelled"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="subscription")
    plan = models.CharField(max_length=10, choices=Plan.choices, default=Plan.FREE)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    valid_until = models.DateTimeField(
        null=True, blank=True, help_text="Empty: without end. Free plans have no end."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.user}: {self.plan} ({self.status})"

    def grants_premium_at(self, moment: datetime) -> bool:
        """Premium counts while active, and when cancelled until its paid time is over."""
        if self.plan != self.Plan.PREMIUM or self.status == self.Status.EXPIRED:
            return False
        if self.valid_until is None:
            return self.status == self.Status.ACTIVE
        return moment < self.valid_until
