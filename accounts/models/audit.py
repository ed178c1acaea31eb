from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models


class AuditQuerySet(models.QuerySet):
    def due(self, now: datetime) -> AuditQuerySet:
        """Entries older than AUDIT_DAYS (0: none ever is): `services.audit.forget_due` removes
        them."""
        if not settings.AUDIT_DAYS:
            return self.none()
        return self.filter(at__lt=now - timedelta(days=settings.AUDIT_DAYS))

    def about(self, person: models.Model) -> AuditQuerySet:
        """What was done to an account; what its owner did to others is theirs."""
        key = {"subject_kind": person._meta.label_lower, "subject_id": str(person.pk)}
        return self.filter(**key)

    def update(self, **values: Any) -> int:
        raise PermissionDenied("Audit entries are never changed.")

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        raise PermissionDenied("Audit entries are never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise PermissionDenied("Audit entries go by their age alone, through forget_due.")


class AuditEntry(models.Model):
    """Who did what to whom, from where: append-only, written by `accounts.services.audit.record`.

    People are kept as text, not as links, so that an entry outlives those it names. A trigger
    refuses UPDATE on both databases, and DELETE outside `forget_due` on PostgreSQL.
    """

    class ActorKind(models.TextChoices):
        PERSON = "person", "Person"
        CANDIDATE = "candidate", "Candidate"
        NOBODY = "nobody", "Not signed in"
        SYSTEM = "system", "Etude itself"

    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=64, db_index=True)
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor_id = models.CharField(max_length=64, blank=True, default="")
    actor_name = models.CharField(max_length=254, blank=True, default="")
    subject_kind = models.CharField(max_length=64, blank=True, default="")
    subject_id = models.CharField(max_length=64, blank=True, default="")
    subject_name = models.CharField(max_length=254, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")
    detail = models.JSONField(blank=True, default=dict)
    address = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True, default="")

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["actor_id", "at"], name="audit_by_actor"),
            models.Index(fields=["subject_kind", "subject_id", "at"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S %Z} {self.action} {self.actor_name}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise PermissionDenied("Audit entries go by their age alone, through forget_due.")
