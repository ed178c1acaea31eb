from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower

from accounts.zones import validate_zone


class User(AbstractUser):  # type: ignore[django-manager-missing]  # knox types no manager
    """A person: learner or staff. Candidates of proctored tests are not users."""

    class Theme(models.TextChoices):
        SYSTEM = "system", "As the device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    email = models.EmailField("e-mail", unique=True)
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

    objects: ClassVar[Any] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_email"),
            models.CheckConstraint(
                condition=models.Q(day_start_hour__lte=23), name="day_start_hour_is_an_hour"
            ),
        ]

    def __str__(self) -> str:
        return self.username

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
