from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from common.http.inputs import checked
from common.http.outputs import page_of, schema_of
from common.http.pagination import NewestFirst
from common.http.schema import PAGING
from tracking.api.inputs import Cascade, SkillChanges, SkillInput, query_of
from tracking.api.outputs import ProgressOutput, SkillOutput, TimelineOutput
from tracking.api.pagination import LogPages
from tracking.models import Skill, Trash
from tracking.policies import get_skill_for
from tracking.selectors.progress import skill_report
from tracking.selectors.timeline import evidence_of_logs, evidence_of_skill, logs_of_skill
from tracking.services.skills import create_skill, delete_skill, rename_skill
from tracking.services.trash import restore


class SkillListView(APIView):
    """The caller's skills, newest first; POST adds one, 409 when its name is taken."""

    @extend_schema(operation_id="v1_skills_list", parameters=PAGING, responses=page_of(SkillOutput))
    def get(self, request: Request) -> Response:
        return NewestFirst.answer(Skill.objects.visible_to(request.user), self, SkillOutput.of)

    @extend_schema(request=SkillInput, responses={201: schema_of(SkillOutput)})
    @idempotent
    def post(self, request: Request) -> Response:
        data = checked(SkillInput, request.data)
        skill = create_skill(user=request.user, **data, now=clock.now())
        return Response(SkillOutput.of(skill), status=201)


class SkillView(APIView):
    """DELETE of a skill with logs needs `?cascade=true`."""

    @extend_schema(responses=schema_of(SkillOutput))
    def get(self, request: Request, pk: int) -> Response:
        return Response(SkillOutput.of(get_skill_for(request.user, pk)))

    @extend_schema(request=SkillChanges, responses=schema_of(SkillOutput))
    def patch(self, request: Request, pk: int) -> Response:
        skill = get_skill_for(request.user, pk)
        if changes := checked(SkillChanges, request.data):
            skill = rename_skill(skill=skill, **changes)
        return Response(SkillOutput.of(skill))

    @extend_schema(parameters=[Cascade], responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        skill = get_skill_for(request.user, pk)
        delete_skill(skill=skill, **checked(Cascade, query_of(request)), now=clock.now())
        return Response(status=204)


class SkillRestoreView(APIView):
    """Bring a deleted skill back with all that went with it, for ten minutes."""

    @extend_schema(request=None, responses=schema_of(SkillOutput))
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        restore(user=request.user, kind=Trash.Kind.SKILL, object_id=pk, now=clock.now())
        return Response(SkillOutput.of(get_skill_for(request.user, pk)))


class SkillProgressView(APIView):
    """Percentage, stage, trend and streaks of a skill, with the inputs behind them."""

    @extend_schema(responses=schema_of(ProgressOutput))
    def get(self, request: Request, pk: int) -> Response:
        skill = get_skill_for(request.user, pk)
        return Response(ProgressOutput.of(skill_report(skill, request.user, now=clock.now())))


class SkillTimelineView(APIView):
    """The skill's logs, newest first, each with its evidence in order."""

    @extend_schema(parameters=PAGING, responses=schema_of(TimelineOutput))
    def get(self, request: Request, pk: int) -> Response:
        skill = get_skill_for(request.user, pk)
        pages = LogPages()
        logs = pages.paginate_queryset(logs_of_skill(skill), request, view=self)
        page = TimelineOutput.of(
            logs,
            evidence_of_logs(logs),
            next_link=pages.get_next_link(),
            general=evidence_of_skill(skill),
        )
        return Response(page)
