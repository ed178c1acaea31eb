from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.errors import Invalid
from common.http.idempotency import idempotent
from diagnostics.errors import NoSuchRun
from diagnostics.models import RepairAction, RepairRun, Trigger
from diagnostics.services.applying import apply_run, claim, claim_for_worker, is_for_a_worker
from diagnostics.services.diagnose import diagnose, report
from diagnostics.services.repair import get_run, plan_repairs, report_of

SHOWN_ACTIONS = 100


class StrictBooleanField(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class PracticeDiagnosticsView(APIView):
    """GET diagnoses; POST plans (default) or applies repairs. Staff only."""

    permission_classes = [IsAdminUser]
    to_apply: RepairRun | None = None

    @extend_schema_serializer(component_name="Repair")
    class Input(serializers.Serializer):
        dry_run = StrictBooleanField(default=True)
        checks = serializers.ListField(child=serializers.CharField(), required=False)
        run_id = serializers.UUIDField(required=False)
        user_id = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    @extend_schema(
        parameters=[
            OpenApiParameter("user_id", OpenApiTypes.INT),
            OpenApiParameter("checks", OpenApiTypes.STR, description="Names, comma-separated"),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        run, results = diagnose(
            trigger=Trigger.API,
            now=clock.now(),
            names=_names(request.query_params.get("checks")),
            user_id=_user_id(request.query_params.get("user_id")),
            requested_by=request.user,
        )
        return Response({"run_id": run.pk, **report(results)})

    @extend_schema(request=Input, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> HttpResponseBase:
        answer = self._plan_and_claim(request)
        if self.to_apply is None:
            return answer
        apply_run(run=self.to_apply, now=clock.now(), executed_by=request.user)
        return Response(_body(self.to_apply, dry_run=False))

    @idempotent(on_replay=lambda request, data: _as_it_is_now(data))
    def _plan_and_claim(self, request: Request) -> Response:
        """Committed before any row is touched: a second try with the same key finds this run."""
        data = self.Input(data=request.data)
        data.is_valid(raise_exception=True)
        run = self._plan(request, data.validated_data)
        if data.validated_data["dry_run"]:
            return Response(_body(run, dry_run=True))
        if is_for_a_worker(run):
            claim_for_worker(run=run, now=clock.now(), executed_by=request.user)
            return Response(_body(run, dry_run=False), status=202)
        claim(run=run, now=clock.now(), executed_by=request.user)
        self.to_apply = run
        return Response(_body(run, dry_run=False))

    def _plan(self, request: Request, data: dict[str, Any]) -> RepairRun:
        if "run_id" in data:
            return _run_of_body(data["run_id"])
        return plan_repairs(
            trigger=Trigger.API,
            now=clock.now(),
            names=data.get("checks"),
            user_id=data.get("user_id"),
            planned_by=request.user,
        )


def _as_it_is_now(data: dict[str, Any]) -> dict[str, Any]:
    """What a replay tells: how far the run of the first answer has come."""
    return _body(get_run(data["run_id"]), dry_run=data["dry_run"])


def _run_of_body(run_id: UUID) -> RepairRun:
    """An unknown id in a body is 400 (CONTRACT, Everywhere)."""
    try:
        return get_run(run_id)
    except NoSuchRun as error:
        raise Invalid(error.message, fields={"run_id": [error.message]}) from error


def _names(text: str | None) -> list[str] | None:
    return None if text is None else text.split(",")


def _user_id(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid(fields={"user_id": ["Must be a user's number."]})
    return int(text)


def _body(run: RepairRun, *, dry_run: bool) -> dict[str, Any]:
    counts = report_of(run, now=clock.now())
    shown = run.actions.order_by("pk")[:SHOWN_ACTIONS]
    return {
        "dry_run": dry_run,
        "run_id": str(run.pk),
        "state": run.status,
        "actions": [_action(action) for action in shown],
        "planned": counts.planned,
        "applied": counts.applied,
        "skipped": counts.skipped,
        "failed": counts.failed,
        "broken": counts.broken,
    }


def _action(action: RepairAction) -> dict[str, Any]:
    return {
        "check": action.check_name,
        "action": action.action,
        "model": action.model,
        "id": action.row_pk,
        "user_id": action.user_id_ref,
        "state": action.state,
        "note": action.note or action.details.get("note", ""),
        "rows": len(action.before),
    }
