"""Lists for staff: assessments, the scores of one, candidates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.errors import NotFound
from common.http.inputs import checked
from common.http.outputs import page_of
from common.http.pagination import NewestFirst
from common.sheets import csv_response
from sessions_app.assessments.api.views import CandidatesView, StaffView
from sessions_app.assessments.models import Assessment, Candidate, CodingQuestion
from sessions_app.assessments.policies import as_uuid
from sessions_app.proctoring import policies
from sessions_app.proctoring.api import inputs
from sessions_app.proctoring.api import run_outputs as outputs
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.selectors.lists import (
    assessments_with_numbers,
    candidates_with_state,
    search_candidates,
)
from sessions_app.proctoring.selectors.scores import scores_of

AT_ONCE = 100


class CreatedPages(NewestFirst):
    ordering = ("-created_at", "-id")


class ScorePages(NewestFirst):
    """Rows are scored a page at a time."""

    ordering = ("-test_start_time", "-candidate_id")

    @classmethod
    def scored(cls, rows: QuerySet[Any], view: APIView, now: datetime) -> Response:
        pages = cls()
        page = pages.paginate_queryset(rows, view.request, view=view) or []
        return pages.get_paginated_response(list(score_rows(page, now=now)))


def score_rows(
    sessions: Iterable[ProctoredSession], *, now: datetime
) -> Iterator[outputs.ScoreRowOutput]:
    sessions = list(sessions)
    scores = scores_of(sessions, now=now)
    return (outputs.ScoreRowOutput.of(session, scores[session.pk]) for session in sessions)


class AssessmentsView(StaffView):
    """Assessments with how many questions, candidates and completed tests each has."""

    right = policies.VIEW_ASSESSMENTS

    @extend_schema(responses=page_of(outputs.AssessmentRowOutput))
    def get(self, request: Request) -> Response:
        return CreatedPages.answer(assessments_with_numbers(), self, self.row)

    def row(self, assessment: Any) -> outputs.AssessmentRowOutput:
        return outputs.AssessmentRowOutput(
            assessment_id=assessment.pk,
            title=assessment.title,
            duration_minutes=assessment.duration_minutes,
            questions=assessment.n_questions,
            candidates=assessment.n_candidates,
            completed=assessment.n_completed,
            archived=False,
        )


class AssessmentScoresView(StaffView):
    """The scores of an assessment's tests, newest first; `format=csv` is all of them in a file,
    with a column of points for each question."""

    right = policies.VIEW

    @extend_schema(
        parameters=[inputs.ScoresQuery],
        responses={
            (200, "application/json"): page_of(outputs.ScoreRowOutput),
            (200, "text/csv"): OpenApiTypes.STR,
        },
    )
    def get(self, request: Request, assessment_id: str) -> Any:
        wanted = checked(inputs.ScoresQuery, request.query_params)
        pk = as_uuid(assessment_id)
        assessment = pk and Assessment.objects.filter(pk=pk).first()
        if not assessment:
            raise NotFound("There is no such assessment.")
        rows = ProctoredSession.objects.filter(candidate__assessment=assessment)
        rows = rows.select_related("candidate").defer("writers")
        now = clock.now()
        if wanted["format"] == "json":
            return ScorePages.scored(rows, self, now)
        titles = list(self.titles(assessment))
        header = [*outputs.SCORE_COLUMNS, *titles]
        return csv_response("scores.csv", header, self.lines(rows, titles, now))

    def titles(self, assessment: Assessment) -> Iterable[str]:
        asked = CodingQuestion.objects.filter(section__assessment=assessment).distinct()
        found = asked.order_by("section__position", "title").values_list("title", flat=True)
        return dict.fromkeys(found)

    def lines(self, rows: QuerySet[Any], titles: list[str], now: datetime) -> Iterator[list[Any]]:
        ids = list(rows.order_by("-test_start_time", "-pk").values_list("pk", flat=True))
        for start in range(0, len(ids), AT_ONCE):
            page = rows.in_bulk(ids[start : start + AT_ONCE])
            in_order = [page[pk] for pk in ids[start : start + AT_ONCE] if pk in page]
            for row in score_rows(in_order, now=now):
                yield row.cells(titles)


class CandidateListView(CandidatesView):
    """Candidates and how far each is; POST invites one: the token is shown this once."""

    @property
    def right(self) -> str:  # type: ignore[override]
        return policies.VIEW_CANDIDATES if self.request.method == "GET" else policies.INVITE

    @extend_schema(
        parameters=[inputs.CandidatesQuery], responses=page_of(outputs.CandidateRowOutput)
    )
    def get(self, request: Request) -> Response:
        wanted, now = checked(inputs.CandidatesQuery, request.query_params), clock.now()
        rows = candidates_with_state(now=now).select_related("assessment", "session")
        if wanted["assessment"]:
            rows = rows.filter(assessment=wanted["assessment"])
        if "status" in wanted:
            rows = rows.filter(Q(state=wanted["status"]))
        rows = search_candidates(rows, wanted["search"])
        pages = CreatedPages()
        page = pages.paginate_queryset(rows, request, view=self) or []
        sessions = [row.session for row in page if hasattr(row, "session")]
        scores = scores_of(sessions, now=now)
        return pages.get_paginated_response(
            [self.row(candidate, scores.get(candidate.pk)) for candidate in page]
        )

    def row(self, candidate: Candidate, score: Any) -> outputs.CandidateRowOutput:
        session = getattr(candidate, "session", None)
        assessment = candidate.assessment
        return outputs.CandidateRowOutput(
            candidate_id=candidate.pk,
            name=candidate.name,
            email=candidate.email,
            assessment_id=candidate.assessment_id,
            assessment=assessment.title if assessment else None,
            status=candidate.state,  # type: ignore[attr-defined]  # annotated
            invited_at=candidate.invited_at,
            started_at=session.test_start_time if session else None,
            completed_at=session.completed_at if session else None,
            percentage=score.percentage if score else None,
        )
