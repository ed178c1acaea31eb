"""Import and export over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent, takes_key
from common.http.inputs import checked
from common.http.json import JSONParser
from common.http.negotiation import IgnoreAccept
from common.http.outputs import schema_of
from common.sheets import xlsx_response
from common.sheets.writers import XLSX
from tracking.api.inputs import (
    ApplyInput,
    ExportFormat,
    ImportInput,
    LogFilters,
    options_of,
    query_of,
)
from tracking.api.outputs import ExportedLogOutput, ExportOutput, ImportPlanOutput
from tracking.models import ImportPlan
from tracking.policies import get_plan_for
from tracking.selectors.logs import filtered_logs
from tracking.services.imports import (
    ImportOptions,
    ReadPlan,
    apply_plan,
    keep_plan,
    read_plan,
    undo_plan,
)
from tracking.sheets.columns import EXPORTED
from tracking.sheets.readers import refuse_large
from tracking.sheets.writers import as_csv, as_json, log_cells

PLAN = schema_of(ImportPlanOutput)


def answer(plan: ImportPlan) -> Response:
    """202 while the worker has the plan, 200 otherwise."""
    return Response(ImportPlanOutput.of(plan), status=202 if plan.status in plan.OPEN else 200)


class ImportView(APIView):
    """A file becomes a plan; with `dry_run=false` it is applied at once."""

    parser_classes = [MultiPartParser, JSONParser]
    throttle_scope = "expensive"

    @extend_schema(request={"multipart/form-data": ImportInput}, responses={200: PLAN, 202: PLAN})
    @takes_key
    def post(self, request: Request) -> Response:
        # A file is read before the transaction, which others may wait for.
        options = checked(ImportInput, options_of(request))
        upload, dry_run = options.pop("file"), options.pop("dry_run")
        refuse_large(upload.size)
        data = upload.read()
        upload.seek(0)  # the body is compared under an Idempotency-Key
        read = read_plan(
            user=request.user,
            data=data,
            filename="".join(c for c in upload.name if c.isprintable()),
            options=ImportOptions(**options),
            now=clock.now(),
            apply_after=not dry_run,
        )
        return self.keep(request, read, dry_run=dry_run)

    @idempotent
    def keep(self, request: Request, read: ReadPlan, *, dry_run: bool) -> Response:
        plan = keep_plan(read)
        if dry_run or plan.status == ImportPlan.Status.PLANNING:
            return answer(plan)
        skip_errors = plan.skip_errors
        return answer(apply_plan(plan=plan, now=clock.now(), skip_errors=skip_errors))


class ImportPlanView(APIView):
    @extend_schema(responses={200: PLAN, 202: PLAN})
    def get(self, request: Request, pk: UUID) -> Response:
        return answer(get_plan_for(request.user, pk))


class ImportApplyView(APIView):
    """Applies once: a second call is 200 and does nothing."""

    @extend_schema(request=ApplyInput, responses={200: PLAN, 202: PLAN})
    @idempotent
    def post(self, request: Request, pk: UUID) -> Response:
        plan = get_plan_for(request.user, pk)
        options = checked(ApplyInput, options_of(request))
        return answer(apply_plan(plan=plan, now=clock.now(), **options))


class ImportUndoView(APIView):
    @extend_schema(request=None, responses=PLAN)
    @idempotent
    def post(self, request: Request, pk: UUID) -> Response:
        return answer(undo_plan(plan=get_plan_for(request.user, pk), now=clock.now()))


class ExportView(APIView):
    """The caller's logs; `format` csv, xlsx or json, with the filters of the list."""

    content_negotiation_class = IgnoreAccept

    @extend_schema(
        parameters=[ExportFormat, LogFilters],
        responses={
            (200, "text/csv"): OpenApiTypes.STR,
            (200, XLSX): OpenApiTypes.BINARY,
            (200, "application/json"): schema_of(ExportOutput),
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        asked = query_of(request)
        chosen = checked(ExportFormat, asked)["format"]
        return export_response(request.user, chosen, checked(LogFilters, asked))


def export_response(
    user: Any, chosen: str, filters: dict[str, Any], *, for_people: bool = False
) -> HttpResponseBase:
    """`for_people`: a CSV that Excel takes for UTF-8 (with a BOM, which programs stumble over)."""
    logs = filtered_logs(user, **filters).newest_first().select_related("skill")
    rows = logs.iterator(chunk_size=2000)
    if chosen == "xlsx":
        return xlsx_response("etude-practice-logs.xlsx", EXPORTED, log_cells(rows))
    stream: Iterator[str | bytes]
    if chosen == "csv":
        stream, kind = as_csv(rows, bom=for_people), "text/csv; charset=utf-8"
    else:
        named = (ExportedLogOutput.of(log, skill=log.skill.name) for log in rows)
        stream, kind = as_json(named, exported_at=clock.now()), "application/json"
    response = StreamingHttpResponse(stream, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="etude-practice-logs.{chosen}"'
    return response
