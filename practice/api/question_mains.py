from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.http.inputs import checked
from common.http.pagination import NewestFirst
from practice import bank_cache
from practice.api import schemas
from practice.api.inputs import QuestionFilterInput, SetFilterInput
from practice.api.outputs import bank_question_output, set_output
from practice.models import Question, QuestionMain
from practice.policies import get_set_for
from practice.selectors.sessions import has_completed


class SetPages(NewestFirst):
    ordering = ("-id",)


class QuestionMainListView(APIView):
    """System-design sets in use. `search` looks at title, summary and category."""

    pagination_class = SetPages

    @extend_schema(parameters=[SetFilterInput], responses=schemas.SetSchema(many=True))
    def get(self, request: Request) -> Response:
        filters = checked(SetFilterInput, request.query_params)
        sets = QuestionMain.objects.in_use().design().matching(**filters)
        paginator = SetPages()
        page = paginator.paginate_queryset(sets, request, view=self)
        return paginator.get_paginated_response([set_output(row) for row in page])


class QuestionMainView(APIView):
    @extend_schema(responses=schemas.SetDetailSchema)
    def get(self, request: Request, pk: int) -> Response:
        row = get_set_for(request.user, pk)
        revealed = has_completed(user=request.user, question_main_id=row.pk)
        return Response(bank_cache.detail(row, revealed=revealed))


class QuestionListView(APIView):
    """Questions of interview sets in use."""

    pagination_class = SetPages

    @extend_schema(
        parameters=[QuestionFilterInput], responses=schemas.BankQuestionSchema(many=True)
    )
    def get(self, request: Request) -> Response:
        filters = checked(QuestionFilterInput, request.query_params)
        questions = Question.objects.in_use().interview().matching(**filters)
        paginator = SetPages()
        page = paginator.paginate_queryset(questions, request, view=self)
        return paginator.get_paginated_response([bank_question_output(q) for q in page])
