from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.http.inputs import checked
from common.http.negotiation import IgnoreAccept
from common.http.outputs import schema_of
from common.http.pagination import NewestFirst
from practice.api.inputs import HistoryFilterInput
from practice.api.review_outputs import HistoryOutput, ReviewOutput
from practice.exports import export_response
from practice.policies import get_completed_for, get_session_for
from practice.selectors.history import history_of, history_rows
from practice.selectors.review import review_of

FORMAT = OpenApiParameter("format", enum=["md", "json"], default="md")


class HistoryPages(NewestFirst):
    ordering = ("-completed_at", "-id")


class ReviewView(APIView):
    @extend_schema(responses=schema_of(ReviewOutput))
    def get(self, request: Request, pk: int) -> Response:
        """409 `not_completed` while the session is practiced."""
        return Response(ReviewOutput.of(review_of(get_completed_for(request.user, pk))))


class ExportView(APIView):
    content_negotiation_class = IgnoreAccept

    @extend_schema(
        parameters=[FORMAT],
        responses={
            (200, "text/markdown"): OpenApiTypes.STR,
            (200, "application/json"): OpenApiTypes.OBJECT,
        },
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The session as a file; the samples are in it once it is completed."""
        session = get_session_for(request.user, pk)
        return export_response(review_of(session), request.query_params.get("format", "md"))


class PracticeHistoryView(APIView):
    pagination_class = HistoryPages

    @extend_schema(parameters=[HistoryFilterInput], responses=schema_of(HistoryOutput)(many=True))
    def get(self, request: Request) -> Response:
        filters = checked(HistoryFilterInput, request.query_params)
        paginator = HistoryPages()
        sessions = history_of(request.user, **filters)
        page = paginator.paginate_queryset(sessions, request, view=self)
        return paginator.get_paginated_response([HistoryOutput.of(r) for r in history_rows(page)])
