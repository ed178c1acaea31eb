"""Who somebody is that signs in, and whether a name or an address is free."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, Value
from django.db.models.functions import Lower

from accounts.models import User
from accounts.names import key_of


def people_who_sign_in_as(login: str) -> Iterator[User]:
    """By name, main address or another confirmed one; each read has an index.

    By key first, then by exact words: those of rows from before keys were unique.
    The password decides between them. Two only where old rows share a key.
    """
    if "\x00" in login:
        return
    key, found = key_of(login.strip()), set()
    if "@" in key:
        by_email = User.objects.alias(address=Lower("email")).filter(address=Lower(Value(login)))
        confirmed = {"emailaddress__email": login.lower(), "emailaddress__verified": True}
        ways = [User.objects.filter(email_key=key), by_email, User.objects.filter(**confirmed)]
    else:
        ways = [User.objects.filter(name_key=key)]
    for people in (*ways, User.objects.filter(username=login)):
        for person in people:
            if person.pk not in found:
                found.add(person.pk)
                yield person


def is_taken(text: str, *, but: User | None = None) -> bool:
    """Whether another account has this name or address, to a reader's eye."""
    key = key_of(text)
    people = User.objects.filter(Q(name_key=key) | Q(email_key=key) | Q(username=text))
    return people.exclude(pk=but.pk if but else None).exists()
