"""The library and a page of the workspace, against Jinja2 pages of the same rows."""

from __future__ import annotations

import urllib.request
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bench.effort import Effort
from bench.lab import Lab, Server
from bench.learners import fill_learners, insert
from bench.load import Load, Request, press, write_requests
from bench.people import jwt
from bench.rounds import Figure, RunVoid, cpu, interleave, rate, ratios

if TYPE_CHECKING:
    from accounts.models import User

LEARNERS, CONNECTIONS = 60, 32
ANSWER = (
    "Reads outnumber writes a hundred to one, so I would keep the mapping in a cache in front of a "
    "key-value store, sharded by the hash of the key. Codes come from a counter that each server "
    "takes in ranges, which needs no coordination for every write.\n\n"
)
FEEDBACK = {
    "status": "succeeded",
    "band": "partial",
    "overall_score": 6.0,
    "framework_score": 7.0,
    "structure_score": 5.0,
    "completeness_score": 6.0,
    "strengths": ["You name the ratio of reads to writes.", "You say why the cache comes first."],
    "improvements": ["Say what happens when a shard is lost.", "Estimate the storage of a year."],
    "key_points": [
        {"title": "Cache in front of the store", "level": "met", "quotes": []},
        {"title": "Sharding", "level": "met", "quotes": []},
        {"title": "Failure of a shard", "level": "missed", "quotes": []},
    ],
}


def run(lab: Lab, effort: Effort) -> list[Figure]:
    from common import clock

    users, _ = fill_learners(lab, LEARNERS, now=clock.now())
    sessions = _practice(users, now=clock.now())
    _copy_practice(lab)
    figures = []
    with lab.etude() as etude, lab.peer() as peer:
        for name, paths in (
            ("library page", dict.fromkeys(sessions, "/practice")),
            (
                "workspace page",
                {pk: f"/practice/sessions/{sid}/questions/1" for pk, sid in sessions.items()},
            ),
        ):
            sides = {"etude": (etude, _etude(users, paths)), "peer": (peer, _peer(users, paths))}
            sizes = {side: _bytes(server, pages[0]) for side, (server, pages) in sides.items()}
            loads = {
                side: Load(server.url, "replay.lua", write_requests(pages), CONNECTIONS)
                for side, (server, pages) in sides.items()
            }
            figures += _compare(name, loads, {"etude": etude, "peer": peer}, sizes, effort)
    return figures


def _compare(
    name: str,
    loads: dict[str, Load],
    servers: dict[str, Server],
    sizes: dict[str, int],
    effort: Effort,
) -> list[Figure]:
    for side, load in loads.items():
        press(load, seconds=effort.warm_up, servers=servers[side].pids)
    found = interleave(
        {
            side: lambda side=side: press(
                loads[side], seconds=effort.seconds, servers=servers[side].pids
            )
            for side in loads
        },
        rounds=effort.rounds,
    )
    mine, other = found["etude"], found["peer"]
    note = f"{sizes['etude'] // 1000} kB against {sizes['peer'] // 1000} kB of HTML"
    against = "FastAPI + Jinja2"
    return [
        Figure(name, against, "requests/s, ×", ratios(mine, other, rate), 1.2, note=note),
        Figure(name, against, "CPU a request, ×", ratios(mine, other, cpu)),
    ]


def _practice(users: list[User], *, now: datetime) -> dict[int, int]:
    """One set completed and another begun by everyone, two tries each; {user: session begun}."""
    from evaluation.models import Evaluation
    from practice.models import QuestionMain
    from practice.services.completion import complete_session
    from practice.services.sessions import start_session
    from practice.services.submissions import submit_answer

    first, second = QuestionMain.objects.in_use().design().order_by("pk")[:2]
    begun = {}
    for user in users:
        for row in (first, second):
            session, _ = start_session(user=user, question_main_id=row.pk, now=now)
            question = session.practices.order_by("order").first().question_id
            for number in (1, 2):
                at = now + timedelta(minutes=number)
                submit_answer(
                    user=user,
                    session_id=session.pk,
                    question_id=question,
                    answer_text=ANSWER * (number + 1),
                    now=at,
                )
            if row == first:
                complete_session(user=user, session_id=session.pk, now=now)
            begun[user.pk] = session.pk
    Evaluation.objects.update(**FEEDBACK, finished_at=now)
    return begun


def _copy_practice(lab: Lab) -> None:
    """What was practiced, from both of Etude's places into the peer's one."""
    from evaluation.models import Evaluation
    from practice import models

    columns = (
        *("id", "owner_id", "status", "provider", "input", "band", "overall_score"),
        *("framework_score", "structure_score", "completeness_score", "strengths"),
        *("improvements", "key_points", "created_at"),
    )
    insert(lab, "evaluation", columns, Evaluation.objects.values_list(*columns))
    for name, columns in PLACES.items():
        table, live, past = name
        for model in (getattr(models, live), getattr(models, past)):
            insert(lab, table, columns, model.objects.values_list(*columns))


PLACES: dict[tuple[str, str, str], tuple[str, ...]] = {
    ("practice_main", "PracticeMain", "PracticeMainHistory"): (
        *("id", "user_id", "question_main_id", "status", "started_at", "completed_at"),
    ),
    ("practice", "Practice", "PracticeHistory"): (
        *("id", "session_id", "question_id", "order", "title", "prompt", "answer_text"),
        *("version", "saved_at"),
    ),
    ("submission", "Submission", "SubmissionHistory"): (
        *("id", "practice_id", "evaluation_id", "number", "answer_text", "submitted_at"),
    ),
}


def _etude(users: list[User], paths: dict[int, str]) -> list[Request]:
    return [_page(paths[user.pk], f"etude_session={_sign_in(user)}") for user in users]


def _peer(users: list[User], paths: dict[int, str]) -> list[Request]:
    return [_page(paths[user.pk], f"peer_session={jwt(user.pk)}") for user in users]


def _page(path: str, cookie: str) -> Request:
    return Request("GET", path, (("Cookie", cookie), ("Accept", "text/html")))


def _sign_in(user: User) -> str:
    """A session such as signing in leaves behind, without the forms."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from accounts.login_sessions import SessionStore

    store: Any = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def _bytes(server: Server, page: Request) -> int:
    """The length of a page, which must show what it is asked for."""
    asked = urllib.request.Request(server.url + page.path, headers=dict(page.headers))
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - our own server
        body = answer.read().decode()
    wanted = "Feedback on try" if "questions" in page.path else "submitted"
    if wanted not in body or page.path not in answer.url:
        raise RunVoid(f"{server.url}{page.path} shows something else: {body[:200]}")
    return len(body.encode())
