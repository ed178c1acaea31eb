"""What the page sends while somebody works: beats, activity, answers, events; and the questions."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.clock import iso
from common.http.idempotency import idempotent
from sessions_app.assessments.selectors.plans import sections_of
from sessions_app.proctoring.api import inputs, output
from sessions_app.proctoring.api.base import CandidateView
from sessions_app.proctoring.errors import NotStarted
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.services.answers import Save, save_progress
from sessions_app.proctoring.services.beats import record_activity, record_heartbeat
from sessions_app.proctoring.services.reporting import Report, record_reports
from sessions_app.proctoring.states import Status


class HeartbeatView(CandidateView):
    """One conditional UPDATE; looks at the session only when that finds no live row."""

    parser_classes = [inputs.AnyTypeJSONParser]

    @extend_schema(
        request=inputs.Sender,
        responses=inline_serializer(
            "HeartbeatReply",
            {
                "success": serializers.BooleanField(),
                "last_heartbeat": serializers.DateTimeField(),
                "server_time": serializers.DateTimeField(),
                "deadline": serializers.DateTimeField(),
                "status": serializers.ChoiceField(Status.choices),
                "other_tab": serializers.BooleanField(),
            },
        ),
    )
    def put(self, request: Request, candidate_id: str) -> Response:
        sender = self.checked(inputs.Sender)
        beat = record_heartbeat(
            candidate_id=self.candidate.pk,
            tab=sender["tab_id"],
            sequence=sender["sequence"],
            now=self.now,
        )
        return self.reply(
            last_heartbeat=iso(self.now),
            deadline=iso(beat.deadline),
            status=Status.ACTIVE.value,
            other_tab=beat.other_tab,
        )


class ActivityView(CandidateView):
    """Somebody is at work: more than a beat, less than an answer."""

    parser_classes = [inputs.AnyTypeJSONParser]

    @extend_schema(
        request=None,
        responses=inline_serializer(
            "ActivityReply",
            {
                "success": serializers.BooleanField(),
                "last_activity": serializers.DateTimeField(),
                "server_time": serializers.DateTimeField(),
                "deadline": serializers.DateTimeField(),
                "status": serializers.ChoiceField(Status.choices),
            },
        ),
    )
    def put(self, request: Request, candidate_id: str) -> Response:
        beat = record_activity(candidate_id=self.candidate.pk, now=self.now)
        return self.reply(
            last_activity=iso(self.now), deadline=iso(beat.deadline), status=Status.ACTIVE.value
        )


class ProgressView(CandidateView):
    """Merges the changed answers; the reply carries the merged state, and what of another tab's
    words the save replaced."""

    @extend_schema(
        request=inputs.ProgressInput,
        responses=inline_serializer(
            "ProgressReply",
            {
                "success": serializers.BooleanField(),
                "sections_completed": serializers.ListField(child=serializers.CharField()),
                "pending_answers": serializers.DictField(),
                "replaced": serializers.DictField(),
                "deadline": serializers.DateTimeField(),
                "status": serializers.ChoiceField(Status.choices),
                "server_time": serializers.DateTimeField(),
            },
        ),
    )
    @idempotent
    def put(self, request: Request, candidate_id: str) -> Response:
        sent = self.checked(inputs.ProgressInput)
        save = Save(
            answers=sent["pending_answers"],
            sections=sent["sections_completed"],
            tab=sent["tab_id"],
            sequence=sent["sequence"],
        )
        saved = save_progress(candidate_id=self.candidate.pk, save=save, now=self.now)
        session = saved.session
        return self.reply(
            sections_completed=session.sections_completed,
            pending_answers=session.pending_answers,
            replaced=saved.replaced,
            deadline=iso(session.deadline),
            status=session.status,
        )


class EventsView(CandidateView):
    """Integrity events: reported by the page, judged by people, never ending a test."""

    parser_classes = [inputs.AnyTypeJSONParser]

    @extend_schema(
        request=inputs.EventsInput,
        responses={
            202: inline_serializer(
                "EventsReply",
                {
                    "success": serializers.BooleanField(),
                    "accepted": serializers.IntegerField(),
                    "server_time": serializers.DateTimeField(),
                },
            )
        },
    )
    def post(self, request: Request, candidate_id: str) -> Response:
        return self.record(request, self.checked(inputs.EventsInput)["events"])

    @idempotent
    def record(self, request: Request, events: list[dict[str, Any]]) -> Response:
        reports = [Report(**event) for event in events]
        accepted = record_reports(candidate_id=self.candidate.pk, reports=reports, now=self.now)
        reply = self.reply(accepted=accepted)
        reply.status_code = 202
        return reply


class QuestionsView(CandidateView):
    """The sections and questions of a started test, without hidden cases and solutions."""

    @extend_schema(
        responses=inline_serializer(
            "TestQuestions",
            {
                "success": serializers.BooleanField(),
                "sections": serializers.ListField(child=serializers.DictField()),
                "server_time": serializers.DateTimeField(),
            },
        )
    )
    def get(self, request: Request, candidate_id: str) -> Response:
        session = ProctoredSession.objects.filter(pk=self.candidate.pk).first()
        if session is None:
            raise NotStarted
        return self.reply(sections=output.sections_body(sections_of(session.plan)))
