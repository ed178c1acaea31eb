"""How many wrong passwords may be tried.

Pages, API and console all sign in by `accounts.adapter`, which asks here before a password is
looked at. Three counts, each of failures only (`settings.SIGN_IN_LIMITS`):

- here: one account from one address. Who mistypes waits some minutes.
- address: any accounts from one address. Who tries many names is stopped.
- account: one account from any addresses. Who guesses from many is slowed. It does not hold where
  the account signed in during the last 30 days, so its owner is not locked out by others.
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
from common.limits import Rate, TooOften, forget, give_back, in_words, take

KNOWN_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True)
class Attempt:
    """One sign-in under way, counted as failed until it has succeeded."""

    account: str
    network: str
    counted: tuple[tuple[str, Rate], ...]


def begin_sign_in(*, name: str, address: str, now: datetime) -> Attempt:
    """Count an attempt for a username or e-mail; raises TooOften.

    Before the password is looked at, so that guesses at the same moment cannot outrun the count,
    and a right guess is not told from a wrong one once there were too many.
    """
    account, network = account_of(name), network_of(address)
    counted = _limits(account, network)
    for key, rate in counted:
        if wait := take(key, rate, now=now):
            words = f"Too many failed sign-ins. Try again {in_words(wait)}, or set a new password."
            raise TooOften.of(words, wait=wait, now=now)
    return Attempt(account, network, counted)


def sign_in_succeeded(attempt: Attempt) -> None:
    for key, rate in attempt.counted:
        give_back(key, rate)
    cache.set(_known(attempt.account, attempt.network), 1, timeout=KNOWN_SECONDS)


def forget_failed_sign_ins(*, user: User, address: str) -> None:
    """After a new password: what was tried against the old one holds nobody up."""
    account = f"user-{user.pk}"
    network = network_of(address)
    cache.set(_known(account, network), 1, timeout=KNOWN_SECONDS)
    for rate in settings.SIGN_IN_LIMITS["here"]:
        forget(_here(account, network), rate)


def account_of(name: str) -> str:
    """The account that a username or any of its addresses stands for; the name where none is, so
    that what is answered does not tell which names there are."""
    person = next(people_who_sign_in_as(name), None)
    if person is not None:
        return f"user-{person.pk}"
    return f"name-{hashlib.sha256(key_of(name).encode()).hexdigest()[:32]}"


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
