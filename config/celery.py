"""The Celery app: settings of its workers, and the schedule of periodic tasks."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("etude")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.update(
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 300,
        "socket_connect_timeout": 0.3,
        "socket_timeout": 5.0,
        "global_keyprefix": "etude:",
    },
    # Messages are JSON; one that is anything else (pickle would run what it says) is refused.
    accept_content=["json"],
    task_serializer="json",
    result_serializer="json",
    event_serializer="json",
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_default_queue="default",
    task_routes={"evaluation.run": {"queue": "evaluation"}, "judge.work": {"queue": "code"}},
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    timezone="UTC",
)

# Schedules in seconds. Sweeps must stay closer than 30 s (`sweeping.looks_for_lost_rows`).
app.conf.beat_schedule = {
    "sweep proctored tests": {"task": "sessions_app.sweep_test_sessions", "schedule": 15},
    "end forgotten interview sessions": {
        "task": "sessions_app.end_forgotten_sessions",
        "schedule": 60,
    },
    "nightly diagnostics": {"task": "diagnostics.nightly", "schedule": crontab(hour=3, minute=10)},
    "remove what was kept long enough": {
        "task": "common.remove_expired",
        "schedule": crontab(hour=3, minute=40),
    },
    "recount storage": {"task": "accounts.recount_storage", "schedule": crontab(hour=4, minute=20)},
    "continue repairs": {"task": "diagnostics.continue_repairs", "schedule": 120},
    "release stale reservations": {"task": "accounts.release_stale_reservations", "schedule": 60},
    "forget closed accounts": {
        "task": "accounts.forget_closed_accounts",
        "schedule": crontab(minute=5),
    },
    "requeue stalled evaluations": {"task": "evaluation.requeue_stalled", "schedule": 30},
    # Two wake-ups that were not fetched in time are not worth more than one.
    "run waiting code": {
        "task": "judge.work",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "compare scored answers": {
        "task": "sessions_app.compare_scored_answers",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "send waiting invitations": {
        "task": "sessions_app.send_invitations",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "work on waiting imports": {"task": "tracking.work_on_waiting_imports", "schedule": 30},
    "reminders and weekly summaries": {
        "task": "tracking.send_due_mails",
        "schedule": crontab(minute=7),
    },
    "forget old trash and import plans": {"task": "tracking.sweep", "schedule": crontab(minute=37)},
    "forget old idempotency keys": {
        "task": "common.forget_old_keys",
        "schedule": crontab(minute=17),
    },
}
