from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from common.http.inputs import checked
from common.http.outputs import schema_of
from common.http.pagination import NewestFirst
from practice.api.inputs import DraftInput
from practice.api.outputs import DraftOutput, RevisionOutput, SavedDraftOutput
from practice.policies import get_practice_for
from practice.services.drafts import save_draft


class RevisionPages(NewestFirst):
    ordering = ("-saved_at", "-id")


class DraftView(APIView):
    @extend_schema(responses=schema_of(DraftOutput))
    def get(self, request: Request, pk: int, question_id: int) -> Response:
        return Response(DraftOutput.of(get_practice_for(request.user, pk, question_id)))

    @extend_schema(request=DraftInput, responses=schema_of(SavedDraftOutput))
    @idempotent
    def put(self, request: Request, pk: int, question_id: int) -> Response:
        """Last save wins; `conflict` says that `base_version` was not the newest, `replaced`
        is the text that this save replaced."""
        data = checked(DraftInput, request.data)
        now = clock.now()
        saved = save_draft(
            user=request.user, session_id=pk, question_id=question_id, **data, now=now
        )
        return Response(SavedDraftOutput.of(saved, now=now))


class DraftRevisionsView(APIView):
    """Every saved text that a different one replaced, newest first."""

    pagination_class = RevisionPages

    @extend_schema(responses=schema_of(RevisionOutput)(many=True))
    def get(self, request: Request, pk: int, question_id: int) -> Response:
        practice = get_practice_for(request.user, pk, question_id)
        return RevisionPages.answer(practice.revisions.all(), self, RevisionOutput.of)
