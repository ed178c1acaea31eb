from __future__ import annotations

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from common.http.inputs import checked
from common.http.outputs import schema_of
from practice.api.drafts import RevisionPages
from practice.api.inputs import BoardInput
from practice.api.outputs import (
    BoardOutput,
    BoardRevisionOutput,
    BoardSceneOutput,
    SavedBoardOutput,
)
from practice.policies import get_board_revision_for, get_session_for
from practice.services.whiteboards import save_whiteboard


class WhiteboardView(APIView):
    @extend_schema(responses=schema_of(BoardOutput))
    def get(self, request: Request, pk: int) -> Response:
        return Response(BoardOutput.of(get_session_for(request.user, pk)))

    @extend_schema(request=BoardInput, responses=schema_of(SavedBoardOutput))
    @idempotent
    def put(self, request: Request, pk: int) -> Response:
        """Last save wins; `conflict` says that `base_version` was not the newest, `replaced`
        names the revision that holds the scene this save replaced."""
        data = checked(BoardInput, request.data)
        saved = save_whiteboard(user=request.user, session_id=pk, **data, now=clock.now())
        return Response(SavedBoardOutput.of(saved))


class WhiteboardRevisionsView(APIView):
    """Replaced scenes that are kept, newest first, without their drawings."""

    pagination_class = RevisionPages

    @extend_schema(responses=schema_of(BoardRevisionOutput)(many=True))
    def get(self, request: Request, pk: int) -> Response:
        rows = get_session_for(request.user, pk).board_revisions.defer("plain", "packed")
        return RevisionPages.answer(rows, self, BoardRevisionOutput.of)


class WhiteboardRevisionView(APIView):
    @extend_schema(responses=schema_of(BoardSceneOutput))
    def get(self, request: Request, pk: int, revision_id: uuid.UUID) -> Response:
        """One replaced scene with its drawing."""
        revision = get_board_revision_for(request.user, pk, revision_id)
        return Response(BoardSceneOutput.of(revision))
