from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent, takes_key
from common.http.inputs import checked
from common.http.outputs import schema_of
from common.http.pagination import NewestFirst
from practice.api.inputs import SubmissionInput
from practice.api.outputs import SubmissionOutput
from practice.policies import get_practice_for
from practice.selectors.boards import Drawing, drawing_for
from practice.services.submissions import submit_answer


class SubmissionPages(NewestFirst):
    ordering = ("-number",)


class SubmissionListView(APIView):
    """All tries of a question, newest first; POST hands in another and asks for feedback."""

    pagination_class = SubmissionPages
    throttle_scope = "expensive"

    def get_throttles(self) -> list[BaseThrottle]:
        return super().get_throttles() if self.request.method == "POST" else []

    @extend_schema(responses=schema_of(SubmissionOutput)(many=True))
    def get(self, request: Request, pk: int, question_id: int) -> Response:
        practice = get_practice_for(request.user, pk, question_id)
        tries = practice.submissions.select_related("evaluation").defer("board")
        return SubmissionPages.answer(
            tries, self, lambda row: SubmissionOutput.of(row, question_id)
        )

    @extend_schema(request=SubmissionInput, responses={201: schema_of(SubmissionOutput)})
    @takes_key
    def post(self, request: Request, pk: int, question_id: int) -> Response:
        # A board is read before the transaction, which others may wait for.
        drawing = drawing_for(request.user, session_id=pk, question_id=question_id)
        return self.hand_in(request, pk, question_id, drawing)

    @idempotent
    def hand_in(
        self, request: Request, pk: int, question_id: int, drawing: Drawing | None
    ) -> Response:
        data = checked(SubmissionInput, request.data)
        submission = submit_answer(
            user=request.user,
            session_id=pk,
            question_id=question_id,
            **data,
            drawing=drawing,
            now=clock.now(),
        )
        return Response(SubmissionOutput.of(submission, question_id), status=201)
