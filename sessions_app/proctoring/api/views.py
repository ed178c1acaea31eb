"""One test as its page and clients see it: start, beats, answers, questions, end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import BearerAuthentication, PageSessionAuthentication
from common import clock
from common.errors import Invalid
from common.http.idempotency import idempotent, is_keyed, takes_key
from common.http.inputs import checked
from common.http.outputs import schema_of
from sessions_app.assessments.api.authentication import CandidateAuthentication
from sessions_app.assessments.api.outputs import SittingSectionOutput
from sessions_app.assessments.errors import NoCandidate
from sessions_app.assessments.models import Candidate
from sessions_app.assessments.policies import get_candidate_for, is_candidate, refuse_staff_without
from sessions_app.assessments.selectors.plans import sections_of
from sessions_app.proctoring import policies
from sessions_app.proctoring.api import inputs, outputs
from sessions_app.proctoring.errors import AlreadyOver, NotStarted
from sessions_app.proctoring.metrics import count_beat
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.selectors.sessions import session_of
from sessions_app.proctoring.services.answers import Save, save_progress
from sessions_app.proctoring.services.beats import record_activity, record_heartbeat
from sessions_app.proctoring.services.devices import note_device
from sessions_app.proctoring.services.ending import complete_session, leave_session
from sessions_app.proctoring.services.reporting import Report, record_reports
from sessions_app.proctoring.services.staff import (
    abandon_session,
    end_session,
    start_for_candidate,
)
from sessions_app.proctoring.services.starting import Started, resume_live, start_session
from sessions_app.proctoring.services.status import apply_due_transitions
from sessions_app.proctoring.states import Method
from sessions_app.proctoring.web_heartbeat import web_heartbeat

SITTING = schema_of(outputs.SittingReplyOutput)
STATE = schema_of(outputs.SittingStateOutput)


class CandidateView(APIView):
    """A view of one test: finds its candidate (404 for strangers) and applies what is due.

    `staff_right` is the permission that staff need; without one, it is the candidate's alone.
    """

    staff_right: str | None = None
    authentication_classes = [
        CandidateAuthentication,
        BearerAuthentication,
        PageSessionAuthentication,
    ]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.now = clock.now()
        super().initial(request, *args, **kwargs)
        web_heartbeat.ensure()
        refuse_staff_without(request.user, self.staff_right)
        if "candidate_id" in kwargs:
            self.candidate = get_candidate_for(request.user, kwargs["candidate_id"])
            apply_due_transitions(candidate_id=self.candidate.pk, now=self.now)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if response.status_code < 400 and is_candidate(request.user):
            note_device(request, request.user.candidate.pk, now=self.now)
        return super().finalize_response(request, response, *args, **kwargs)

    def act_as_staff(
        self, act: Callable[..., ProctoredSession], request: Request, reason: str
    ) -> ProctoredSession:
        """One of `services.staff`, recorded as theirs; what is over already is answered as it is,
        as a candidate's second try."""
        who = {"staff_id": request.user.pk, "reason": reason}
        try:
            return act(candidate_id=self.candidate.pk, **who, now=self.now)
        except AlreadyOver:
            return session_of(self.candidate.pk)


class SessionsView(CandidateView):
    """POST starts the test, or returns the one that exists with its clock unchanged.

    Staff say why in `reason`; it is recorded as theirs.
    """

    staff_right = policies.START

    @extend_schema(request=inputs.StartInput, responses={200: SITTING, 201: SITTING})
    @takes_key
    def post(self, request: Request) -> Response:
        asked = checked(inputs.StartInput, request.data)
        try:
            wanted = asked.pop("candidate_id")
            candidate = get_candidate_for(request.user, wanted)
        except NoCandidate as error:
            message = "This is not a candidate whose test you can start."
            raise Invalid(message, fields={"candidate_id": [message]}) from error
        reason, live = asked.pop("reason"), None
        if not is_candidate(request.user):
            return self.start_as_staff(request, candidate, asked["asked_minutes"], reason)
        if is_keyed(request):  # with a key the stored answer is replayed, if there is one
            apply_due_transitions(candidate_id=candidate.pk, now=self.now)
        else:
            sender = {"tab": asked["tab"], "sequence": asked["sequence"]}
            live = resume_live(candidate_id=candidate.pk, **sender, now=self.now)
        return self._answer(live) if live else self.start(request, candidate, asked)

    @idempotent
    def start(self, request: Request, candidate: Candidate, asked: dict[str, Any]) -> Response:
        return self._answer(start_session(candidate=candidate, **asked, now=self.now))

    @idempotent
    def start_as_staff(
        self, request: Request, candidate: Candidate, minutes: int | None, reason: str
    ) -> Response:
        who = {"staff_id": request.user.pk, "reason": reason}
        started = start_for_candidate(
            candidate=candidate, asked_minutes=minutes, **who, now=self.now
        )
        return self._answer(started)

    def _answer(self, started: Started) -> Response:
        sitting = outputs.SittingOutput.of(started.session, started.beat)
        output = outputs.SittingReplyOutput(session=sitting, server_time=self.now)
        return Response(output, status=201 if started.created else 200)


class SessionView(CandidateView):
    """The test's status, deadline and answers."""

    staff_right = policies.VIEW

    @extend_schema(responses=SITTING)
    def get(self, request: Request, candidate_id: str) -> Response:
        sitting = outputs.SittingOutput.of(session_of(self.candidate.pk))
        return Response(outputs.SittingReplyOutput(session=sitting, server_time=self.now))


class HeartbeatView(CandidateView):
    """One conditional UPDATE; looks at the session only when that finds no live row."""

    parser_classes = [inputs.AnyTypeJSONParser]

    @extend_schema(request=inputs.Sender, responses=schema_of(outputs.HeartbeatOutput))
    def put(self, request: Request, candidate_id: str) -> Response:
        sender = checked(inputs.Sender, request.data)
        beat = record_heartbeat(candidate_id=self.candidate.pk, **sender, now=self.now)
        count_beat("heartbeat")
        output = outputs.HeartbeatOutput(
            last_heartbeat=self.now,
            other_tab=beat.other_tab,
            deadline=beat.deadline,
            answers_version=beat.answers_version,
            server_time=self.now,
        )
        return Response(output)


class ActivityView(CandidateView):
    """The candidate did something: a heartbeat that also stamps `last_activity`."""

    parser_classes = [inputs.AnyTypeJSONParser]

    @extend_schema(request=None, responses=schema_of(outputs.ActivityOutput))
    def put(self, request: Request, candidate_id: str) -> Response:
        _ = request.data  # what is no JSON, or nested too deep, is refused; nothing of it is used
        now, beat = self.now, record_activity(candidate_id=self.candidate.pk, now=self.now)
        count_beat("activity")
        known = {"deadline": beat.deadline, "answers_version": beat.answers_version}
        output = outputs.ActivityOutput(last_activity=now, **known, server_time=now)
        return Response(output)


class ProgressView(CandidateView):
    """Merges the changed answers; the reply carries the merged state, and what the save replaced of
    another tab's answers."""

    @extend_schema(request=inputs.ProgressInput, responses=schema_of(outputs.SavedAnswersOutput))
    @idempotent
    def put(self, request: Request, candidate_id: str) -> Response:
        save = Save(**checked(inputs.ProgressInput, request.data))
        saved = save_progress(candidate_id=self.candidate.pk, save=save, now=self.now)
        count_beat("progress")
        return Response(outputs.SavedAnswersOutput.of(saved, now=self.now))


class EventsView(CandidateView):
    """Integrity events reported by the page; people judge them, and none ends a test."""

    parser_classes = [inputs.AnyTypeJSONParser]

    @extend_schema(request=inputs.EventsInput, responses={202: schema_of(outputs.EventsOutput)})
    @takes_key
    def post(self, request: Request, candidate_id: str) -> Response:
        return self.record(request, checked(inputs.EventsInput, request.data)["events"])

    @idempotent
    def record(self, request: Request, events: list[dict[str, Any]]) -> Response:
        reports = [Report(**event) for event in events]
        accepted = record_reports(candidate_id=self.candidate.pk, reports=reports, now=self.now)
        return Response(outputs.EventsOutput(accepted=accepted, server_time=self.now), status=202)


class QuestionsView(CandidateView):
    """The sections and questions of a started test, without hidden cases and solutions."""

    staff_right = policies.VIEW

    @extend_schema(responses=schema_of(outputs.SittingQuestionsOutput))
    def get(self, request: Request, candidate_id: str) -> Response:
        session = ProctoredSession.objects.filter(pk=self.candidate.pk).first()
        if session is None:
            raise NotStarted
        sections = [SittingSectionOutput.of(section) for section in sections_of(session.plan)]
        return Response(outputs.SittingQuestionsOutput(sections=sections, server_time=self.now))


class CompleteView(CandidateView):
    """Complete the test; a repeated call returns the same response. Staff say why in `reason`."""

    staff_right = policies.CHANGE

    @extend_schema(request=inputs.CompleteInput, responses=STATE)
    def put(self, request: Request, candidate_id: str) -> Response:
        sent = checked(inputs.CompleteInput, request.data)
        if is_candidate(request.user):
            method = Method(sent["completion_method"])
            session = complete_session(candidate_id=self.candidate.pk, method=method, now=self.now)
        else:
            session = self.act_as_staff(end_session, request, sent["reason"])
        return Response(outputs.SittingStateOutput.of(session, now=self.now))


class AbandonView(CandidateView):
    """Takes PUT, and POST as `navigator.sendBeacon` sends it: no headers, any content type.

    Staff say why in `reason`.
    """

    staff_right = policies.CHANGE
    parser_classes = [inputs.BeaconParser]

    @extend_schema(request=inputs.AbandonInput, responses=STATE)
    def put(self, request: Request, candidate_id: str) -> Response:
        sent = checked(inputs.AbandonInput, request.data)
        if is_candidate(request.user):
            sender = {"tab": sent["tab_id"], "sequence": sent["sequence"]}
            session = leave_session(candidate_id=self.candidate.pk, **sender, now=self.now)
        else:
            session = self.act_as_staff(abandon_session, request, sent["reason"])
        return Response(outputs.SittingStateOutput.of(session, now=self.now))

    @extend_schema(request=inputs.AbandonInput, responses=STATE)
    def post(self, request: Request, candidate_id: str) -> Response:
        return self.put(request, candidate_id)
