"""Shapes of the interview API: input as interview-sessions.md has it, output field by field."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from common.clock import iso
from common.http.fields import RawCharField, StrictIntegerField
from practice.models import Question
from sessions_app.interviews import rules
from sessions_app.interviews.models import (
    LONGEST_TIMER,
    SCORES,
    SHORTEST_TIMER,
    Attempt,
    InterviewDraft,
    InterviewDraftRevision,
    PracticeSession,
)
from sessions_app.interviews.policies import parse_session_id


class SessionIdField(serializers.CharField):
    """A UUID in its canonical 36 characters; as a number or in another spelling it is refused."""

    default_error_messages = {"not_uuid": "Must be a UUID."}

    def to_internal_value(self, data: Any) -> uuid.UUID:  # type: ignore[override]
        parsed = parse_session_id(data) if isinstance(data, str) else None
        if parsed is None:
            self.fail("not_uuid")
        return parsed  # type: ignore[return-value]


class InterviewSessionInput(serializers.Serializer):
    id = SessionIdField(required=False, source="session_id")
    category_filter = RawCharField(required=False, allow_null=True, max_length=50)
    mode = serializers.ChoiceField(
        choices=PracticeSession.Mode.choices, default=PracticeSession.Mode.STANDARD
    )
    timer_minutes = StrictIntegerField(
        required=False, allow_null=True, min_value=SHORTEST_TIMER, max_value=LONGEST_TIMER
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["mode"] == PracticeSession.Mode.TIMED and not attrs.get("timer_minutes"):
            missing = ["A timed session needs timer_minutes."]
            raise serializers.ValidationError({"timer_minutes": missing})
        return attrs


class AttemptInput(serializers.Serializer):
    """`answer_text` is counted as sent, in code points, spaces at its ends included."""

    question_id = StrictIntegerField()
    session_id = SessionIdField(required=False)
    answer_text = RawCharField(min_length=rules.SHORTEST_ANSWER, max_length=rules.LONGEST_ANSWER)
    time_spent_sec = StrictIntegerField(
        required=False, allow_null=True, min_value=0, max_value=rules.LONGEST_TIME_SPENT
    )
    self_rating = StrictIntegerField(
        required=False, allow_null=True, min_value=1, max_value=5, default=None
    )

    def validate_session_id(self, value: uuid.UUID) -> uuid.UUID:
        if value != self.context["session"].pk:
            raise serializers.ValidationError("This is not the session in the address.")
        return value


class RatingInput(serializers.Serializer):
    self_rating = StrictIntegerField(min_value=1, max_value=5)


class InterviewDraftInput(serializers.Serializer):
    answer_text = RawCharField(allow_blank=True, max_length=rules.LONGEST_ANSWER)
    base_version = StrictIntegerField(min_value=0)


class ByHand(serializers.ModelSerializer):
    """Fields for the schema; the answer comes from `written`, because building the fields anew
    costs more than all else in the call. A test holds both together."""

    written: Callable[[Any], dict[str, Any]]

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return self.written(instance)


class InterviewSessionOutput(ByHand):
    """`avg_score` is null in a mock interview until its end."""

    session_id = serializers.UUIDField(source="id", read_only=True)
    user_id = serializers.IntegerField(read_only=True)
    avg_score = serializers.SerializerMethodField()

    class Meta:
        model = PracticeSession
        fields = (
            "id",
            "session_id",
            "user_id",
            "category_filter",
            "mode",
            "timer_minutes",
            "started_at",
            "ended_at",
            "questions_count",
            "avg_score",
            "deadline",
        )

    def get_avg_score(self, session: PracticeSession) -> float | None:
        return None if session.hides_scores else session.avg_score

    def written(self, instance: PracticeSession) -> dict[str, Any]:
        key = str(instance.pk)
        return {
            "id": key,
            "session_id": key,
            "user_id": instance.user_id,
            "category_filter": instance.category_filter,
            "mode": str(instance.mode),
            "timer_minutes": instance.timer_minutes,
            "started_at": iso(instance.started_at),
            "ended_at": iso(instance.ended_at),
            "questions_count": instance.questions_count,
            "avg_score": self.get_avg_score(instance),
            "deadline": iso(instance.deadline),
        }


HIDDEN_IN_A_MOCK = (*SCORES, "strengths", "improvements", "suggested_framework", "example_point")


class AttemptOutput(ByHand):
    """Expects `session` and `evaluation` loaded. Scores and words are null or empty while the
    evaluation has not succeeded, and in a mock interview until its end. `unscored` is "limit" when
    the day's feedback was used up: kept, and to be asked for by POST …/feedback."""

    attempt_id = serializers.IntegerField(source="id", read_only=True)
    question_id = serializers.IntegerField(read_only=True)
    session_id = serializers.UUIDField(read_only=True)
    evaluation = serializers.SerializerMethodField()

    class Meta:
        model = Attempt
        fields = (
            "id",
            "attempt_id",
            "question_id",
            "session_id",
            "answer_text",
            "time_spent_sec",
            *SCORES,
            "strengths",
            "improvements",
            "suggested_framework",
            "example_point",
            "evaluation",
            "unscored",
            "late_by_sec",
            "self_rating",
            "created_at",
        )
        extra_kwargs = {name: {"allow_null": True} for name in (*HIDDEN_IN_A_MOCK, "unscored")}

    def get_evaluation(self, attempt: Attempt) -> dict[str, Any] | None:
        if attempt.evaluation is None:
            return None
        return {"evaluation_id": attempt.evaluation_id, "status": attempt.evaluation.status}

    def written(self, instance: Attempt) -> dict[str, Any]:
        # No result yet is null, in words as in numbers.
        hidden = instance.session.hides_scores
        told = {n: None if (v := getattr(instance, n)) == "" else v for n in HIDDEN_IN_A_MOCK}
        return {
            "id": instance.pk,
            "attempt_id": instance.pk,
            "question_id": instance.question_id,
            "session_id": str(instance.session_id),
            "answer_text": instance.answer_text,
            "time_spent_sec": instance.time_spent_sec,
            **(dict.fromkeys(HIDDEN_IN_A_MOCK) if hidden else told),
            "evaluation": self.get_evaluation(instance),
            "unscored": str(instance.unscored) or None,
            "late_by_sec": instance.late_by_sec,
            "self_rating": instance.self_rating,
            "created_at": iso(instance.created_at),
        }


class QuestionOutput(ByHand):
    """As in the bank: no key points and no sample answer, which would give the answer away."""

    question_id = serializers.IntegerField(source="id", read_only=True)
    category = serializers.CharField(source="question_main.category", read_only=True)
    framework = serializers.SerializerMethodField()

    class Meta:
        model = Question
        fields = ("question_id", "title", "prompt", "category", "framework")

    def get_framework(self, question: Question) -> dict[str, Any]:
        steps = question.framework_steps
        return {
            "name": question.framework_name,
            "steps": [{"title": s["title"], "hint": s.get("hint", "")} for s in steps],
        }

    def written(self, instance: Question) -> dict[str, Any]:
        return {
            "question_id": instance.pk,
            "title": instance.title,
            "prompt": instance.prompt,
            "category": instance.question_main.category,
            "framework": self.get_framework(instance),
        }


class InterviewDraftOutput(serializers.ModelSerializer):
    class Meta:
        model = InterviewDraft
        fields = ("answer_text", "version", "saved_at")


class InterviewDraftSaved(serializers.Serializer):
    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField(allow_null=True)
    conflict = serializers.BooleanField()


class InterviewRevisionOutput(serializers.ModelSerializer):
    revision_id = serializers.UUIDField(source="id", read_only=True)

    class Meta:
        model = InterviewDraftRevision
        fields = (
            "revision_id",
            "id",
            "answer_text",
            "version",
            "conflict",
            "late",
            "saved_at",
        )
