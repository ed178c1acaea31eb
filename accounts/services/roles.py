"""Makes the ready roles of `accounts.roles` as Django groups."""

from __future__ import annotations

from typing import Any

from django.apps import apps as all_apps
from django.db import transaction

from accounts.roles import ROLES


def ensure_roles(app_label: str, *, apps: Any = all_apps, using: str = "default") -> int:
    """Give each role's group its rights on the models of one app; returns how many were new.

    Only adds, and is safe twice at once. `apps`: where the models are, as `post_migrate` says.
    """
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    link_model = group_model._meta.get_field("permissions").remote_field.through
    wanted = {
        name: {right.partition(".")[2] for right in rights if right.startswith(f"{app_label}.")}
        for name, rights in ROLES.items()
    }
    codes = set().union(*wanted.values())
    if not codes:
        return 0
    with transaction.atomic(using=using):
        found = permission_model.objects.using(using).filter(
            content_type__app_label=app_label, codename__in=codes
        )
        ids = dict(found.values_list("codename", "pk"))
        groups = {
            name: group_model.objects.using(using).get_or_create(name=name)[0].pk
            for name in wanted
            if wanted[name]
        }
        links = link_model.objects.using(using)
        there = set(links.filter(permission__in=ids.values()).values_list("group", "permission"))
        missing = [
            link_model(group_id=group, permission_id=ids[code])
            for name, group in groups.items()
            for code in sorted(wanted[name])
            if code in ids and (group, ids[code]) not in there
        ]
        links.bulk_create(missing, ignore_conflicts=True)
    return len(missing)
