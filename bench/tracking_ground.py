"""A database of its own with practice logs in bulk: one heavy learner among ordinary ones."""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from typing import Any

HEAVY_LOGS, HEAVY_SKILLS = 20_000, 20
LOGS_EACH, SKILLS_EACH = 100, 4


def start_database() -> Any:
    from tests.servers.keeper import Keeper

    keeper = Keeper("postgres")
    os.environ.update(keeper.urls, REDIS_URL="", LOG_LEVEL="ERROR", DEBUG="false")
    os.environ.update(SECRET_KEY=secrets.token_urlsafe(48), ALLOWED_HOSTS="localhost")
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="etude-bench-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return keeper


def fill(size: int) -> None:
    """Grow the tables to `size` logs: one heavy learner, the rest with a hundred each."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE tracking_practicelog, tracking_skill, accounts_user CASCADE")
        cursor.execute(PEOPLE, [size // LOGS_EACH + 1])
        cursor.execute(SKILLS, [HEAVY_SKILLS, SKILLS_EACH])
        cursor.execute(LOGS, [HEAVY_SKILLS, SKILLS_EACH, HEAVY_LOGS, LOGS_EACH])
    for table in ("tracking_skill", "tracking_practicelog"):
        vacuum(table)


def vacuum(table: str) -> None:
    """Until all pages are marked visible, as autovacuum brings about: its own analysis of the
    freshly filled table can keep the first VACUUM from doing so."""
    from django.db import connection

    pages = "SELECT relpages, relallvisible FROM pg_class WHERE relname = %s"
    for _ in range(10):
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM ANALYZE {table}")
            cursor.execute(pages, [table])
            total, visible = cursor.fetchone()
        if visible == total:
            return
        time.sleep(1)
    raise RuntimeError(f"{table} was not vacuumed: {visible} of {total} pages.")


PEOPLE = """
INSERT INTO accounts_user (id, username, email, password, first_name, last_name, is_superuser,
    is_staff, is_active, date_joined, timezone, theme, day_start_hour, weekly_goal_minutes,
    reminder_after_days, weekly_summary)
SELECT n, 'p' || n, 'p' || n || '@example.com', '!', '', '', false, false, true, now(), 'UTC',
    'system', 0, 180, 3, true
FROM generate_series(1, %s) n
"""
# Skill ids are user * 100 + number, so that logs can name them without a join.
SKILLS = """
INSERT INTO tracking_skill (id, user_id, name, name_key, created_at)
SELECT u.id * 100 + k, u.id, 'Skill ' || k, 'skill ' || k, now()
FROM accounts_user u, generate_series(1, CASE WHEN u.id = 1 THEN %s ELSE %s END) k
"""
LOGS = """
INSERT INTO tracking_practicelog (user_id, skill_id, date_practiced, zone, duration_minutes,
    description, source_kind, source_id, created_at, updated_at)
SELECT u.id, u.id * 100 + 1 + (n %% CASE WHEN u.id = 1 THEN %s ELSE %s END),
    CURRENT_DATE - CASE WHEN u.id = 1 THEN n / 7 ELSE n + (u.id * 37) %% 2700 END::int, 'UTC',
    10 + n %% 80,
    'Practiced number ' || n || ' with care and attention', '', '', now(), now()
FROM accounts_user u, generate_series(1, CASE WHEN u.id = 1 THEN %s ELSE %s END) n
ORDER BY md5(u.id || '.' || n)
"""
