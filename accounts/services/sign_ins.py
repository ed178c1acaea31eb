"""How many wrong passwords may be tried.

Pages, API and console all sign in by `accounts.adapter`, which asks here before a password is
looked at. Four counts of failures only (`settings.SIGN_IN_LIMITS`):

- here: one account from one address. Who mistypes waits some minutes.
- address: any accounts from one address. Who tries many names is stopped.
- account: one account from any addresses. Who guesses from many is slowed. It does not hold where
  the account signed in during the last 30 days, so its owner is not locked out by others. A right
  password alone is no sign-in: a second factor may be asked for.
- code: codes of the second factor for one account, from any addresses. Only who knows the password
  is counted there.

And one of what was right:

- succeeded: sign-ins of one account. Each costs a password hash and a session or a token, so a
  program that signs in for every call is told to keep what it was given.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache

from accounts.models import User
from accounts.names import key_of
from accounts.selectors.people import people_who_sign_in_as
from common.http.address import network_of
from common.limits import (
    Rate,
    TooOften,
    forget,
    give_back,
    in_words,
    refuse_too_often,
    take,
    wait_for,
)

KNOWN_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True)
class Attempt:
    """One password or code that is being looked at, counted as wrong until it was right. `right`:
    what is counted then."""

    counted: tuple[tuple[str, Rate], ...]
    right: tuple[tuple[str, Rate], ...] = ()


def begin_sign_in(*, name: str, address: str, now: datetime) -> Attempt:
    """Count an attempt for a username or e-mail; raises TooOften.

    Before the password is looked at, so that guesses at the same moment cannot outrun the count,
    and a right guess is not told from a wrong one once there were too many.
    """
    account = account_of(name)
    right = tuple((f"sign-in:right:{account}", r) for r in settings.SIGN_IN_LIMITS["succeeded"])
    for key, rate in right:
        if wait := wait_for(key, rate, now=now):
            words = f"Too many sign-ins. Use the token you have, or try again {in_words(wait)}."
            raise TooOften.of(words, wait=wait, now=now)
    counted = _limits(account, network_of(address))
    for key, rate in counted:
        if wait := take(key, rate, now=now):
            words = f"Too many failed sign-ins. Try again {in_words(wait)}, or set a new password."
            raise TooOften.of(words, wait=wait, now=now)
    return Attempt(counted, right)


def begin_code(*, user: User, now: datetime) -> Attempt:
    """Count a code of the second factor, before it is looked at; raises TooOften."""
    key, rates = f"sign-in:code:{_of(user)}", settings.SIGN_IN_LIMITS["code"]
    refuse_too_often(key, rates, words="Too many wrong codes.", now=now)
    return Attempt(tuple((key, rate) for rate in rates))


def was_right(attempt: Attempt, *, now: datetime) -> None:
    """Right passwords and codes do not count as wrong ones."""
    for key, rate in attempt.counted:
        give_back(key, rate)
    for key, rate in attempt.right:
        take(key, rate, now=now)


def sign_in_succeeded(*, user: User, address: str) -> None:
    """After all that was asked for: the account is known where it signed in from."""
    cache.set(_known(_of(user), network_of(address)), 1, timeout=KNOWN_SECONDS)


def forget_failed_sign_ins(*, user: User, address: str) -> None:
    """After a new password: what was tried against the old one holds nobody up."""
    account, network = _of(user), network_of(address)
    sign_in_succeeded(user=user, address=address)
    for rate in settings.SIGN_IN_LIMITS["here"]:
        forget(_here(account, network), rate)


def account_of(name: str) -> str:
    """The account that a username or any of its addresses stands for; the name where none is, so
    that what is answered does not tell which names there are."""
    person = next(people_who_sign_in_as(name), None)
    if person is not None:
        return _of(person)
    return f"name-{hashlib.sha256(key_of(name).encode()).hexdigest()[:32]}"


def _of(user: User) -> str:
    return f"user-{user.pk}"


def _limits(account: str, network: str) -> tuple[tuple[str, Rate], ...]:
    limits = settings.SIGN_IN_LIMITS
    keys = {"here": _here(account, network), "address": f"sign-in:address:{network}"}
    if cache.get(_known(account, network)) is None:
        keys["account"] = f"sign-in:account:{account}"
    return tuple((key, rate) for kind, key in keys.items() for rate in limits[kind])


def _here(account: str, network: str) -> str:
    return f"sign-in:here:{account}:{network}"


def _known(account: str, network: str) -> str:
    return f"sign-in:known:{account}:{network}"
