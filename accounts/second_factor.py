"""Second factors: kept encrypted, asked of the API too, and never the last one of staff removed."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from accounts.models import User
from accounts.models.users import SECOND_FACTORS


class MFAAdapter(DefaultMFAAdapter):
    """Keys of apps and seeds of recovery codes are encrypted with a key made of SECRET_KEY."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """After SECRET_KEY was changed without a fallback: a new key, which no code fits."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(32))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = authenticator.user
        if not (settings.MFA_REQUIRED_OF_STAFF and user.has_staff_rights):
            return True
        factors = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS)
        return factors.exclude(pk=authenticator.pk).exists()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Etude"}


def accepts_code(*, user: User, code: str) -> bool:
    """Whether an app's code or an unused recovery code is right; each works once."""
    mine = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    for factor in mine:
        if factor.wrap().validate_code(code):
            factor.record_usage()
            return True
    return False


def _box() -> MultiFernet:
    keys: list[Any] = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key_of(str(key))) for key in keys])


def _key_of(secret: str) -> bytes:
    return urlsafe_b64encode(sha256(b"etude.second-factor:" + secret.encode()).digest())
