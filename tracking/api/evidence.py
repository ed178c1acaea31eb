from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from tracking.api import schema
from tracking.api.inputs import EvidenceFilters, EvidenceInput
from tracking.api.outputs import evidence_json
from tracking.api.pagination import OldestFirst
from tracking.api.skills import valid
from tracking.policies import get_evidence_for
from tracking.selectors.logs import filtered_evidence
from tracking.services.evidence import add_evidence, delete_evidence
from tracking.services.trash import restore_once


class EvidenceListView(APIView):
    """Evidence, oldest first; `skill_id` includes that of the skill's logs."""

    @extend_schema(
        operation_id="v1_evidence_list",
        parameters=[schema.OF_SKILL, schema.OF_LOG, *schema.PAGING],
        responses={200: schema.EvidencePageOut, 400: schema.BAD},
    )
    def get(self, request: Request) -> Response:
        pages = OldestFirst()
        sent = {name: value for name, value in request.query_params.items() if value != ""}
        rows = filtered_evidence(request.user, **valid(EvidenceFilters, request, sent))
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([evidence_json(row) for row in page])

    @extend_schema(request=EvidenceInput, responses={201: schema.EvidenceOut, 400: schema.BAD})
    @idempotent
    def post(self, request: Request) -> Response:
        data = valid(EvidenceInput, request)
        row = add_evidence(user=request.user, **data, now=clock.now())
        return Response(evidence_json(row), status=status.HTTP_201_CREATED)


class EvidenceView(APIView):
    @extend_schema(responses={200: schema.EvidenceOut, 404: schema.GONE})
    def get(self, request: Request, pk: int) -> Response:
        return Response(evidence_json(get_evidence_for(request.user, pk)))

    @extend_schema(responses={204: None, 404: schema.GONE})
    def delete(self, request: Request, pk: int) -> Response:
        delete_evidence(evidence=get_evidence_for(request.user, pk), now=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class EvidenceRestoreView(APIView):
    @extend_schema(
        request=None, responses={200: schema.EvidenceOut, 404: schema.GONE, 409: schema.CLASH}
    )
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        restore_once(user=request.user, kind="evidence", object_id=pk, now=clock.now())
        return Response(evidence_json(get_evidence_for(request.user, pk)))
