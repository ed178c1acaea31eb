"""PostgreSQL can answer lists and totals from the indexes meant for them, without sorting or
reading the table. Sequential and bitmap scans are made dear: in a small table, or one that is not
vacuumed yet, they are the planner's right choice, and would hide whether an index covers."""

import json
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.tracking.factories import PracticeLogFactory, SkillFactory
from tracking.models import PracticeLog
from tracking.selectors.analytics import analytics, overview
from tracking.selectors.dashboard import dashboard_summary
from tracking.selectors.days import current_streak
from tracking.selectors.logs import filtered_logs
from tracking.selectors.progress import skill_cards, skill_report

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's planner"),
]
DAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def skill(transactional_db):
    """A learner with 3,000 logs among others with 3,000 in all."""
    own, *others = [SkillFactory() for _ in range(31)]
    for skill, count in [(own, 3000), *((other, 100) for other in others)]:
        PracticeLog.objects.bulk_create(
            PracticeLogFactory.build(
                skill=skill, user=skill.user, date_practiced=DAY - timedelta(days=n // 3)
            )
            for n in range(count)
        )
    vacuum("tracking_practicelog")
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
    yield own
    with connection.cursor() as cursor:
        cursor.execute("RESET enable_seqscan; RESET enable_bitmapscan")


def vacuum(table):
    """Until every page is marked visible: an autovacuum under way keeps the first from doing so."""
    for _ in range(50):
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM ANALYZE {table}")
            cursor.execute(
                "SELECT relpages = relallvisible FROM pg_class WHERE relname = %s", [table]
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.1)
    pytest.fail(f"{table} could not be vacuumed")


def plan_of(queryset):
    """(node type, index) of every node, and the buffers touched."""
    return plan_of_sql(*queryset.query.sql_with_params())


def plan_of_sql(sql, params=None):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON, ANALYZE, BUFFERS) {sql}", params)
        found = cursor.fetchone()[0]
    root = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    nodes = []

    def walk(node):
        nodes.append((node["Node Type"], node.get("Index Name")))
        for child in node.get("Plans", []):
            walk(child)

    walk(root)
    return nodes, root["Shared Hit Blocks"] + root["Shared Read Blocks"]


def test_a_page_of_a_list_walks_its_index_and_sorts_nothing(skill):
    first = filtered_logs(skill.user).newest_first()[:21]
    place = filtered_logs(skill.user).newest_first()[2700]
    deep = filtered_logs(skill.user).older_than(place.date_practiced, place.pk).newest_first()[:21]

    (nodes, buffers), (deep_nodes, deep_buffers) = plan_of(first), plan_of(deep)
    for found in (nodes, deep_nodes):
        assert ("Index Scan", "log_user_newest") in found
        assert "Sort" not in {name for name, _ in found}
    assert deep_buffers <= buffers * 1.5 + 3
    assert deep_buffers <= 30


def test_a_list_of_a_skill_and_of_a_span_of_dates(skill):
    of_skill = filtered_logs(skill.user, skill_id=skill.pk).newest_first()[:21]
    span = filtered_logs(
        skill.user, date_from=DAY - timedelta(days=600), date_to=DAY - timedelta(days=570)
    ).newest_first()[:21]

    for queryset in (of_skill, span):
        nodes, buffers = plan_of(queryset)
        assert "Seq Scan" not in {name for name, _ in nodes}
        assert "Sort" not in {name for name, _ in nodes}
        assert buffers <= 30


def test_a_list_of_a_skill_deep_down(skill):
    of_skill = filtered_logs(skill.user, skill_id=skill.pk)
    place = of_skill.newest_first()[2700]
    deep = of_skill.older_than(place.date_practiced, place.pk).newest_first()[:21]

    nodes, buffers = plan_of(deep)
    assert {name for name, _ in nodes} == {"Limit", "Index Scan"}
    assert buffers <= 30


READS = {
    "cards": lambda user: skill_cards(user, now=NOW),
    "overview": lambda user: overview(user, now=NOW),
    "analytics": lambda user: analytics(user, now=NOW),
    "the page of a skill": lambda user: skill_report(user.skills.get(), user, now=NOW),
    "dashboard": lambda user: dashboard_summary(user, DAY),
    "the flame": lambda user: current_streak(user, DAY),
}


@pytest.mark.parametrize("name", READS)
def test_totals_never_read_a_row(skill, name):
    with CaptureQueriesContext(connection) as queries:
        READS[name](skill.user)
    totals = [q["sql"] for q in queries if 'FROM "tracking_practicelog"' in q["sql"]]
    # The length of the latest session stands on each card: one row of each skill.
    totals = [sql for sql in totals if "tracking_skill" not in sql]

    assert totals
    for sql in totals:
        scans = {node for node, _ in plan_of_sql(sql)[0] if "Scan" in node}
        assert scans == {"Index Only Scan"}, sql
