from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.errors import Invalid
from common.http.idempotency import idempotent, takes_key
from common.http.inputs import checked
from common.http.outputs import schema_of
from common.http.permissions import HasRight
from common.rights import require_right
from diagnostics import policies
from diagnostics.api.inputs import DiagnosisQuery, RepairInput
from diagnostics.api.outputs import DiagnosisOutput, RepairOutput
from diagnostics.errors import NoSuchRun
from diagnostics.models import RepairRun, Trigger
from diagnostics.services.applying import (
    apply_claimed,
    claim,
    claim_for_worker,
    is_for_a_worker,
)
from diagnostics.services.diagnose import diagnose, report
from diagnostics.services.repair import get_run, plan_repairs


class PracticeDiagnosticsView(APIView):
    """GET diagnoses; POST plans (default) or applies repairs, which asks for the right to change
    repair runs."""

    permission_classes = [HasRight]
    right = policies.VIEW
    to_apply: RepairRun | None = None

    @extend_schema(parameters=[DiagnosisQuery], responses=schema_of(DiagnosisOutput))
    def get(self, request: Request) -> Response:
        query = checked(DiagnosisQuery, request.query_params)
        run, results = diagnose(
            trigger=Trigger.API,
            now=clock.now(),
            names=query["checks"].split(",") if "checks" in query else None,
            user_id=int(query["user_id"]) if "user_id" in query else None,
            requested_by=request.user,
        )
        return Response(DiagnosisOutput.of(run, report(results)))

    @extend_schema(
        request=RepairInput,
        responses={200: schema_of(RepairOutput), 202: schema_of(RepairOutput)},
    )
    @takes_key
    def post(self, request: Request) -> HttpResponseBase:
        answer = self.plan_and_claim(request)
        if self.to_apply is None:
            return answer
        apply_claimed(run=self.to_apply, now=clock.now())
        return _answer(self.to_apply, dry_run=False)

    @idempotent(on_replay=lambda request, data: _as_it_is_now(data))
    def plan_and_claim(self, request: Request) -> Response:
        """Committed before any row is touched: a repeat with the same key finds this run."""
        wish, now = checked(RepairInput, request.data), clock.now()
        if not wish["dry_run"]:
            require_right(request.user, policies.REPAIR)
        if "run_id" in wish:
            try:
                run = get_run(wish["run_id"])
            except NoSuchRun as error:  # an unknown id in a body is 400 (CONTRACT, Everywhere)
                raise Invalid(error.message, fields={"run_id": [error.message]}) from error
        else:
            run = plan_repairs(
                trigger=Trigger.API,
                now=now,
                names=wish.get("checks"),
                user_id=wish.get("user_id"),
                planned_by=request.user,
            )
        if wish["dry_run"]:
            return _answer(run, dry_run=True)
        if is_for_a_worker(run):
            claim_for_worker(run=run, now=now, executed_by=request.user)
            return _answer(run, dry_run=False, status=202)
        self.to_apply = claim(run=run, now=now, executed_by=request.user)
        return _answer(self.to_apply, dry_run=False)


def _answer(run: RepairRun, *, dry_run: bool, status: int = 200) -> Response:
    return Response(RepairOutput.of(run, dry_run=dry_run, now=clock.now()), status=status)


def _as_it_is_now(data: dict[str, Any]) -> RepairOutput:
    """A replay answers with the run's present state instead of the stored one."""
    return RepairOutput.of(get_run(data["run_id"]), dry_run=data["dry_run"], now=clock.now())
