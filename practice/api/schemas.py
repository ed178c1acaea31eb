"""The shapes of the answers, for the OpenAPI document; `outputs` builds the values."""

from __future__ import annotations

from rest_framework import serializers


class SetSchema(serializers.Serializer):
    question_main_id = serializers.IntegerField()
    id = serializers.IntegerField()
    slug = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    category = serializers.CharField()
    difficulty = serializers.CharField()
    minutes = serializers.IntegerField()
    summary = serializers.CharField()


class FrameworkStepSchema(serializers.Serializer):
    title = serializers.CharField()
    hint = serializers.CharField()


class FrameworkSchema(serializers.Serializer):
    name = serializers.CharField()
    steps = FrameworkStepSchema(many=True)


class SetQuestionSchema(serializers.Serializer):
    question_id = serializers.IntegerField()
    id = serializers.IntegerField()
    order = serializers.IntegerField()
    slug = serializers.CharField()
    title = serializers.CharField()
    prompt = serializers.CharField()
    framework = FrameworkSchema()
    sample_answer = serializers.CharField(allow_null=True)


class SetDetailSchema(SetSchema):
    sample_writeup = serializers.CharField(allow_null=True)
    questions = SetQuestionSchema(many=True)


class BankQuestionSchema(serializers.Serializer):
    question_id = serializers.IntegerField()
    id = serializers.IntegerField()
    title = serializers.CharField()
    prompt = serializers.CharField()
    category = serializers.CharField()
    difficulty = serializers.CharField()
    question_main_id = serializers.IntegerField()
    framework = FrameworkSchema()


class SessionSchema(serializers.Serializer):
    practice_main_id = serializers.IntegerField()
    id = serializers.IntegerField()
    user_id = serializers.IntegerField()
    question_main_id = serializers.IntegerField()
    status = serializers.CharField()
    started_at = serializers.DateTimeField()
    completed_at = serializers.DateTimeField(allow_null=True)


class DotSchema(serializers.Serializer):
    question_id = serializers.IntegerField()
    order = serializers.IntegerField()
    title = serializers.CharField()
    has_submission = serializers.BooleanField()
    score = serializers.FloatField(allow_null=True)


class SessionDetailSchema(SessionSchema):
    progress = DotSchema(many=True)
    first_incomplete_question_id = serializers.IntegerField(allow_null=True)


class DraftSchema(serializers.Serializer):
    question_id = serializers.IntegerField()
    answer_text = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField(allow_null=True)


class SavedSchema(serializers.Serializer):
    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    conflict = serializers.BooleanField()


class RevisionSchema(serializers.Serializer):
    revision_id = serializers.UUIDField()
    id = serializers.UUIDField()
    answer_text = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    conflict = serializers.BooleanField()
    late = serializers.BooleanField()
    saved_at = serializers.DateTimeField()


class SavedDraftSchema(SavedSchema):
    replaced = RevisionSchema(allow_null=True)


class BoardSchema(serializers.Serializer):
    scene = serializers.DictField(allow_null=True)
    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField(allow_null=True)


class BoardRevisionSchema(serializers.Serializer):
    revision_id = serializers.UUIDField()
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    conflict = serializers.BooleanField()
    late = serializers.BooleanField()
    saved_at = serializers.DateTimeField()


class BoardRevisionSceneSchema(BoardRevisionSchema):
    scene = serializers.DictField()


class SavedBoardSchema(SavedSchema):
    replaced = BoardRevisionSchema(allow_null=True)


class EvaluationBriefSchema(serializers.Serializer):
    evaluation_id = serializers.IntegerField()
    status = serializers.CharField()
    provider = serializers.CharField()
    band = serializers.CharField(allow_null=True)
    overall_score = serializers.FloatField(allow_null=True)


class SubmissionSchema(serializers.Serializer):
    submission_id = serializers.IntegerField()
    id = serializers.IntegerField()
    question_id = serializers.IntegerField()
    number = serializers.IntegerField()
    answer_text = serializers.CharField()
    diagram = serializers.DictField(allow_null=True)
    submitted_at = serializers.DateTimeField()
    evaluation = EvaluationBriefSchema(allow_null=True)


class ReviewSchema(SessionSchema):
    question_main = SetSchema()
    summary = serializers.DictField()
    questions = serializers.ListField(child=serializers.DictField())
    sample_writeup = serializers.CharField(allow_null=True)


class HistorySchema(SessionSchema):
    title = serializers.CharField()
    category = serializers.CharField()
    difficulty = serializers.CharField()
    questions = serializers.IntegerField()
    answered = serializers.IntegerField()
    unscored = serializers.IntegerField()
    average_score = serializers.FloatField(allow_null=True)
    active_seconds = serializers.IntegerField()
