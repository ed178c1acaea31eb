from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from common.http.inputs import checked
from common.http.outputs import schema_of
from evaluation.api.inputs import RetryInput
from evaluation.api.outputs import EvaluationOutput
from evaluation.policies import get_evaluation_for
from evaluation.services.requests import cancel_evaluation, retry_evaluation


class EvaluationView(APIView):
    """One evaluation of your own: its state, and once succeeded its scores and evidence."""

    @extend_schema(responses=schema_of(EvaluationOutput))
    def get(self, request: Request, pk: int) -> Response:
        return Response(EvaluationOutput.of(get_evaluation_for(request.user, pk)))


class RetryView(APIView):
    """Queue a failed or cancelled evaluation again; 409 from any other state. It takes the use of
    the day again that was given back: 429 when none is left."""

    throttle_scope = "expensive"

    @extend_schema(request=RetryInput, responses={202: schema_of(EvaluationOutput)})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        evaluation = get_evaluation_for(request.user, pk)
        wish = checked(RetryInput, request.data)
        evaluation = retry_evaluation(
            evaluation=evaluation, provider=wish.get("provider"), now=clock.now()
        )
        return Response(EvaluationOutput.of(evaluation), status=202)


class CancelView(APIView):
    """Stop an evaluation that is queued or running; 409 once it has come to an end."""

    @extend_schema(request=None, responses=schema_of(EvaluationOutput))
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        evaluation = get_evaluation_for(request.user, pk)
        evaluation = cancel_evaluation(evaluation=evaluation, now=clock.now())
        return Response(EvaluationOutput.of(evaluation))
