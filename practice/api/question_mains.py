from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.http.inputs import checked
from common.http.outputs import schema_of
from common.http.pagination import NewestFirst
from practice import bank_cache
from practice.api.inputs import QuestionFilterInput, SetFilterInput
from practice.api.outputs import BankQuestionOutput, SetDetailOutput, SetOutput
from practice.models import Question, QuestionMain
from practice.policies import get_set_for
from practice.selectors.sessions import has_completed


class QuestionMainListView(APIView):
    """System-design sets in use. `search` looks at title, summary and category."""

    pagination_class = NewestFirst

    @extend_schema(parameters=[SetFilterInput], responses=schema_of(SetOutput)(many=True))
    def get(self, request: Request) -> Response:
        filters = checked(SetFilterInput, request.query_params)
        sets = QuestionMain.objects.in_use().design().matching(**filters)
        return NewestFirst.answer(sets, self, SetOutput.of)


class QuestionMainView(APIView):
    @extend_schema(responses=schema_of(SetDetailOutput))
    def get(self, request: Request, pk: int) -> Response:
        row = get_set_for(request.user, pk=pk)
        revealed = has_completed(user=request.user, question_main_id=row.pk)
        return Response(bank_cache.detail(row, revealed=revealed))


class QuestionListView(APIView):
    """Questions of interview sets in use."""

    pagination_class = NewestFirst

    @extend_schema(
        parameters=[QuestionFilterInput], responses=schema_of(BankQuestionOutput)(many=True)
    )
    def get(self, request: Request) -> Response:
        filters = checked(QuestionFilterInput, request.query_params)
        questions = Question.objects.in_use().interview().matching(**filters)
        return NewestFirst.answer(questions, self, BankQuestionOutput.of)
