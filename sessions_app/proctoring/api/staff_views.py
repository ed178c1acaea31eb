"""What is staff's: lists that show what is and apply nothing, figures, and invitations."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.http.pagination import NewestFirst
from sessions_app.assessments.api.views import StaffView
from sessions_app.proctoring.api import output
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.querysets import SessionQuerySet
from sessions_app.proctoring.selectors.sessions import analytics


class SessionPages(NewestFirst):
    ordering = ("-test_start_time", "-candidate_id")

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"success": True, "sessions": data, "next": self.get_next_link()})


LIST_REPLY = inline_serializer(
    "TestSessionList",
    {
        "success": serializers.BooleanField(),
        "sessions": serializers.ListField(child=serializers.DictField()),
        "next": serializers.URLField(allow_null=True),
    },
)


class SessionListView(StaffView):
    def listed(self, sessions: SessionQuerySet) -> Response:
        now, pages = clock.now(), SessionPages()
        rows = pages.paginate_queryset(sessions.with_beats(), self.request, view=self)
        return pages.get_paginated_response([output.list_row(row, now=now) for row in rows or []])


class ActiveView(SessionListView):
    @extend_schema(responses=LIST_REPLY)
    def get(self, request: Request) -> Response:
        return self.listed(ProctoredSession.objects.active())


class AbandonedView(SessionListView):
    """Abandoned tests, and active ones without a beat for 5 minutes, marked `overdue`."""

    @extend_schema(responses=LIST_REPLY)
    def get(self, request: Request) -> Response:
        return self.listed(ProctoredSession.objects.abandoned_or_overdue_at(clock.now()))


class AnalyticsView(StaffView):
    @extend_schema(
        responses=inline_serializer(
            "TestSessionAnalytics",
            {
                "success": serializers.BooleanField(),
                "avg_minutes": serializers.FloatField(allow_null=True),
                "by_status": serializers.ListField(child=serializers.DictField()),
                "by_method": serializers.ListField(child=serializers.DictField()),
                "by_assessment": serializers.ListField(child=serializers.DictField()),
                "voided": serializers.IntegerField(),
            },
        )
    )
    def get(self, request: Request) -> Response:
        figures = analytics()
        by_method = [{"method": row["completion_method"], **row} for row in figures.by_method]
        return Response(
            {
                "success": True,
                "avg_minutes": figures.avg_minutes,
                "by_status": figures.by_status,
                "by_method": by_method,
                "by_assessment": figures.by_assessment,
                "voided": figures.voided,
            }
        )
