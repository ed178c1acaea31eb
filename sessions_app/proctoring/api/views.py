"""Where a test stands: started, read, handed in, left."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.clock import iso
from common.errors import Invalid
from common.http.idempotency import idempotent, is_keyed
from sessions_app.assessments.errors import NoCandidate
from sessions_app.assessments.models import Candidate
from sessions_app.assessments.policies import actor_of, get_candidate_for
from sessions_app.proctoring.api import inputs, output
from sessions_app.proctoring.api.base import CandidateView
from sessions_app.proctoring.api.replies import SESSION_REPLY, STATE_REPLY
from sessions_app.proctoring.errors import NoSession
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.services.ending import complete_session, leave_session
from sessions_app.proctoring.services.settling import settle
from sessions_app.proctoring.services.starting import Started, resume_live, start_session
from sessions_app.proctoring.states import Method


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
        return self._resumed(request, candidate, asked) or self.start(request, candidate, asked)

    def _resumed(
        self, request: Request, candidate: Candidate, asked: dict[str, Any]
    ) -> Response | None:
        """The plain case, in no transaction: a key asks for the answer of before instead."""
        if is_keyed(request):
            settle(candidate_id=candidate.pk, now=self.now)
            return None
        live = resume_live(
            candidate_id=candidate.pk,
            tab=asked["tab_id"],
            sequence=asked["sequence"],
            now=self.now,
        )
        return None if live is None else self._told(live)

    @idempotent
    def start(self, request: Request, candidate: Candidate, asked: dict[str, Any]) -> Response:
        started = start_session(
            candidate=candidate,
            asked_minutes=asked["test_duration_minutes"],
            tab=asked["tab_id"],
            sequence=asked["sequence"],
            now=self.now,
        )
        return self._told(started)

    def _told(self, started: Started) -> Response:
        reply = self.reply(session=output.session_body(started.session, started.beat))
        reply.status_code = 201 if started.created else 200
        return reply


class SessionView(CandidateView):
    """Where a test stands: status, deadline, what was answered."""

    @extend_schema(responses=SESSION_REPLY)
    def get(self, request: Request, candidate_id: str) -> Response:
        session = _session_of(self.candidate)
        return self.reply(session=output.session_body(session))


class CompleteView(CandidateView):
    """Hand the test in; once completed it answers the same again."""

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
