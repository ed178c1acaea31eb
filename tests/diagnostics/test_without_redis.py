"""Redis killed under load, and killed for good: no duplicate, no 500, nothing but speed is lost."""

from __future__ import annotations

import copy
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from celery import current_app
from django.db import connection, connections
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from common import clock, jobs
from evaluation.models import Evaluation
from evaluation.services.queue import requeue_stalled
from practice.models import PracticeMain
from sessions_app.interviews.models import PracticeSession
from tests.factories import UserFactory
from tests.interviews.factories import QuestionFactory as InterviewQuestionFactory
from tests.practice.factories import make_set
from tests.servers.valkey import Valkey
from tests.services import on_sqlite

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a long enough phrase 7"
ANSWER = (
    "Each object is replicated to three machines in different racks. A background process detects "
    "lost copies and repairs them from the others, at the cost of network traffic."
)

pytestmark = [
    pytest.mark.skipif(on_sqlite(), reason="SQLite runs are without Redis anyway"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def valkey(tmp_path, settings, monkeypatch):
    """A server of this test's own, with the product's timeouts, for cache, locks and broker."""
    server = Valkey(tmp_path)
    server.start()
    caches = copy.deepcopy(settings.CACHES)
    caches["default"]["LOCATION"] = server.url
    caches["default"]["OPTIONS"].update(SOCKET_TIMEOUT=0.3, SOCKET_CONNECT_TIMEOUT=0.3)
    settings.CACHES, settings.REDIS_URL = caches, server.url
    monkeypatch.setattr(current_app.conf, "broker_url", server.url)
    monkeypatch.setattr(jobs, "_connection", None)
    jobs.forget_failures()
    yield server
    server.stop()
    jobs.forget_failures()


def kill(server):
    server.process.kill()
    server.process.wait()


def test_killed_in_the_middle_of_100_parallel_starts(valkey, api_for):
    """Twenty people click five times each, half of them on practice, half on interviews."""
    row = make_set(2)
    InterviewQuestionFactory()
    clients = [api_for(UserFactory(plan="premium")) for _ in range(20)]
    clients[0].get("/healthz")  # imports the middlewares, which twenty threads at once must not
    done = threading.Semaphore(0)

    def start(number):
        client = clients[number % 20]
        try:
            if number % 2:
                body = {"question_main_id": row.pk}
                return client.post("/api/v1/practice-main", body, format="json").status_code
            key = {"HTTP_IDEMPOTENCY_KEY": f"interview-{number % 20}"}
            return client.post("/api/sessions", {}, format="json", **key).status_code
        finally:
            connections.close_all()
            done.release()

    def kill_after(count):
        for _ in range(count):
            done.acquire()
        kill(valkey)

    killer = threading.Thread(target=kill_after, args=(30,))
    killer.start()
    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(start, range(100)))
    killer.join()

    assert set(codes) <= {200, 201}, codes
    for model in (PracticeMain, PracticeSession):
        held = model.objects.values("user").annotate(n=Count("pk"))
        assert [h["n"] for h in held] == [1] * 10


PAGES = (
    "/dashboard",
    "/practice",
    "/history",
    "/interviews",
    "/skills",
    "/skills/activity",
    "/logs",
    "/account",
    "/healthz",
    "/readyz",
    "/api/docs",
)


def test_a_server_that_hangs_costs_one_wait_and_not_one_a_question(valkey, api_for):
    api, row = api_for(UserFactory(plan="premium")), make_set(1)
    os.kill(valkey.process.pid, signal.SIGSTOP)
    try:
        started = time.monotonic()
        submit(api, row)
        assert time.monotonic() - started < 5
    finally:
        os.kill(valkey.process.pid, signal.SIGCONT)


def test_rate_limits_go_on_counting_without_the_server(valkey):
    kill(valkey)
    wrong = {"username": "somebody", "password": "wrong"}
    api = APIClient()

    codes = [api.post("/api/auth/token", wrong).status_code for _ in range(7)]

    assert codes == [401] * 5 + [429] * 2


def test_killed_for_good_everything_but_speed_stays(valkey, api_for, staff):
    row = make_set(1)
    InterviewQuestionFactory()
    kill(valkey)
    user = UserFactory(plan="premium", password=PASSWORD)
    client = Client()
    page = client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    assert page.status_code == 302, "sign-in by page"

    for path in (*PAGES, f"/practice/{row.slug}"):
        assert client.get(path).status_code == 200, path
    assert client.get("/readyz").json()["status"] == "degraded"

    api = api_for(user)
    wrong = api.post("/api/auth/token", {"username": user.username, "password": "wrong"})
    right = api.post("/api/auth/token", {"username": user.username, "password": PASSWORD})
    assert (wrong.status_code, right.status_code) == (401, 200)

    submit(api, row)
    walk_interview(api)
    sit_a_test(api_for(staff))
    report = {"path": "/x", "note": "It broke."}
    assert client.post("/report-problem", report).status_code == 302
    client.force_login(staff)
    assert client.get("/metrics").status_code == 200
    assert client.get("/admin/").status_code == 200


def submit(api, row):
    """Start, save, draw, submit; the number of the evaluation."""
    started = api.post("/api/v1/practice-main", {"question_main_id": row.pk})
    assert started.status_code == 201
    session = f"/api/v1/practice-main/{started.json()['id']}"
    question = f"{session}/questions/{row.questions.get().pk}"
    saved = api.put(f"{question}/draft", {"answer_text": ANSWER, "base_version": 0})
    drawn = api.put(f"{session}/whiteboard", {"scene": {"elements": []}, "base_version": 0})
    sent = api.post(f"{question}/submissions", {"answer_text": ANSWER})
    assert [r.status_code for r in (saved, drawn, sent)] == [200, 200, 201]
    return sent.json()["evaluation"]["evaluation_id"]


def walk_interview(api):
    started = api.post("/api/sessions", {})
    assert started.status_code == 201
    session = f"/api/sessions/{started.json()['id']}"
    question = api.get(f"{session}/next-question").json()["question"]
    attempt = {
        "question_id": question["question_id"],
        "answer_text": ANSWER,
        "time_spent_sec": 60,
    }
    assert api.post(f"{session}/attempts", attempt).status_code == 201
    assert api.post(f"{session}/end", {}).status_code == 200


def sit_a_test(staff_api):
    made = staff_api.post("/api/candidates", {"name": "Ada", "email": "ada@example.com"})
    assert made.status_code == 201
    client = Client(HTTP_AUTHORIZATION=f"Bearer {made.json()['access_token']}")
    path = f"/api/test-session/{made.json()['candidate_id']}"
    json = {"content_type": "application/json"}
    started = client.post(
        "/api/test-session", {"candidate_id": made.json()["candidate_id"]}, **json
    )
    beat = client.put(f"{path}/heartbeat", {}, **json)
    saved = client.put(f"{path}/progress", {"pending_answers": {"q": "a"}}, **json)
    assert [r.status_code for r in (started, beat, saved)] == [201, 200, 200], started.content


@pytest.mark.timeout(180)
def test_evaluations_wait_and_finish_when_the_broker_is_back(valkey, api_for, tmp_path):
    kill(valkey)
    evaluation_id = submit(api_for(UserFactory(plan="premium")), make_set(1))
    evaluation = Evaluation.objects.get(pk=evaluation_id)
    assert evaluation.status == "queued"

    valkey.start()
    worker = start_worker(valkey.url, tmp_path)
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and evaluation.status in ("queued", "running"):
            jobs.forget_failures()  # half a minute of silence, which this test does not wait
            requeue_stalled(now=clock.now())  # what the beat does
            time.sleep(1)
            evaluation.refresh_from_db()
    finally:
        worker.terminate()
        worker.wait(30)

    # A verdict, be it numbers or that it is withheld; never an endless wait.
    assert evaluation.status in ("succeeded", "withheld"), (tmp_path / "worker.log").read_text()[
        -2000:
    ]


def start_worker(redis_url, folder):
    facts = connection.settings_dict
    database = f"postgres://{quote(facts['USER'])}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
    environment = {**os.environ, "DATABASE_URL": database, "REDIS_URL": redis_url}
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-P", "solo"]
    with (folder / "worker.log").open("wb") as log:
        return subprocess.Popen(
            [*command, "-Q", "evaluation,default", "--without-mingle", "--without-gossip"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
