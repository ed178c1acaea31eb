"""What the console's start page offers each role of staff: where the work is, how much waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Subscription, User
from accounts.roles import ROLES
from common.rights import has_right
from diagnostics.models import RepairRun, UserErrorReport
from evaluation.models import Evaluation, Objection, WordingCandidate
from practice.models import Question
from sessions_app.assessments.models import Assessment, Candidate, CodingQuestion
from sessions_app.proctoring.models import ProctoredSession

LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Task:
    """A place to work; `count`: how many rows stand there, None where that says nothing."""

    words: str
    url: str
    right: str
    rows: QuerySet[Any] | None = None

    @property
    def count(self) -> int | None:
        return None if self.rows is None else self.rows.count()


@dataclass(frozen=True)
class StartPage:
    role: str
    tasks: list[Task]


def start_pages(user: User, *, now: datetime) -> list[StartPage]:
    """The tasks this person has the right to: of their roles, or of all roles if they have none."""
    groups = set(user.groups.values_list("name", flat=True))
    mine = groups.intersection(ROLES) or set(ROLES)
    pages = []
    for role, tasks in (*_tasks_of_tests(now), *_tasks_beside_tests(now)):
        allowed = [task for task in tasks if has_right(user, task.right)]
        if role in mine and allowed:
            pages.append(StartPage(role, allowed))
    return pages


def _tasks_of_tests(now: datetime) -> Iterator[tuple[str, list[Task]]]:
    """(role, tasks): the right is that of the page which the task leads to."""
    tests, people = ProctoredSession.objects, Candidate.objects
    lately = tests.filter(status="completed", completed_at__gt=now - LATELY)
    yield "Recruiter", [
        _list("Candidates not invited yet", "candidate", people.filter(invited_at=None),
              "?invited_at__isempty=1"),
        Task("Invite a candidate", _address("candidate", "add"), "sessions_app.add_candidate"),
        _list("Assessments", "assessment", Assessment.objects.all()),
        _list("Tests completed in seven days", "proctoredsession", lately,
              "?status__exact=completed"),
    ]  # fmt: skip
    yield "Reviewer", [
        _list("Tests completed in seven days", "proctoredsession", lately,
              "?status__exact=completed"),
        _list("All tests", "proctoredsession"),
        _list("Mark answers of learners", "staffmark", app="evaluation"),
        Task("Agreement of verdicts with marks", reverse("admin:evaluation_agreement"),
             "evaluation.view_staffmark"),
    ]  # fmt: skip
    yield "Proctor", [
        Task("Tests running now", reverse("admin:proctoring_live"),
             "sessions_app.view_proctoredsession", tests.active()),
        _list("Tests left before their end", "proctoredsession", tests.filter(status="abandoned"),
              "?status__exact=abandoned"),
        Task("Start a test for a candidate", _address("proctoredsession", "add"),
             "sessions_app.add_proctoredsession"),
        _list("Outages, with the time given back", "outage"),
    ]  # fmt: skip


def _tasks_beside_tests(now: datetime) -> Iterator[tuple[str, list[Task]]]:
    """As above, of banks, people and the site."""
    asked = CodingQuestion.objects.filter(retired_at=None)
    yield "Author", [
        _list("Coding questions in use", "codingquestion", asked, "?retired_at__isempty=1"),
        Task("Write a coding question", _address("codingquestion", "add"),
             "sessions_app.add_codingquestion"),
        _list("Practice questions", "question", Question.objects.filter(retired_at=None),
              "?retired_at__isempty=1", app="practice"),
        _list("Wordings to accept or dismiss", "wordingcandidate",
              WordingCandidate.objects.filter(decision=""), "?decision__exact=",
              app="evaluation"),
        Task("Agreement of verdicts with marks", reverse("admin:evaluation_agreement"),
             "evaluation.view_staffmark"),
    ]  # fmt: skip
    failed = Evaluation.objects.filter(status="failed")
    reports = UserErrorReport.objects.filter(created_at__gt=now - LATELY)
    premium = Subscription.objects.filter(plan="premium")
    yield "Support", [
        _list("Find a person", "user", app="accounts"),
        _list("Objections without an answer", "objection",
              Objection.objects.filter(resolved_at=None), "?resolved_at__isempty=1",
              app="evaluation"),
        _list("Evaluations that failed", "evaluation", failed, "?status__exact=failed",
              app="evaluation"),
        _list("Errors reported in seven days", "usererrorreport", reports, app="diagnostics"),
        _list("Premium plans", "subscription", premium, "?plan__exact=premium", app="accounts"),
    ]  # fmt: skip
    planned = RepairRun.objects.filter(status="planned")
    yield "Operator", [
        _list("Diagnoses", "diagnosticrun", app="diagnostics"),
        Task("Repairs planned, not applied", f"{_address('repairrun', 'changelist', 'diagnostics')}"
             "?status__exact=planned", "diagnostics.view_diagnosticrun", planned),
        Task("Trend of each check", reverse("admin:diagnostics_trends"),
             "diagnostics.view_diagnosticrun"),
        _list("Claude on and off", "claudeswitch", app="evaluation"),
    ]  # fmt: skip


def _list(
    words: str,
    model: str,
    rows: QuerySet[Any] | None = None,
    query: str = "",
    *,
    app: str = "sessions_app",
) -> Task:
    """A list of rows, for who may look at them."""
    return Task(words, _address(model, "changelist", app) + query, f"{app}.view_{model}", rows)


def _address(model: str, page: str, app: str = "sessions_app") -> str:
    return reverse(f"admin:{app}_{model}_{page}")
