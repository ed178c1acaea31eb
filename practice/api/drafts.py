from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from common.http.inputs import checked
from common.http.pagination import NewestFirst
from practice.api import schemas
from practice.api.inputs import DraftInput
from practice.api.outputs import draft_output, revision_output
from practice.policies import get_practice_for
from practice.services.drafts import save_draft


class RevisionPages(NewestFirst):
    ordering = ("-saved_at", "-id")


class DraftView(APIView):
    @extend_schema(responses=schemas.DraftSchema)
    def get(self, request: Request, pk: int, question_id: int) -> Response:
        return Response(draft_output(get_practice_for(request.user, pk, question_id)))

    @extend_schema(request=DraftInput, responses=schemas.SavedDraftSchema)
    @idempotent
    def put(self, request: Request, pk: int, question_id: int) -> Response:
        """Last save wins; `conflict` says that `base_version` was not the newest, `replaced`
        is the text that this save replaced."""
        data = checked(DraftInput, request.data)
        now = clock.now()
        saved = save_draft(
            user=request.user, session_id=pk, question_id=question_id, **data, now=now
        )
        return Response(
            {
                "version": saved.version,
                "saved_at": saved.saved_at or now,
                "conflict": saved.conflict,
                "replaced": revision_output(saved.replaced) if saved.replaced else None,
            }
        )


class DraftRevisionsView(APIView):
    """Every saved text that a different one replaced, newest first."""

    pagination_class = RevisionPages

    @extend_schema(responses=schemas.RevisionSchema(many=True))
    def get(self, request: Request, pk: int, question_id: int) -> Response:
        practice = get_practice_for(request.user, pk, question_id)
        paginator = RevisionPages()
        page = paginator.paginate_queryset(practice.revisions.all(), request, view=self)
        return paginator.get_paginated_response([revision_output(row) for row in page])
