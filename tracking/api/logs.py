from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from common.http.inputs import checked
from common.http.outputs import page_of, schema_of
from common.http.schema import PAGING
from tracking.api.inputs import (
    LogChanges,
    LogFilters,
    LogInput,
    Period,
    QuickLogInput,
    query_of,
)
from tracking.api.outputs import AnalyticsOutput, PracticeLogOutput
from tracking.api.pagination import LogPages
from tracking.models import Trash
from tracking.policies import get_log_for
from tracking.selectors.analytics import analytics
from tracking.selectors.logs import filtered_logs
from tracking.services.logs import add_log, delete_log, edit_log, quick_log
from tracking.services.trash import restore


class LogListView(APIView):
    """The caller's practice logs, newest first; both dates are included."""

    @extend_schema(
        operation_id="v1_practice_logs_list",
        parameters=[LogFilters, *PAGING],
        responses=page_of(PracticeLogOutput),
    )
    def get(self, request: Request) -> Response:
        logs = filtered_logs(request.user, **checked(LogFilters, query_of(request)))
        return LogPages.answer(logs, self, PracticeLogOutput.of)

    @extend_schema(request=LogInput, responses={201: schema_of(PracticeLogOutput)})
    @idempotent
    def post(self, request: Request) -> Response:
        data = checked(LogInput, request.data, user=request.user)
        log = add_log(user=request.user, **data, now=clock.now())
        return Response(PracticeLogOutput.of(log), status=201)


class QuickLogView(APIView):
    """One click: a skill and minutes; the date is the caller's own today."""

    @extend_schema(request=QuickLogInput, responses={201: schema_of(PracticeLogOutput)})
    @idempotent
    def post(self, request: Request) -> Response:
        data = checked(QuickLogInput, request.data, user=request.user)
        log = quick_log(user=request.user, **data, now=clock.now())
        return Response(PracticeLogOutput.of(log), status=201)


class LogView(APIView):
    @extend_schema(responses=schema_of(PracticeLogOutput))
    def get(self, request: Request, pk: int) -> Response:
        return Response(PracticeLogOutput.of(get_log_for(request.user, pk)))

    @extend_schema(request=LogChanges, responses=schema_of(PracticeLogOutput))
    def patch(self, request: Request, pk: int) -> Response:
        log = get_log_for(request.user, pk)
        changes = checked(LogChanges, request.data)
        log = edit_log(log=log, user=request.user, now=clock.now(), **changes)
        return Response(PracticeLogOutput.of(log))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        delete_log(log=get_log_for(request.user, pk), now=clock.now())
        return Response(status=204)


class LogRestoreView(APIView):
    """Bring a deleted log and its evidence back, for ten minutes."""

    @extend_schema(request=None, responses=schema_of(PracticeLogOutput))
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        restore(user=request.user, kind=Trash.Kind.LOG, object_id=pk, now=clock.now())
        return Response(PracticeLogOutput.of(get_log_for(request.user, pk)))


class AnalyticsView(APIView):
    """Totals by skill, week, month and weekday; streaks; weekly goal."""

    @extend_schema(parameters=[Period], responses=schema_of(AnalyticsOutput))
    def get(self, request: Request) -> Response:
        period = checked(Period, query_of(request))
        first, last = period.get("date_from"), period.get("date_to")
        report = analytics(request.user, now=clock.now(), first=first, last=last)
        return Response(AnalyticsOutput.of(report))
