from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import BearerAuthentication, PageSessionAuthentication
from common import clock
from common.api.idempotency import idempotent
from common.clock import iso
from common.errors import Invalid
from sessions_app.proctoring.api import inputs, output
from sessions_app.proctoring.api.authentication import (
    STAFF_AUTHENTICATION,
    CandidateAuthentication,
)
from sessions_app.proctoring.errors import NoCandidate, NoSession, NotStarted
from sessions_app.proctoring.models import Candidate, ProctoredSession
from sessions_app.proctoring.policies import actor_of, get_candidate_for
from sessions_app.proctoring.pulse import wait_for_first_pulse
from sessions_app.proctoring.selectors.plans import sections_of
from sessions_app.proctoring.services.answers import Save, save_progress
from sessions_app.proctoring.services.beats import record_activity, record_heartbeat
from sessions_app.proctoring.services.candidates import create_candidate, invite
from sessions_app.proctoring.services.ending import complete_session, leave_session
from sessions_app.proctoring.services.reporting import Report, record_reports
from sessions_app.proctoring.services.settling import settle
from sessions_app.proctoring.services.starting import start_session
from sessions_app.proctoring.states import Method, Status

SESSION_REPLY = inline_serializer(
    "TestSessionReply",
    {
        "success": serializers.BooleanField(),
        "session": output.SessionOutput(),
        "server_time": serializers.DateTimeField(),
    },
)
STATE_REPLY = inline_serializer(
    "TestSessionState",
    {
        "success": serializers.BooleanField(),
        "status": serializers.ChoiceField(Status.choices),
        "completion_method": serializers.ChoiceField(Method.choices, allow_null=True),
        "completed_at": serializers.DateTimeField(allow_null=True),
        "server_time": serializers.DateTimeField(),
    },
)


class CandidateView(APIView):
    """A view of one test: finds its candidate (404 for strangers) and applies what is due."""

    authentication_classes = [
        CandidateAuthentication,
        BearerAuthentication,
        PageSessionAuthentication,
    ]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        wait_for_first_pulse()
        self.now = clock.now()
        if "candidate_id" in kwargs:
            self.candidate = get_candidate_for(request.user, kwargs["candidate_id"])
            settle(candidate_id=self.candidate.pk, now=self.now)

    def checked(self, serializer: type[serializers.Serializer]) -> dict[str, Any]:
        data = serializer(data=self.request.data)
        data.is_valid(raise_exception=True)
        return data.validated_data

    def reply(self, **body: Any) -> Response:
        return Response({"success": True, **body, "server_time": iso(self.now)})


class SessionsView(CandidateView):
    """POST starts the test, or returns the one that exists with its clock unchanged."""

    @extend_schema(request=inputs.StartInput, responses={200: SESSION_REPLY, 201: SESSION_REPLY})
    def post(self, request: Request) -> Response:
        asked = self.checked(inputs.StartInput)
        try:
            candidate = get_candidate_for(request.user, asked["candidate_id"])
        except NoCandidate as error:
            message = "This is not a candidate whose test you can start."
            raise Invalid(message, fields={"candidate_id": [message]}) from error
        settle(candidate_id=candidate.pk, now=self.now)
        return self.start(request, candidate, asked)

    @idempotent
    def start(self, request: Request, candidate: Candidate, asked: dict[str, Any]) -> Response:
        started = start_session(
            candidate=candidate,
            asked_minutes=asked["test_duration_minutes"],
            tab=asked["tab_id"],
            sequence=asked["sequence"],
            now=self.now,
        )
        reply = self.reply(session=output.session_body(started.session, started.beat))
        reply.status_code = 201 if started.created else 200
        return reply


class SessionView(CandidateView):
    @extend_schema(responses=SESSION_REPLY)
    def get(self, request: Request, candidate_id: str) -> Response:
        session = _session_of(self.candidate)
        return self.reply(session=output.session_body(session))


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
    """Merges the changed answers; the reply carries the merged state."""

    @extend_schema(
        request=inputs.ProgressInput,
        responses=inline_serializer(
            "ProgressReply",
            {
                "success": serializers.BooleanField(),
                "sections_completed": serializers.ListField(child=serializers.CharField()),
                "pending_answers": serializers.DictField(),
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
        session = save_progress(candidate_id=self.candidate.pk, save=save, now=self.now)
        return self.reply(
            sections_completed=session.sections_completed,
            pending_answers=session.pending_answers,
            deadline=iso(session.deadline),
            status=session.status,
        )


class CompleteView(CandidateView):
    @extend_schema(request=inputs.CompleteInput, responses=STATE_REPLY)
    def put(self, request: Request, candidate_id: str) -> Response:
        method = Method(self.checked(inputs.CompleteInput)["completion_method"])
        session = complete_session(
            candidate_id=self.candidate.pk,
            method=method,
            who=actor_of(request.user),
            now=self.now,
        )
        return self.reply(**_state(session))


class AbandonView(CandidateView):
    """Takes PUT, and POST as `navigator.sendBeacon` sends it: no headers, any content type."""

    parser_classes = [inputs.BeaconParser]

    @extend_schema(request=inputs.AbandonInput, responses=STATE_REPLY)
    def put(self, request: Request, candidate_id: str) -> Response:
        sent = self.checked(inputs.AbandonInput)
        session = leave_session(
            candidate_id=self.candidate.pk,
            tab=sent["tab_id"],
            sequence=sent["sequence"],
            now=self.now,
        )
        return self.reply(**_state(session))

    @extend_schema(request=inputs.AbandonInput, responses=STATE_REPLY)
    def post(self, request: Request, candidate_id: str) -> Response:
        return self.put(request, candidate_id)


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
        return self.reply(sections=output.sections_body(sections_of(session)))


class CandidatesView(APIView):
    """Staff invite somebody: the answer holds the token and the link, shown this once."""

    permission_classes = [IsAdminUser]
    authentication_classes = STAFF_AUTHENTICATION

    @extend_schema(
        request=inputs.CandidateInput,
        responses={
            201: inline_serializer(
                "CandidateReply",
                {
                    "success": serializers.BooleanField(),
                    "candidate_id": serializers.UUIDField(),
                    "access_token": serializers.CharField(),
                    "start_url": serializers.URLField(),
                },
            )
        },
    )
    def post(self, request: Request) -> Response:
        data = inputs.CandidateInput(data=request.data)
        data.is_valid(raise_exception=True)
        return self.create(request, data.validated_data)

    @idempotent(
        on_store=lambda data: {"candidate_id": data["candidate_id"]},
        on_replay=lambda request, data: _signed_anew(request, data["candidate_id"]),
    )
    def create(self, request: Request, wanted: dict[str, Any]) -> Response:
        assessment = wanted.pop("assessment_id")
        candidate = create_candidate(**wanted, assessment=assessment)
        return Response(_candidate_body(request, candidate), status=201)


def _signed_anew(request: Request, candidate_id: str) -> dict[str, Any]:
    return _candidate_body(request, get_candidate_for(request.user, candidate_id))


def _candidate_body(request: Request, candidate: Candidate) -> dict[str, Any]:
    invitation = invite(candidate=candidate, now=clock.now())
    return {
        "success": True,
        "candidate_id": str(candidate.pk),
        "id": str(candidate.pk),
        "access_token": invitation.token,
        "start_url": request.build_absolute_uri(invitation.path),
    }


def _session_of(candidate: Candidate) -> ProctoredSession:
    session = ProctoredSession.objects.select_related("beat").filter(pk=candidate.pk).first()
    if session is None:
        raise NoSession
    return session


def _state(session: ProctoredSession) -> dict[str, Any]:
    return {
        "status": session.status,
        "completion_method": session.completion_method,
        "completed_at": iso(session.completed_at),
        "deadline": iso(session.deadline),
    }
