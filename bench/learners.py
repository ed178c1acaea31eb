"""Learners with tokens and sign-ins, and the question bank, the same on both sides."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bench.people import Person, jwt

if TYPE_CHECKING:
    from accounts.models import User
    from bench.lab import Lab


def fill_learners(lab: Lab, count: int, *, now: datetime) -> tuple[list[User], list[Person]]:
    """So many learners without a past; those of an earlier measurement are removed."""
    from accounts.models import ApiToken, User
    from accounts.services.tokens import issue_token
    from diagnostics.fixtures import make_people

    for table in ("tracking_practicelog", "practice_sessions", "evaluation_evaluation"):
        lab.sql(f"TRUNCATE {table} CASCADE", database="etude")
    ApiToken.objects.all().delete()
    User.objects.filter(username__startswith="bench-").delete()
    users = make_people(count, prefix="bench", now=now)
    people = [Person(str(u.pk), issue_token(user=u)[1], jwt(u.pk)) for u in users]
    lab.sql("TRUNCATE users, question_main CASCADE", database="peer")
    insert(lab, "users", ("id", "username", "email"), ((u.pk, u.username, u.email) for u in users))
    _copy_bank(lab)
    return users, people


def insert(lab: Lab, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows into a table of the peer; the columns that are not named get what `DEFAULTS` says."""
    import psycopg

    fixed = DEFAULTS.get(table, {})
    names = ", ".join(f'"{name}"' for name in (*columns, *fixed))
    copying = f"COPY {table} ({names}) FROM STDIN"
    with (
        psycopg.connect(lab.database("peer")) as connection,
        connection.cursor().copy(copying) as copy,
    ):
        for row in rows:
            copy.write_row((*map(_stored, row), *fixed.values()))


DEFAULTS: dict[str, dict[str, Any]] = {
    "users": {
        "is_active": True,
        "is_staff": False,
        "plan": "free",
        "timezone": "UTC",
        "theme": "system",
    },
}


def _stored(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, (list, dict)) else value


def _copy_bank(lab: Lab) -> None:
    from practice.models import Question, QuestionMain

    columns = ("id", "slug", "kind", "title", "category", "difficulty", "minutes", "summary")
    sets = QuestionMain.objects.in_use()
    insert(lab, "question_main", columns, sets.values_list(*columns))
    columns = (
        *("id", "question_main_id", "order", "title", "prompt"),
        *("framework_name", "framework_steps", "key_points", "sample_answer"),
    )
    insert(lab, "question", columns, Question.objects.in_use().values_list(*columns))
