"""For staff: lists, which only read and apply no due transitions, and figures."""

from __future__ import annotations

from functools import partial
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.http.outputs import schema_of
from common.http.pagination import NewestFirst
from sessions_app.assessments.api.views import StaffView
from sessions_app.proctoring import policies
from sessions_app.proctoring.api.outputs import (
    SittingAnalyticsOutput,
    SittingListOutput,
    SittingRowOutput,
)
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.querysets import SessionQuerySet
from sessions_app.proctoring.selectors.sessions import analytics

SITTING_LIST = schema_of(SittingListOutput)


class SessionPages(NewestFirst):
    ordering = ("-test_start_time", "-candidate_id")

    def get_paginated_response(self, data: Any) -> Response:
        return Response(SittingListOutput(sessions=data, next=self.get_next_link()))


class SessionListView(StaffView):
    right = policies.VIEW

    def listed(self, sessions: SessionQuerySet) -> Response:
        row = partial(SittingRowOutput.at, clock.now())
        return SessionPages.answer(sessions.with_beats(), self, row)


class ActiveView(SessionListView):
    @extend_schema(responses=SITTING_LIST)
    def get(self, request: Request) -> Response:
        return self.listed(ProctoredSession.objects.active())


class AbandonedView(SessionListView):
    """Abandoned tests, and active ones without a beat for 5 minutes, marked `overdue`."""

    @extend_schema(responses=SITTING_LIST)
    def get(self, request: Request) -> Response:
        return self.listed(ProctoredSession.objects.abandoned_or_overdue_at(clock.now()))


class AnalyticsView(StaffView):
    right = policies.VIEW

    @extend_schema(responses=schema_of(SittingAnalyticsOutput))
    def get(self, request: Request) -> Response:
        return Response(SittingAnalyticsOutput(**vars(analytics())))
