"""Audit entries for what Django and allauth tell by signal: sign-ins, passwords, addresses, second
factors, groups and rights. These happen inside the packages, where no service of ours is called.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from allauth.account import signals as account
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.apps import apps
from django.contrib.auth import signals as auth
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import signals

from accounts.models import AuditEntry, User
from accounts.selectors.people import people_who_sign_in_as
from accounts.services.audit import record
from common.caller import current

# What a many-to-many relation says after it has changed.
GIVEN = {"post_add": "added", "post_remove": "removed", "pre_clear": "cleared"}


def listen() -> None:
    """Called once, when the apps are loaded; the signals hold no other reference to these."""
    for signal, action in _of_packages().items():
        hear = partial(_record_own_act, action)
        signal.connect(hear, weak=False, dispatch_uid=f"audit {action}")
    auth.user_login_failed.connect(_record_failure, dispatch_uid="audit failure")
    account.email_changed.connect(_record_new_address, dispatch_uid="audit address")
    social_account_added.connect(_record_provider_added, dispatch_uid="audit provider added")
    social_account_removed.connect(_record_provider_removed, dispatch_uid="audit provider removed")
    for through in (User.groups.through, User.user_permissions.through, Group.permissions.through):
        signals.m2m_changed.connect(_record_rights, sender=through, dispatch_uid=f"audit {through}")


def _of_packages() -> dict[Any, str]:
    """Signals that name the person whose account it is."""
    found = {
        auth.user_logged_in: "sign_in.succeeded",
        auth.user_logged_out: "sign_in.ended",
        account.user_signed_up: "account.created",
        account.password_set: "password.changed",
        account.password_changed: "password.changed_by_owner",
        account.password_reset: "password.reset",
        account.email_added: "email.added",
        account.email_removed: "email.removed",
    }
    if apps.is_installed("allauth.mfa"):
        from allauth.mfa import signals as mfa

        found |= {
            mfa.authenticator_added: "mfa.added",
            mfa.authenticator_removed: "mfa.removed",
            mfa.authenticator_reset: "mfa.reset",
            mfa.authentication_failed: "mfa.failed",
        }
    return found


def _record_own_act(action: str, *, user: User | None = None, **more: Any) -> None:
    """By the account's owner, as far as anybody can tell; a second factor says of which kind."""
    if user is None:  # signed out without having been signed in
        return
    detail = {}
    if (factor := more.get("authenticator")) is not None:
        detail["type"] = str(factor.type)
    if (address := more.get("email_address")) is not None:
        detail["email"] = address.email
    record(action, subject=user, actor=user, **detail)


def _record_failure(credentials: dict[str, Any], **_more: Any) -> None:
    """What was typed is kept only where it is the name of an account: people type passwords there.

    Whoever is tried is the subject, and nobody the actor.
    """
    tried = str(credentials.get("username") or credentials.get("email") or "")[:254]
    found = next(people_who_sign_in_as(tried), None) if tried else None
    record("sign_in.failed", subject=found)


def _record_new_address(
    user: User, from_email_address: Any, to_email_address: Any, **_more: Any
) -> None:
    old = from_email_address.email if from_email_address else ""
    record("email.changed", subject=user, actor=user, old=old, new=to_email_address.email)


def _record_provider_added(sociallogin: Any, **_more: Any) -> None:
    provider = sociallogin.account.provider
    record("provider.added", subject=sociallogin.user, actor=sociallogin.user, provider=provider)


def _record_provider_removed(socialaccount: Any, **_more: Any) -> None:
    owner, provider = socialaccount.user, socialaccount.provider
    record("provider.removed", subject=owner, actor=owner, provider=provider)


def _record_rights(action: str, instance: Any, model: Any, pk_set: Any, **_more: Any) -> None:
    if action not in GIVEN or not _is_there():
        return
    rows = model.objects.filter(pk__in=pk_set) if pk_set else ()
    what = "groups" if model is Group else model._meta.model_name
    record(f"rights.{GIVEN[action]}", subject=instance, kind=what, rows=[str(row) for row in rows])


def _is_there() -> bool:
    """Roles are given after every migration, also one back to before the audit."""
    return (
        current() is not None or AuditEntry._meta.db_table in connection.introspection.table_names()
    )
