from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from evaluation.api.outputs import evaluation_output
from evaluation.api.schemas import EvaluationSchema, RetryInput
from evaluation.policies import get_evaluation_for
from evaluation.services.requests import cancel_evaluation, retry_evaluation


class EvaluationView(APIView):
    """One evaluation of your own: its state, and once succeeded its scores and evidence."""

    @extend_schema(responses=EvaluationSchema)
    def get(self, request: Request, pk: int) -> Response:
        return Response(evaluation_output(get_evaluation_for(request.user, pk)))


class RetryView(APIView):
    """Queue a failed or cancelled evaluation again, free of charge; 409 from any other state."""

    throttle_scope = "expensive"

    @extend_schema(request=RetryInput, responses={202: EvaluationSchema})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        evaluation = get_evaluation_for(request.user, pk)
        wish = RetryInput(data=request.data)
        wish.is_valid(raise_exception=True)
        provider = wish.validated_data.get("provider")
        evaluation = retry_evaluation(evaluation=evaluation, provider=provider)
        return Response(evaluation_output(evaluation), status=202)


class CancelView(APIView):
    """Stop an evaluation that is queued or running; 409 once it has come to an end."""

    @extend_schema(request=None, responses=EvaluationSchema)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        evaluation = get_evaluation_for(request.user, pk)
        evaluation = cancel_evaluation(evaluation=evaluation, now=clock.now())
        return Response(evaluation_output(evaluation))
