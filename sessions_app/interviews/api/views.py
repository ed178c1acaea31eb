"""`/api/sessions…`: the five endpoints of interview-sessions.md, and what the room adds."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from common.http.inputs import checked
from common.http.pagination import NewestFirst
from common.http.schema import PAGING, page_of
from common.locks import one_at_a_time
from sessions_app.interviews import services
from sessions_app.interviews.api.serializers import (
    AttemptInput,
    AttemptOutput,
    InterviewDraftInput,
    InterviewDraftOutput,
    InterviewDraftSaved,
    InterviewRevisionOutput,
    InterviewSessionInput,
    InterviewSessionOutput,
    QuestionOutput,
    RatingInput,
)
from sessions_app.interviews.errors import QuestionUnknown, SessionEnded
from sessions_app.interviews.models import InterviewDraft, PracticeSession
from sessions_app.interviews.policies import (
    find_question,
    get_attempt_for,
    get_question,
    get_session_for,
)
from sessions_app.interviews.selectors import attempts, questions

NextQuestionOutput = inline_serializer(
    "NextQuestion",
    {
        "question": QuestionOutput(allow_null=True),
        "reason": serializers.CharField(),
        "reason_code": serializers.CharField(),
    },
)
BeatOutput = inline_serializer(
    "InterviewBeat",
    {
        "server_time": serializers.DateTimeField(),
        "deadline": serializers.DateTimeField(allow_null=True),
        "ended_at": serializers.DateTimeField(allow_null=True),
    },
)


class NewestSessionsFirst(NewestFirst):
    ordering = ("-started_at", "-id")


class SessionListView(APIView):
    @extend_schema(
        operation_id="sessions_list",
        parameters=PAGING,
        responses=page_of("InterviewSessionPage", InterviewSessionOutput),
    )
    def get(self, request: Request) -> Response:
        """One's own sessions, newest first."""
        pages = NewestSessionsFirst()
        rows = PracticeSession.objects.visible_to(request.user)
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(InterviewSessionOutput(page, many=True).data)

    @extend_schema(
        request=InterviewSessionInput,
        responses={201: InterviewSessionOutput, 200: InterviewSessionOutput},
    )
    @one_at_a_time("interview-start")
    @idempotent
    def post(self, request: Request) -> Response:
        """Start a session. An own session under `id` comes back as it is (200)."""
        data = checked(InterviewSessionInput, request.data)
        session, created = services.create_session(user=request.user, **data, now=clock.now())
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(InterviewSessionOutput(session).data, status=code)


class SessionView(APIView):
    @extend_schema(responses=InterviewSessionOutput)
    def get(self, request: Request, session_id: str) -> Response:
        return Response(InterviewSessionOutput(get_session_for(request.user, session_id)).data)


class EndView(APIView):
    @extend_schema(request=None, responses=InterviewSessionOutput)
    @idempotent
    def post(self, request: Request, session_id: str) -> Response:
        """End the session; ending it again answers the same."""
        session = get_session_for(request.user, session_id, lock=True)
        ended = services.end_locked(session, now=clock.now())
        return Response(InterviewSessionOutput(ended).data)


class AttemptListView(APIView):
    @extend_schema(responses=AttemptOutput(many=True))
    def get(self, request: Request, session_id: str) -> Response:
        """All answers of the session as a plain array, oldest first."""
        session = get_session_for(request.user, session_id)
        return Response(AttemptOutput(attempts.answers_of(session), many=True).data)

    @extend_schema(request=AttemptInput, responses={201: AttemptOutput})
    @idempotent
    def post(self, request: Request, session_id: str) -> Response:
        """Hand in an answer; its evaluation follows in the background."""
        session = get_session_for(request.user, session_id, lock=True)
        data = checked(AttemptInput, request.data, session=session)
        data.pop("session_id", None)
        question = find_question(data.pop("question_id"))
        if question is None:
            raise QuestionUnknown(fields={"question_id": ["There is no such question."]})
        attempt = services.answer_in(session, question=question, **data, now=clock.now())
        return Response(AttemptOutput(attempt).data, status=status.HTTP_201_CREATED)


class AttemptView(APIView):
    @extend_schema(responses=AttemptOutput)
    def get(self, request: Request, session_id: str, attempt_id: int) -> Response:
        return Response(AttemptOutput(get_attempt_for(request.user, session_id, attempt_id)).data)

    @extend_schema(request=RatingInput, responses=AttemptOutput)
    def patch(self, request: Request, session_id: str, attempt_id: int) -> Response:
        """Say how well it went, 1–5."""
        attempt = get_attempt_for(request.user, session_id, attempt_id)
        data = checked(RatingInput, request.data)
        rated = services.rate_attempt(attempt_id=attempt.pk, rating=data["self_rating"])
        return Response(AttemptOutput(rated).data)


class FeedbackView(APIView):
    throttle_scope = "expensive"

    @extend_schema(request=None, responses={202: AttemptOutput})
    @idempotent
    def post(self, request: Request, session_id: str, attempt_id: int) -> Response:
        """Ask for the feedback that a used-up day refused; 409 once it was asked for."""
        attempt = get_attempt_for(request.user, session_id, attempt_id)
        asked = services.ask_feedback(attempt_id=attempt.pk, now=clock.now())
        return Response(AttemptOutput(asked).data, status=status.HTTP_202_ACCEPTED)


class NextQuestionView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("again", bool, description="Let answered ones return.")],
        responses=NextQuestionOutput,
    )
    def get(self, request: Request, session_id: str) -> Response:
        """What to ask next, and why; the same until something is answered."""
        session = get_session_for(request.user, session_id)
        if not session.is_open:
            raise SessionEnded
        again = request.query_params.get("again", "").lower() in {"1", "true", "yes"}
        found = questions.next_question(session, again=again)
        question = QuestionOutput(found.question).data if found.question else None
        return Response({"question": question, "reason": found.reason, "reason_code": found.code})


class BeatView(APIView):
    @extend_schema(request=None, responses=BeatOutput)
    def post(self, request: Request, session_id: str) -> Response:
        """A page shows this session: keeps it from being forgotten, and corrects its clock."""
        session = get_session_for(request.user, session_id)
        now = clock.now()
        services.note_presence(session_id=session.pk, now=now)
        times = {"deadline": session.deadline, "ended_at": session.ended_at, "server_time": now}
        return Response({name: clock.iso(moment) for name, moment in times.items()})


class DraftView(APIView):
    @extend_schema(responses=InterviewDraftOutput)
    def get(self, request: Request, session_id: str, question_id: str) -> Response:
        session = get_session_for(request.user, session_id)
        question = get_question(question_id)
        draft = session.drafts.filter(question=question).first() or InterviewDraft()
        return Response(InterviewDraftOutput(draft).data)

    @extend_schema(request=InterviewDraftInput, responses=InterviewDraftSaved)
    @idempotent
    def put(self, request: Request, session_id: str, question_id: str) -> Response:
        """Save the working text; the last save wins, the text it replaces is kept."""
        session = get_session_for(request.user, session_id)
        question = get_question(question_id)
        data = checked(InterviewDraftInput, request.data)
        saved = services.save_draft(
            session_id=session.pk,
            question=question,
            text=data["answer_text"],
            base_version=data["base_version"],
            now=clock.now(),
        )
        return Response(InterviewDraftSaved(saved).data)


class RevisionListView(APIView):
    @extend_schema(
        parameters=PAGING, responses=page_of("InterviewRevisionPage", InterviewRevisionOutput)
    )
    def get(self, request: Request, session_id: str, question_id: str) -> Response:
        """Every saved text that a different one replaced, newest first."""
        session = get_session_for(request.user, session_id)
        rows = attempts.revisions_of(session, get_question(question_id))
        pages = NewestRevisionsFirst()
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(InterviewRevisionOutput(page, many=True).data)


class NewestRevisionsFirst(NewestFirst):
    ordering = ("-saved_at", "-id")
