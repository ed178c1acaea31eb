"""Running code in a test, and what its answers came to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.errors import NotFound
from common.http.idempotency import idempotent, takes_key
from common.http.inputs import checked
from common.http.outputs import schema_of
from common.http.pagination import NewestFirst
from sessions_app.assessments.api.views import StaffView
from sessions_app.assessments.policies import as_uuid, get_candidate_for, is_candidate
from sessions_app.proctoring import policies
from sessions_app.proctoring.api import inputs
from sessions_app.proctoring.api import run_outputs as outputs
from sessions_app.proctoring.api.views import CandidateView
from sessions_app.proctoring.models import SessionRun, TrialRun
from sessions_app.proctoring.selectors.languages import languages_of_test
from sessions_app.proctoring.selectors.scores import score_of
from sessions_app.proctoring.selectors.sessions import session_of
from sessions_app.proctoring.services.rescoring import rescore_session
from sessions_app.proctoring.services.runs import request_session_run
from sessions_app.proctoring.services.status import apply_due_transitions
from sessions_app.proctoring.services.trial import request_trial_run


def visible_runs(user: Any, candidate_id: UUID) -> QuerySet[SessionRun]:
    """Candidates see what they asked for; staff see the runs that score, too."""
    runs = SessionRun.objects.filter(session=candidate_id).select_related("run__case_set")
    if is_candidate(user):
        runs = runs.exclude(kind=SessionRun.Kind.SCORING)
    return runs.prefetch_related("run__results")


class RunPages(NewestFirst):
    page_size = 10
    ordering = ("-id",)

    def get_paginated_response(self, data: Any) -> Response:
        return Response(outputs.RunListOutput(runs=data, next=self.get_next_link()))


class LanguagesView(CandidateView):
    """The languages that the runner has and this test offers."""

    staff_right = policies.VIEW

    @extend_schema(responses=schema_of(outputs.LanguagesOutput))
    def get(self, request: Request, candidate_id: str) -> Response:
        return Response(outputs.LanguagesOutput(languages_of_test(self.candidate, now=self.now)))


class QuestionRunsView(CandidateView):
    """The runs of one question, newest first."""

    @property
    def staff_right(self) -> str | None:  # type: ignore[override]
        return policies.VIEW if self.request.method == "GET" else None

    @extend_schema(responses=schema_of(outputs.RunListOutput))
    def get(self, request: Request, candidate_id: str, uuid: str) -> Response:
        runs = visible_runs(request.user, self.candidate.pk).filter(question=as_uuid(uuid))
        return RunPages.answer(runs, self, outputs.RunOutput.of)

    @extend_schema(request=inputs.RunInput, responses={202: schema_of(outputs.RunQueuedOutput)})
    @takes_key
    def post(self, request: Request, candidate_id: str, uuid: str) -> Response:
        """Run the samples, or `input` when there is one; never changes the answer."""
        return self.run(request, uuid, checked(inputs.RunInput, request.data))

    @idempotent
    def run(self, request: Request, question_id: str, wanted: dict[str, Any]) -> Response:
        row = request_session_run(
            candidate_id=self.candidate.pk, question_id=question_id, **wanted, now=self.now
        )
        output = outputs.RunQueuedOutput(row.run.uuid, row.kind, row.run.status)
        return Response(output, status=202)


class RunView(CandidateView):
    """One run with its cases."""

    staff_right = policies.VIEW

    @extend_schema(responses=schema_of(outputs.RunReplyOutput))
    def get(self, request: Request, candidate_id: str, run_id: str) -> Response:
        runs = visible_runs(request.user, self.candidate.pk)
        uuid = as_uuid(run_id)
        row = uuid and runs.filter(run__uuid=uuid).first()
        if not row:
            raise NotFound("There is no such run in this test.")
        return Response(outputs.RunReplyOutput(outputs.RunOutput.of(row)))


def trial_runs(candidate_id: UUID) -> QuerySet[TrialRun]:
    runs = TrialRun.objects.filter(candidate=candidate_id).select_related("run__case_set")
    return runs.prefetch_related("run__results")


class TrialRunsView(CandidateView):
    """Runs in the practice room, newest first: of its toy question, before the test."""

    @extend_schema(
        operation_id="test_session_trial_runs_list", responses=schema_of(outputs.RunListOutput)
    )
    def get(self, request: Request, candidate_id: str) -> Response:
        return RunPages.answer(trial_runs(self.candidate.pk), self, outputs.RunOutput.of_trial)

    @extend_schema(request=inputs.RunInput, responses={202: schema_of(outputs.RunQueuedOutput)})
    @takes_key
    def post(self, request: Request, candidate_id: str) -> Response:
        """Run the toy question's samples, or `input`; 409 once the test has started."""
        return self.run(request, checked(inputs.RunInput, request.data))

    @idempotent
    def run(self, request: Request, wanted: dict[str, Any]) -> Response:
        row = request_trial_run(candidate_id=self.candidate.pk, **wanted, now=self.now)
        output = outputs.RunQueuedOutput(row.run.uuid, row.kind, row.run.status)
        return Response(output, status=202)


class TrialRunView(CandidateView):
    """One run of the practice room with its cases."""

    @extend_schema(responses=schema_of(outputs.RunReplyOutput))
    def get(self, request: Request, candidate_id: str, run_id: str) -> Response:
        uuid = as_uuid(run_id)
        row = uuid and trial_runs(self.candidate.pk).filter(run__uuid=uuid).first()
        if not row:
            raise NotFound("There is no such run in your practice room.")
        return Response(outputs.RunReplyOutput(outputs.RunOutput.of_trial(row)))


class ScoreView(StaffView):
    """What a test came to: `not_scored` before its end, `scoring` until each verdict is there."""

    right = policies.VIEW

    @extend_schema(responses=schema_of(outputs.ScoreOutput))
    def get(self, request: Request, candidate_id: str) -> Response:
        candidate = get_candidate_for(request.user, candidate_id)
        apply_due_transitions(candidate_id=candidate.pk, now=clock.now())
        score = score_of(session_of(candidate.pk), now=clock.now())
        return Response(outputs.ScoreOutput.of(score))


class RescoreView(StaffView):
    """Run the answers of an ended test again, or of one question of it, with the cases of now."""

    right = policies.CHANGE

    @extend_schema(request=inputs.RescoreInput, responses={202: schema_of(outputs.RescoreOutput)})
    @takes_key
    def post(self, request: Request, candidate_id: str) -> Response:
        candidate = get_candidate_for(request.user, candidate_id)
        return self.rescore(request, candidate.pk, checked(inputs.RescoreInput, request.data))

    @idempotent
    def rescore(self, request: Request, candidate_id: UUID, wanted: dict[str, Any]) -> Response:
        queued = rescore_session(
            candidate_id=candidate_id,
            staff_id=request.user.pk,
            question_id=wanted["question"],
            now=clock.now(),
        )
        return Response(outputs.RescoreOutput(queued), status=202)
