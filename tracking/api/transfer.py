"""Import and export over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from common.http.json import JSONParser
from tracking.api import schema
from tracking.api.logs import filters_of
from tracking.api.outputs import log_json
from tracking.models import ImportPlan
from tracking.policies import get_plan_for
from tracking.selectors.imports import errors_of
from tracking.selectors.logs import filtered_logs
from tracking.services.imports import (
    ImportOptions,
    apply_plan,
    plan_import,
    undo_plan,
)
from tracking.sheets.cells import DATE_FORMATS
from tracking.sheets.readers import refuse_large
from tracking.sheets.writers import as_csv, as_json

BUSY = (ImportPlan.Status.PLANNING, ImportPlan.Status.APPLYING)


def plan_json(plan: ImportPlan) -> dict[str, Any]:
    return {
        "plan_id": str(plan.pk),
        "id": str(plan.pk),
        "status": plan.status,
        "filename": plan.filename,
        "create": plan.create_count,
        "same": plan.same_count,
        "errors": errors_of(plan),
        "error_count": plan.error_count,
        "ignored_columns": plan.ignored_columns,
        "questions": _questions(plan),
        "total_rows": plan.total_rows,
        "done_rows": plan.done_rows,
        "failure": plan.error or None,
        "created_at": clock.iso(plan.created_at),
        "applied_at": clock.iso(plan.applied_at),
        "undone_at": clock.iso(plan.undone_at),
    }


def _questions(plan: ImportPlan) -> list[dict[str, Any]]:
    if not plan.asks_date_format:
        return []
    return [
        {
            "parameter": "date_format",
            "choices": list(DATE_FORMATS),
            "message": "Are dates such as 03/04/2026 day/month (dmy) or month/day (mdy)?",
        }
    ]


def answer(plan: ImportPlan) -> Response:
    """202 while the worker has the plan, 200 otherwise."""
    busy = plan.status in BUSY
    return Response(
        plan_json(plan), status=status.HTTP_202_ACCEPTED if busy else status.HTTP_200_OK
    )


def flag(request: Request, name: str, *, default: bool) -> bool:
    """A yes or no of the form or the address; anything else is 400."""
    data = request.data if isinstance(request.data, dict) else {}
    raw = data.get(name, request.query_params.get(name))
    if raw is None or raw == "":
        return default
    word = str(raw).strip().lower()
    if word in {"true", "1", "yes", "on"}:
        return True
    if word in {"false", "0", "no", "off"}:
        return False
    raise ValidationError({name: ["Must be true or false."]})


def text_option(request: Request, name: str) -> str:
    data = request.data if isinstance(request.data, dict) else {}
    return str(data.get(name) or request.query_params.get(name) or "").strip().lower()


class ImportView(APIView):
    """A file becomes a plan; with `dry_run=false` it is applied at once."""

    parser_classes = [MultiPartParser, JSONParser]
    throttle_scope = "expensive"

    @extend_schema(
        request={"multipart/form-data": schema.ImportIn},
        responses={200: schema.PlanOut, 202: schema.PlanOut, 400: schema.BAD},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        dry_run = flag(request, "dry_run", default=True)
        options = ImportOptions(
            date_format=text_option(request, "date_format"),
            encoding=text_option(request, "encoding"),
            create_skills=flag(request, "create_skills", default=False),
            skip_errors=flag(request, "skip_errors", default=False),
        )
        upload = _upload_of(request)
        now = clock.now()
        plan = plan_import(
            user=request.user,
            data=upload.read(),
            filename=_clean_name(upload.name),
            options=options,
            now=now,
            apply_after=not dry_run,
        )
        if dry_run or plan.status == ImportPlan.Status.PLANNING:
            return answer(plan)
        return answer(apply_plan(plan=plan, now=now, skip_errors=options.skip_errors))


def _upload_of(request: Request) -> Any:
    upload = request.FILES.get("file") if hasattr(request, "FILES") else None
    if upload is None:
        raise ValidationError({"file": ["Send the file as multipart field “file”."]})
    refuse_large(upload.size)
    return upload


def _clean_name(name: str | None) -> str:
    return "".join(c for c in name or "" if c.isprintable())[:255]


class ImportPlanView(APIView):
    @extend_schema(responses={200: schema.PlanOut, 202: schema.PlanOut, 404: schema.GONE})
    def get(self, request: Request, pk: UUID) -> Response:
        return answer(get_plan_for(request.user, pk))


class ImportApplyView(APIView):
    """Once: a second apply is 200 and does nothing."""

    @extend_schema(
        request=schema.ApplyIn,
        responses={
            200: schema.PlanOut,
            202: schema.PlanOut,
            400: schema.BAD,
            404: schema.GONE,
            409: schema.CLASH,
        },
    )
    @idempotent
    def post(self, request: Request, pk: UUID) -> Response:
        plan = apply_plan(
            plan=get_plan_for(request.user, pk),
            now=clock.now(),
            skip_errors=flag(request, "skip_errors", default=False),
            create_skills=flag(request, "create_skills", default=False),
        )
        return answer(plan)


class ImportUndoView(APIView):
    @extend_schema(
        request=None, responses={200: schema.PlanOut, 404: schema.GONE, 409: schema.CLASH}
    )
    @idempotent
    def post(self, request: Request, pk: UUID) -> Response:
        return answer(undo_plan(plan=get_plan_for(request.user, pk), now=clock.now()))


class WhateverTheAcceptHeader(BaseContentNegotiation):
    """Exports choose by `?format=` (CONTRACT, Everywhere)."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class ExportView(APIView):
    """The caller's logs as a stream; `format` csv or json, with the filters of the list."""

    content_negotiation_class = WhateverTheAcceptHeader

    @extend_schema(
        parameters=[schema.FORMAT, schema.OF_SKILL, *schema.DATES], responses=schema.EXPORTED
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        chosen = request.query_params.get("format", "json").lower()
        if chosen not in {"csv", "json"}:
            raise ValidationError({"format": ["Must be csv or json."]})
        return export_response(request.user, chosen, filters_of(request))


def export_response(user: Any, chosen: str, filters: dict[str, Any]) -> StreamingHttpResponse:
    logs = filtered_logs(user, **filters).newest_first().select_related("skill")
    rows = logs.iterator(chunk_size=2000)
    stream: Iterator[str | bytes]
    if chosen == "csv":
        stream, kind = as_csv(rows), "text/csv; charset=utf-8"
    else:
        named = ({**log_json(log), "skill": log.skill.name} for log in rows)
        stream, kind = as_json(named, exported_at=clock.iso(clock.now()) or ""), "application/json"
    response = StreamingHttpResponse(stream, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="etude-practice-logs.{chosen}"'
    return response
