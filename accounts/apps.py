from typing import Any

from django.apps import AppConfig
from django.apps import apps as all_apps
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and plans"

    def ready(self) -> None:
        from allauth.account.signals import email_added, email_removed

        from accounts import audit_of_sign_ins, mails, personal_data
        from accounts.expiring import register_expiring
        from accounts.services import closed_accounts, own_data

        audit_of_sign_ins.listen()
        email_added.connect(mails.tell_of_new_address, dispatch_uid="mail of a new address")
        email_removed.connect(closed_accounts.remember_removed, dispatch_uid="use of an address")
        personal_data.register("account", own_data.export_account, own_data.erase_account)
        register_expiring()
        # After each app's own permissions, which django.contrib.auth makes by the same signal.
        post_migrate.connect(_give_roles_their_rights, dispatch_uid="accounts.roles")


def _give_roles_their_rights(
    *, app_config: AppConfig, using: str, apps: Any = all_apps, **_: Any
) -> None:
    """`apps` is there after a migration; `flush` sends the signal without it."""
    from accounts.services.roles import ensure_roles

    try:
        apps.get_model("auth", "Group")
    except LookupError:  # migrated back to before there were groups
        return
    ensure_roles(app_config.label, apps=apps, using=using)
