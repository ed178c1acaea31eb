"""PostgreSQL can answer lists and totals from the indexes meant for them, without sorting or
reading the table. Sequential and bitmap scans are made dear: in a small table, or one that is not
vacuumed yet, they are the planner's right choice, and would hide whether an index covers."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Count, Sum

from tests.tracking.factories import PracticeLogFactory, SkillFactory
from tracking.models import PracticeLog
from tracking.selectors.logs import filtered_logs

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's planner"),
]
DAY = date(2026, 3, 1)


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
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE tracking_practicelog")
        cursor.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
    yield own
    with connection.cursor() as cursor:
        cursor.execute("RESET enable_seqscan; RESET enable_bitmapscan")


def plan_of(queryset):
    """(node type, index) of every node, and the buffers touched."""
    root = json.loads(queryset.explain(format="json", analyze=True, buffers=True))[0]["Plan"]
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


def test_totals_never_read_a_row(skill):
    logs = PracticeLog.objects.visible_to(skill.user)
    by_day = logs.order_by("date_practiced").values_list("date_practiced")
    by_skill = logs.order_by("skill_id", "date_practiced").values_list("skill_id", "date_practiced")

    for queryset in (by_day, by_skill):
        totals = queryset.annotate(Count("duration_minutes"), Sum("duration_minutes"))
        nodes, _ = plan_of(totals)
        scans = {name for name, _ in nodes if "Scan" in name}
        assert scans == {"Index Only Scan"}, nodes
