"""AUTH_PASSWORD_VALIDATORS of our own."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

from accounts.passwords.known import is_known

# "dragon" of "dragon2026!": what stands before the signs that a rule asks for.
STEM = re.compile(r"(?:.*[^\W\d_])?", re.DOTALL)
# A longer tail is a secret of its own.
MOST_TAIL = 6
# "abcabcabcabc", "aaaaaaaaaaaa"
REPEATED = re.compile(r"(.{1,8}?)\1+.?\Z", re.DOTALL)
MOST_REPEATED = 64


class KnownPasswordValidator:
    """Refuses what breaches made public, also with a tail of digits and signs, and repetitions."""

    message = (
        "This password is one that many people use, or a known one with a few characters added."
    )

    def validate(self, password: str, user: Any = None) -> None:
        password = password.strip()
        stem = STEM.match(password)[0]  # type: ignore[index]  # it matches every text
        if (
            is_known(password)
            or (len(password) - len(stem) <= MOST_TAIL and is_known(stem))
            or (len(password) <= MOST_REPEATED and REPEATED.match(password))
        ):
            raise ValidationError(self.message, code="password_known")

    def get_help_text(self) -> str:
        return "Not one that many people use, nor one with a few digits added."


class EndsTokens:
    """Django tells validators about each password that was set, by whatever way: page, reset
    link, console or command. API tokens end there; login sessions end by Django's session hash."""

    def validate(self, password: str, user: Any = None) -> None:
        """Nothing to refuse."""

    def get_help_text(self) -> str:
        return ""

    def password_changed(self, password: str, user: Any = None) -> None:
        # Models are not loaded when the settings name this class.
        from accounts.services.tokens import revoke_all_tokens

        if user is not None and user.pk is not None:
            revoke_all_tokens(user=user)
