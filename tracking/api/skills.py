from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from common.http.pagination import NewestFirst
from tracking.api import schema
from tracking.api.inputs import SkillChanges, SkillInput
from tracking.api.outputs import evidence_json, log_json, progress_json, skill_json
from tracking.api.pagination import LogPages
from tracking.models import Skill
from tracking.policies import get_skill_for
from tracking.selectors.progress import skill_report
from tracking.selectors.timeline import evidence_of_logs, evidence_of_skill, logs_of_skill
from tracking.services.skills import create_skill, delete_skill, rename_skill
from tracking.services.trash import restore_once


def valid(serializer_class: type, request: Request, data: Any = None) -> dict[str, Any]:
    """The validated input of a request, from its body unless `data` is given."""
    serializer = serializer_class(
        data=request.data if data is None else data, context={"user": request.user}
    )
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def flag_of_query(request: Request, name: str) -> bool:
    """True or false in the query; 400 for any other word, since it decides what is deleted."""
    text = request.query_params.get(name, "").strip().lower()
    if text not in {"true", "1", "yes", "on", "false", "0", "no", "off", ""}:
        raise ValidationError({name: ["Must be true or false."]})
    return text in {"true", "1", "yes", "on"}


class SkillListView(APIView):
    """The caller's skills, newest first; POST adds one, 409 when its name is taken."""

    @extend_schema(
        operation_id="v1_skills_list",
        parameters=schema.PAGING,
        responses={200: schema.SkillPageOut},
    )
    def get(self, request: Request) -> Response:
        pages = NewestFirst()
        skills = Skill.objects.visible_to(request.user)
        page = pages.paginate_queryset(skills, request, view=self)
        return pages.get_paginated_response([skill_json(skill) for skill in page])

    @extend_schema(
        request=SkillInput, responses={201: schema.SkillOut, 400: schema.BAD, 409: schema.CLASH}
    )
    @idempotent
    def post(self, request: Request) -> Response:
        data = valid(SkillInput, request)
        skill = create_skill(user=request.user, **data, now=clock.now())
        return Response(skill_json(skill), status=status.HTTP_201_CREATED)


class SkillView(APIView):
    """DELETE of a skill with logs needs `?cascade=true`."""

    @extend_schema(responses={200: schema.SkillOut, 404: schema.GONE})
    def get(self, request: Request, pk: int) -> Response:
        return Response(skill_json(get_skill_for(request.user, pk)))

    @extend_schema(
        request=SkillChanges,
        responses={200: schema.SkillOut, 400: schema.BAD, 404: schema.GONE, 409: schema.CLASH},
    )
    def patch(self, request: Request, pk: int) -> Response:
        skill = get_skill_for(request.user, pk)
        changes = valid(SkillChanges, request)
        if changes:
            skill = rename_skill(skill=skill, **changes)
        return Response(skill_json(skill))

    @extend_schema(
        parameters=[schema.CASCADE], responses={204: None, 404: schema.GONE, 409: schema.CLASH}
    )
    def delete(self, request: Request, pk: int) -> Response:
        skill = get_skill_for(request.user, pk)
        cascade = flag_of_query(request, "cascade")
        delete_skill(skill=skill, cascade=cascade, now=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class SkillRestoreView(APIView):
    """Bring a deleted skill back with all that went with it, for ten minutes."""

    @extend_schema(
        request=None, responses={200: schema.SkillOut, 404: schema.GONE, 409: schema.CLASH}
    )
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        restore_once(user=request.user, kind="skill", object_id=pk, now=clock.now())
        return Response(skill_json(get_skill_for(request.user, pk)))


class SkillProgressView(APIView):
    """Percentage, stage, trend and streaks of a skill, with the inputs behind them."""

    @extend_schema(responses={200: schema.ProgressOut, 404: schema.GONE})
    def get(self, request: Request, pk: int) -> Response:
        skill = get_skill_for(request.user, pk)
        return Response(progress_json(skill_report(skill, request.user, now=clock.now())))


class SkillTimelineView(APIView):
    """The skill's logs, newest first, each with its evidence in order; `evidence` beside them is
    what belongs to the skill in general."""

    @extend_schema(parameters=schema.PAGING, responses={200: schema.TimelineOut, 404: schema.GONE})
    def get(self, request: Request, pk: int) -> Response:
        skill = get_skill_for(request.user, pk)
        pages = LogPages()
        logs = pages.paginate_queryset(logs_of_skill(skill), request, view=self)
        attached = evidence_of_logs(logs)
        response = pages.get_paginated_response(
            [
                {**log_json(log), "evidence": [evidence_json(e) for e in attached[log.pk]]}
                for log in logs
            ]
        )
        response.data["evidence"] = [evidence_json(e) for e in evidence_of_skill(skill)]
        return response
