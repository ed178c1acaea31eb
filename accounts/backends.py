"""AUTHENTICATION_BACKENDS: one sign-in for pages, API and console."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from accounts.selectors.people import people_who_sign_in_as


class NameOrAddressBackend(AuthenticationBackend):
    """allauth's, which answers in the same time whether or not a person exists; names and addresses
    are looked up by their keys, with an index."""

    def _authenticate(
        self, request: HttpRequest | None, **credentials: Any
    ) -> AbstractBaseUser | None:
        login = credentials.get("username") or credentials.get("email") or ""
        people = people_who_sign_in_as(login)
        return next((p for p in people if self._check_password(p, credentials["password"])), None)
