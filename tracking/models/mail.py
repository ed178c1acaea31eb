from __future__ import annotations

from django.conf import settings
from django.db import models


class MailSent(models.Model):
    """A mail that was sent: unique, so that none is sent twice, however often the beat runs."""

    class Kind(models.TextChoices):
        REMINDER = "reminder", "Reminder"
        SUMMARY = "summary", "Weekly summary"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tracking_mails"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # Reminder: the last practiced day before it. Summary: the Monday of the week it covers.
    about = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "mails sent"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "about"], name="one_mail_per_kind_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} about {self.about}"
