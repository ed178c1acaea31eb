"""Subscriptions: everyone has exactly one, and its columns agree with each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from accounts.models import Subscription, User
from accounts.services import plan_repairs
from diagnostics.models import Severity
from diagnostics.types import Check, Problem, Repair, RowRef, Scope, own_row, problems_of

LABEL = Subscription._meta.label


def find_missing(scope: Scope) -> Iterable[Problem]:
    users = scope.of_user(User.objects.filter(subscription__isnull=True), "pk").order_by("pk")
    for pk, name in users.values_list("pk", "username"):
        yield Problem(User._meta.label, pk, f"{name} has no subscription.", user_id=pk)


def subscription_rows(problems: Sequence[Problem]) -> list[list[RowRef]]:
    """None while it is missing; one that is created meanwhile changes the fingerprint."""
    found = Subscription.objects.filter(user_id__in=[problem.pk for problem in problems])
    by_user = {str(user): pk for user, pk in found.values_list("user_id", "pk")}
    rows = (by_user.get(str(problem.pk)) for problem in problems)
    return [[] if pk is None else [(LABEL, pk)] for pk in rows]


def create_missing(problem: Problem, now: datetime) -> list[RowRef]:
    subscription = plan_repairs.create_free(user_id=int(problem.pk))
    return [(LABEL, subscription.pk)]


def find_expired(scope: Scope) -> Iterable[Problem]:
    """Paid time is over, the row still says active."""
    rows = Subscription.objects.filter(
        plan=Subscription.Plan.PREMIUM,
        status=Subscription.Status.ACTIVE,
        valid_until__lte=scope.now,
    )
    return problems_of(scope, rows, "Premium until {row.valid_until:%Y-%m-%d}, still active.")


def find_inconsistent(scope: Scope) -> Iterable[Problem]:
    """A free plan that is not simply active, or an expired one whose paid time goes on."""
    free = Q(plan=Subscription.Plan.FREE) & (
        ~Q(status=Subscription.Status.ACTIVE) | Q(valid_until__isnull=False)
    )
    paid = Q(
        plan=Subscription.Plan.PREMIUM,
        status=Subscription.Status.EXPIRED,
        valid_until__gt=scope.now,
    )
    note = "Plan {row.plan} with status {row.status}, until {row.valid_until}."
    return problems_of(scope, Subscription.objects.filter(free | paid), note)


def expire(problem: Problem, now: datetime) -> list[RowRef]:
    plan_repairs.mark_expired(subscription_id=int(problem.pk), now=now)
    return []


def straighten(problem: Problem, now: datetime) -> list[RowRef]:
    plan_repairs.straighten(subscription_id=int(problem.pk), now=now)
    return []


CHECKS = [
    Check(
        name="subscription_missing",
        title="People without a subscription",
        reason="Every limit is read from the plan; who has none is treated as free silently.",
        severity=Severity.HIGH,
        find=find_missing,
        repair=Repair("Create a free subscription", subscription_rows, create_missing),
    ),
    Check(
        name="subscription_expired",
        title="Subscriptions whose time is over, still marked active",
        reason="Staff and reports read the status; limits already count the person as free.",
        severity=Severity.MEDIUM,
        find=find_expired,
        repair=Repair("Mark the subscription expired", own_row, expire),
    ),
    Check(
        name="subscription_inconsistent",
        title="Subscriptions whose plan and status contradict each other",
        reason="A free plan has no end and no other status than active; a paid one that still "
        "runs is not expired.",
        severity=Severity.MEDIUM,
        find=find_inconsistent,
        repair=Repair("Set the status that the plan implies", own_row, straighten),
    ),
]
