from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from tracking.api import schema
from tracking.api.inputs import LogChanges, LogFilters, LogInput, QuickLogInput
from tracking.api.outputs import analytics_json, log_json
from tracking.api.pagination import LogPages
from tracking.api.skills import valid
from tracking.policies import get_log_for
from tracking.selectors.analytics import analytics
from tracking.selectors.logs import filtered_logs
from tracking.services.logs import add_log, delete_log, edit_log, quick_log
from tracking.services.trash import restore_once


def filters_of(request: Request) -> dict[str, object]:
    """`skill_id`, `date_from`, `date_to` of the address; empty ones are left out."""
    sent = {name: value for name, value in request.query_params.items() if value != ""}
    return valid(LogFilters, request, sent)


class LogListView(APIView):
    """The caller's practice logs, newest first; filters `skill_id`, `date_from`, `date_to`."""

    @extend_schema(
        operation_id="v1_practice_logs_list",
        parameters=[schema.OF_SKILL, *schema.DATES, *schema.PAGING],
        responses={200: schema.LogPageOut, 400: schema.BAD},
    )
    def get(self, request: Request) -> Response:
        pages = LogPages()
        logs = filtered_logs(request.user, **filters_of(request))
        page = pages.paginate_queryset(logs, request, view=self)
        return pages.get_paginated_response([log_json(log) for log in page])

    @extend_schema(request=LogInput, responses={201: schema.LogOut, 400: schema.BAD})
    @idempotent
    def post(self, request: Request) -> Response:
        data = valid(LogInput, request)
        log = add_log(user=request.user, **data, now=clock.now())
        return Response(log_json(log), status=status.HTTP_201_CREATED)


class QuickLogView(APIView):
    """One click: a skill and minutes; the date is the caller's own today."""

    @extend_schema(request=QuickLogInput, responses={201: schema.LogOut, 400: schema.BAD})
    @idempotent
    def post(self, request: Request) -> Response:
        data = valid(QuickLogInput, request)
        log = quick_log(user=request.user, **data, now=clock.now())
        return Response(log_json(log), status=status.HTTP_201_CREATED)


class LogView(APIView):
    @extend_schema(responses={200: schema.LogOut, 404: schema.GONE})
    def get(self, request: Request, pk: int) -> Response:
        return Response(log_json(get_log_for(request.user, pk)))

    @extend_schema(
        request=LogChanges, responses={200: schema.LogOut, 400: schema.BAD, 404: schema.GONE}
    )
    def patch(self, request: Request, pk: int) -> Response:
        log = get_log_for(request.user, pk)
        changes = valid(LogChanges, request)
        return Response(log_json(edit_log(log=log, user=request.user, now=clock.now(), **changes)))

    @extend_schema(responses={204: None, 404: schema.GONE})
    def delete(self, request: Request, pk: int) -> Response:
        delete_log(log=get_log_for(request.user, pk), now=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class LogRestoreView(APIView):
    """Bring a deleted log and its evidence back, for ten minutes."""

    @extend_schema(
        request=None, responses={200: schema.LogOut, 404: schema.GONE, 409: schema.CLASH}
    )
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        restore_once(user=request.user, kind="practice_log", object_id=pk, now=clock.now())
        return Response(log_json(get_log_for(request.user, pk)))


class AnalyticsView(APIView):
    """Totals by skill, week, month and weekday; streaks; weekly goal."""

    @extend_schema(parameters=schema.DATES, responses={200: schema.AnalyticsOut, 400: schema.BAD})
    def get(self, request: Request) -> Response:
        chosen = filters_of(request)
        report = analytics(
            request.user,
            now=clock.now(),
            first=chosen.get("date_from"),
            last=chosen.get("date_to"),
        )
        return Response(analytics_json(report))
