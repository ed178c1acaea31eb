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
from tracking.api.inputs import EvidenceFilters, EvidenceInput, query_of
from tracking.api.outputs import EvidenceOutput
from tracking.api.pagination import OldestFirst
from tracking.models import Trash
from tracking.policies import get_evidence_for
from tracking.selectors.logs import filtered_evidence
from tracking.services.evidence import add_evidence, delete_evidence
from tracking.services.trash import restore


class EvidenceListView(APIView):
    """Evidence, oldest first; `skill_id` includes that of the skill's logs."""

    @extend_schema(
        operation_id="v1_evidence_list",
        parameters=[EvidenceFilters, *PAGING],
        responses=page_of(EvidenceOutput),
    )
    def get(self, request: Request) -> Response:
        filters = checked(EvidenceFilters, query_of(request))
        rows = filtered_evidence(request.user, **filters)
        return OldestFirst.answer(rows, self, EvidenceOutput.of)

    @extend_schema(request=EvidenceInput, responses={201: schema_of(EvidenceOutput)})
    @idempotent
    def post(self, request: Request) -> Response:
        data = checked(EvidenceInput, request.data, user=request.user)
        row = add_evidence(user=request.user, **data, now=clock.now())
        return Response(EvidenceOutput.of(row), status=201)


class EvidenceView(APIView):
    @extend_schema(responses=schema_of(EvidenceOutput))
    def get(self, request: Request, pk: int) -> Response:
        return Response(EvidenceOutput.of(get_evidence_for(request.user, pk)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        delete_evidence(evidence=get_evidence_for(request.user, pk), now=clock.now())
        return Response(status=204)


class EvidenceRestoreView(APIView):
    """Bring deleted evidence back, for ten minutes."""

    @extend_schema(request=None, responses=schema_of(EvidenceOutput))
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        restore(user=request.user, kind=Trash.Kind.EVIDENCE, object_id=pk, now=clock.now())
        return Response(EvidenceOutput.of(get_evidence_for(request.user, pk)))
