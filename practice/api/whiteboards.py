from __future__ import annotations

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from common.http.inputs import checked
from practice.api import schemas
from practice.api.drafts import RevisionPages
from practice.api.inputs import BoardInput
from practice.api.outputs import board_output, kept_output
from practice.policies import get_board_revision_for, get_session_for
from practice.services.whiteboards import save_whiteboard


class WhiteboardView(APIView):
    @extend_schema(responses=schemas.BoardSchema)
    def get(self, request: Request, pk: int) -> Response:
        return Response(board_output(get_session_for(request.user, pk)))

    @extend_schema(request=BoardInput, responses=schemas.SavedBoardSchema)
    @idempotent
    def put(self, request: Request, pk: int) -> Response:
        """Last save wins; `conflict` says that `base_version` was not the newest, `replaced`
        names the revision that holds the scene this save replaced."""
        data = checked(BoardInput, request.data)
        saved = save_whiteboard(user=request.user, session_id=pk, **data, now=clock.now())
        return Response(
            {
                "version": saved.version,
                "saved_at": saved.saved_at,
                "conflict": saved.conflict,
                "replaced": kept_output(saved.replaced) if saved.replaced else None,
            }
        )


class WhiteboardRevisionsView(APIView):
    """Replaced scenes that are kept, newest first, without their drawings."""

    pagination_class = RevisionPages

    @extend_schema(responses=schemas.BoardRevisionSchema(many=True))
    def get(self, request: Request, pk: int) -> Response:
        session = get_session_for(request.user, pk)
        paginator = RevisionPages()
        rows = session.board_revisions.defer("scene")
        page = paginator.paginate_queryset(rows, request, view=self)
        return paginator.get_paginated_response([kept_output(row) for row in page])


class WhiteboardRevisionView(APIView):
    @extend_schema(responses=schemas.BoardRevisionSceneSchema)
    def get(self, request: Request, pk: int, revision_id: uuid.UUID) -> Response:
        """One replaced scene with its drawing."""
        revision = get_board_revision_for(request.user, pk, revision_id)
        return Response({**kept_output(revision), "scene": revision.scene})
