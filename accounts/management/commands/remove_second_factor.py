"""For somebody who lost the device and the recovery codes, or a superuser whom nobody can help."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.selectors.people import people_who_sign_in_as
from accounts.services.people import remove_second_factors


class Command(BaseCommand):
    help = "Remove all second factors of one account; without --execute only say which."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="the username or address of the account")
        parser.add_argument("--execute", action="store_true")

    def handle(self, *args: Any, login: str, execute: bool, **options: Any) -> None:
        user = next(people_who_sign_in_as(login), None)
        if user is None:
            raise CommandError(f"Nobody signs in as {login}.")
        if execute:
            removed = remove_second_factors(user=user)
            self.stdout.write(f"{removed} removed; {user.username} signs in with the password.")
            return
        for factor in user.authenticator_set.all():
            self.stdout.write(f"{factor.get_type_display()}, added {factor.created_at:%d %B %Y}")
        self.stdout.write("Nothing was changed; --execute removes them.")
