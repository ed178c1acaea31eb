"""`/api/sessions…`: the five endpoints of interview-sessions.md, and what the room adds."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http.idempotency import idempotent
from common.http.inputs import checked
from common.http.outputs import page_of, schema_of
from common.http.pagination import NewestFirst
from common.http.schema import PAGING
from common.locks import one_at_a_time
from sessions_app.interviews import services
from sessions_app.interviews.api.inputs import (
    AttemptInput,
    InterviewBeatInput,
    InterviewDraftInput,
    InterviewSessionInput,
    RatingInput,
    ReplyInput,
)
from sessions_app.interviews.api.outputs import (
    AttemptOutput,
    DialogueOutput,
    InterviewBeatOutput,
    InterviewDraftOutput,
    InterviewDraftSavedOutput,
    InterviewRevisionOutput,
    InterviewSessionOutput,
    NextQuestionOutput,
)
from sessions_app.interviews.errors import QuestionUnknown, SessionEnded
from sessions_app.interviews.models import InterviewDraft, PracticeSession
from sessions_app.interviews.policies import (
    get_attempt_for,
    get_follow_up_for,
    get_question,
    get_session_for,
)
from sessions_app.interviews.selectors import attempts, questions
from sessions_app.interviews.selectors.room import draft_version_of, reply_version_of

SESSION = schema_of(InterviewSessionOutput)
ATTEMPT = schema_of(AttemptOutput)
DIALOGUE = schema_of(DialogueOutput)


class NewestSessionsFirst(NewestFirst):
    ordering = ("-started_at", "-id")


class NewestRevisionsFirst(NewestFirst):
    ordering = ("-saved_at", "-id")


class SessionListView(APIView):
    @extend_schema(
        operation_id="sessions_list", parameters=PAGING, responses=page_of(InterviewSessionOutput)
    )
    def get(self, request: Request) -> Response:
        """One's own sessions, newest first."""
        rows = PracticeSession.objects.visible_to(request.user)
        return NewestSessionsFirst.answer(rows, self, InterviewSessionOutput.of)

    @extend_schema(request=InterviewSessionInput, responses={201: SESSION, 200: SESSION})
    @one_at_a_time("interview-start")
    @idempotent
    def post(self, request: Request) -> Response:
        """Start a session. An own session under `id` comes back as it is (200)."""
        data = checked(InterviewSessionInput, request.data)
        session, created = services.create_session(user=request.user, **data, now=clock.now())
        return Response(InterviewSessionOutput.of(session), status=201 if created else 200)


class SessionView(APIView):
    @extend_schema(responses=SESSION)
    def get(self, request: Request, session_id: str) -> Response:
        return Response(InterviewSessionOutput.of(get_session_for(request.user, session_id)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, session_id: str) -> Response:
        """Delete an ended session for good, with its answers, drafts and feedback."""
        services.delete_session(user=request.user, session_id=session_id)
        return Response(status=204)


class EndView(APIView):
    @extend_schema(request=None, responses=SESSION)
    @idempotent
    def post(self, request: Request, session_id: str) -> Response:
        """End the session; ending it again answers the same."""
        ended = services.end_session(user=request.user, session_id=session_id, now=clock.now())
        return Response(InterviewSessionOutput.of(ended))


class AttemptListView(APIView):
    @extend_schema(responses=ATTEMPT(many=True))
    def get(self, request: Request, session_id: str) -> Response:
        """All answers of the session as a plain array, oldest first."""
        session = get_session_for(request.user, session_id)
        return Response([AttemptOutput.of(row) for row in attempts.answers_of(session)])

    @extend_schema(request=AttemptInput, responses={201: ATTEMPT})
    @idempotent
    def post(self, request: Request, session_id: str) -> Response:
        """Submit an answer; its evaluation follows in the background."""
        data = checked(AttemptInput, request.data, session_id=session_id)
        data["session_id"] = session_id
        unknown = QuestionUnknown(fields={"question_id": ["There is no such question."]})
        question = get_question(data.pop("question_id"), missing=unknown)
        attempt = services.add_attempt(
            user=request.user, question=question, **data, now=clock.now()
        )
        return Response(AttemptOutput.of(attempt), status=201)


class AttemptView(APIView):
    @extend_schema(responses=ATTEMPT)
    def get(self, request: Request, session_id: str, attempt_id: int) -> Response:
        return Response(AttemptOutput.of(get_attempt_for(request.user, session_id, attempt_id)))

    @extend_schema(request=RatingInput, responses=ATTEMPT)
    def patch(self, request: Request, session_id: str, attempt_id: int) -> Response:
        """Store the self-rating, 1–5."""
        attempt = get_attempt_for(request.user, session_id, attempt_id)
        rating = checked(RatingInput, request.data)["self_rating"]
        return Response(AttemptOutput.of(services.rate_attempt(attempt, rating=rating)))


class FeedbackView(APIView):
    throttle_scope = "expensive"

    @extend_schema(request=None, responses={202: ATTEMPT})
    @idempotent
    def post(self, request: Request, session_id: str, attempt_id: int) -> Response:
        """Request the feedback that the daily limit refused; 409 once it was requested."""
        asked = services.ask_feedback(
            user=request.user, session_id=session_id, attempt_id=attempt_id, now=clock.now()
        )
        return Response(AttemptOutput.of(asked), status=202)


class DialogueView(APIView):
    @extend_schema(responses=DIALOGUE)
    def get(self, request: Request, session_id: str, attempt_id: int) -> Response:
        """What the interviewer asked back about an answer, and what was replied."""
        attempt = get_attempt_for(request.user, session_id, attempt_id)
        return Response(DialogueOutput.of(attempt))


class DialogueEndView(APIView):
    @extend_schema(request=None, responses=DIALOGUE)
    @idempotent
    def post(self, request: Request, session_id: str, attempt_id: int) -> Response:
        """Take no more questions; what was replied is judged with the answer, once and free."""
        ended = services.end_dialogue(
            user=request.user, session_id=session_id, attempt_id=attempt_id, now=clock.now()
        )
        return Response(DialogueOutput.of(ended))


class ReplyView(APIView):
    @extend_schema(request=ReplyInput, responses=DIALOGUE)
    @idempotent
    def post(self, request: Request, session_id: str, attempt_id: int, number: int) -> Response:
        """Submit the reply to a question; the next one, if any, stands in the answer. The same text
        again answers the same; another one is kept and refused (409)."""
        text = checked(ReplyInput, request.data)["answer_text"]
        services.answer_follow_up(
            user=request.user,
            session_id=session_id,
            attempt_id=attempt_id,
            number=number,
            answer_text=text,
            now=clock.now(),
        )
        attempt = get_attempt_for(request.user, session_id, attempt_id)
        return Response(DialogueOutput.of(attempt))


class ReplyDraftView(APIView):
    @extend_schema(responses=schema_of(InterviewDraftOutput))
    def get(self, request: Request, session_id: str, attempt_id: int, number: int) -> Response:
        follow_up = get_follow_up_for(request.user, session_id, attempt_id, number)
        return Response(InterviewDraftOutput.of(follow_up))

    @extend_schema(request=InterviewDraftInput, responses=schema_of(InterviewDraftSavedOutput))
    @idempotent
    def put(self, request: Request, session_id: str, attempt_id: int, number: int) -> Response:
        """Save the draft of a reply; the last save wins, the text it replaces is kept."""
        saved = services.save_reply(
            user=request.user,
            session_id=session_id,
            attempt_id=attempt_id,
            number=number,
            **checked(InterviewDraftInput, request.data),
            now=clock.now(),
        )
        return Response(InterviewDraftSavedOutput.of(saved))


class ReplyRevisionListView(APIView):
    @extend_schema(parameters=PAGING, responses=page_of(InterviewRevisionOutput))
    def get(self, request: Request, session_id: str, attempt_id: int, number: int) -> Response:
        """Every saved text of a reply that a different one replaced, newest first."""
        follow_up = get_follow_up_for(request.user, session_id, attempt_id, number)
        rows = follow_up.revisions.all()
        return NewestRevisionsFirst.answer(rows, self, InterviewRevisionOutput.of)


class NextQuestionView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("again", bool, description="Let answered ones return.")],
        responses=schema_of(NextQuestionOutput),
    )
    def get(self, request: Request, session_id: str) -> Response:
        """The next question and the reason for it; the same until something is answered."""
        session = get_session_for(request.user, session_id)
        if not session.is_open:
            raise SessionEnded
        again = request.query_params.get("again", "").lower() in {"1", "true", "yes"}
        return Response(NextQuestionOutput.of(questions.next_question(session, again=again)))


class BeatView(APIView):
    @extend_schema(request=InterviewBeatInput, responses=schema_of(InterviewBeatOutput))
    def post(self, request: Request, session_id: str) -> Response:
        """A page shows this session: keeps it from being forgotten, corrects its clock, and tells
        it whether the server still has what it saved."""
        session = get_session_for(request.user, session_id)
        asked, now = checked(InterviewBeatInput, request.data), clock.now()
        services.note_presence(session_id=session.pk, now=now)
        attempt_id, number = asked["attempt_id"], asked["follow_up"]
        if attempt_id is not None and number is not None:
            version = reply_version_of(session, attempt_id, number)
        elif asked["question_id"] is not None:
            version = draft_version_of(session, asked["question_id"])
        else:
            version = None
        return Response(InterviewBeatOutput(now, session.deadline, session.ended_at, version))


class DraftView(APIView):
    @extend_schema(responses=schema_of(InterviewDraftOutput))
    def get(self, request: Request, session_id: str, question_id: str) -> Response:
        session = get_session_for(request.user, session_id)
        question = get_question(question_id)
        draft = session.drafts.filter(question=question).first() or InterviewDraft()
        return Response(InterviewDraftOutput.of(draft))

    @extend_schema(request=InterviewDraftInput, responses=schema_of(InterviewDraftSavedOutput))
    @idempotent
    def put(self, request: Request, session_id: str, question_id: str) -> Response:
        """Save the draft; the last save wins, the text it replaces is kept."""
        data = checked(InterviewDraftInput, request.data)
        saved = services.save_draft(
            user=request.user,
            session_id=session_id,
            question=get_question(question_id),
            **data,
            now=clock.now(),
        )
        return Response(InterviewDraftSavedOutput.of(saved))


class RevisionListView(APIView):
    @extend_schema(parameters=PAGING, responses=page_of(InterviewRevisionOutput))
    def get(self, request: Request, session_id: str, question_id: str) -> Response:
        """Every saved text that a different one replaced, newest first."""
        session = get_session_for(request.user, session_id)
        rows = attempts.revisions_of(session, get_question(question_id))
        return NewestRevisionsFirst.answer(rows, self, InterviewRevisionOutput.of)
