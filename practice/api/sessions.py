from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from common.http.inputs import checked
from common.http.outputs import schema_of
from common.locks import one_at_a_time
from practice.api.inputs import SessionQueryInput, StartInput, StatusInput
from practice.api.outputs import SessionDetailOutput, SessionOutput
from practice.errors import NoActiveSession, NoCompletedSession
from practice.models import SessionStatus
from practice.policies import get_session_for
from practice.selectors.progress import progress_of
from practice.selectors.sessions import find_by_status
from practice.services.completion import complete_session
from practice.services.deleting import delete_session
from practice.services.sessions import start_session


class PracticeMainListView(APIView):
    """Find the session of a set (practice-sessions.md §5.1), or start one (§5.2)."""

    @extend_schema(
        operation_id="v1_practice_main_find",
        parameters=[SessionQueryInput],
        responses=schema_of(SessionOutput),
    )
    def get(self, request: Request) -> Response:
        asked = checked(SessionQueryInput, request.query_params.dict())
        del asked["user_id"]  # who asks: common.http.permissions refuses another's
        session = find_by_status(user=request.user, **asked)
        if session is None:
            practicing = asked["status"] == SessionStatus.PRACTICING
            raise NoActiveSession if practicing else NoCompletedSession
        return Response(SessionOutput.of(session))

    @extend_schema(
        request=StartInput, responses={201: schema_of(SessionOutput), 200: schema_of(SessionOutput)}
    )
    @one_at_a_time("practice-start")
    @idempotent
    def post(self, request: Request) -> Response:
        """201 for a new session, 200 with the one that is being practiced already."""
        data = checked(StartInput, request.data)
        session, created = start_session(user=request.user, **data, now=clock.now())
        return Response(SessionOutput.of(session), status=201 if created else 200)


class PracticeMainView(APIView):
    @extend_schema(responses=schema_of(SessionDetailOutput))
    def get(self, request: Request, pk: int) -> Response:
        session = get_session_for(request.user, pk)
        return Response(SessionDetailOutput.of(session, progress_of(session)))

    @extend_schema(request=StatusInput, responses=schema_of(SessionOutput))
    def patch(self, request: Request, pk: int) -> Response:
        """Complete the session (§5.3). Repeats safely."""
        session = get_session_for(request.user, pk)
        checked(StatusInput, request.data)
        done = complete_session(user=request.user, session_id=session.pk, now=clock.now())
        return Response(SessionOutput.of(done))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete a completed session for good, with its answers, boards and feedback."""
        delete_session(user=request.user, session_id=pk, now=clock.now())
        return Response(status=204)
