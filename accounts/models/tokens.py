from __future__ import annotations

from django.db import models
from knox.models import AbstractAuthToken


class ApiToken(AbstractAuthToken):
    """A bearer token; only its SHA-512 is stored, the text is shown once."""

    name = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        verbose_name = "API token"

    def __str__(self) -> str:
        return f"{self.name or 'API token'} {self.token_key[:6]}…"
