"""What clients may send: shape and limits. The sentences come from `tracking.rules`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from rest_framework import serializers
from rest_framework.request import Request

from common.http.fields import MomentField, RawCharField, RowIdField, StrictIntegerField
from tracking import rules
from tracking.models import Evidence, PracticeLog, Skill
from tracking.sheets.answers import QUESTIONS, Answers

ANSWERS = (*QUESTIONS, "columns")
FOREVER_FIXED = ("skill_id", "user_id", "created_at")


class Obeys:
    """A field validator that asks one of the rules."""

    def __init__(self, rule: Callable[[Any], str | None]) -> None:
        self.rule = rule

    def __call__(self, value: Any) -> None:
        if wrong := self.rule(value):
            raise serializers.ValidationError(wrong)


class OwnRow(serializers.IntegerField):
    """An id of one of the caller's own rows; anything else is 400 (CONTRACT, Everywhere)."""

    def __init__(self, model: Any, **kwargs: Any) -> None:
        self.model = model
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        pk = super().to_internal_value(data)
        row = self.model.objects.visible_to(self.context["user"]).filter(pk=pk).first()
        if row is None:
            raise serializers.ValidationError("There is no such row of yours.")
        return row

    def to_representation(self, value: Any) -> Any:
        return getattr(value, "pk", value)


def _minutes() -> StrictIntegerField:
    return StrictIntegerField(validators=[Obeys(rules.wrong_minutes)])


def _rating() -> StrictIntegerField:
    return StrictIntegerField(
        required=False, allow_null=True, validators=[Obeys(rules.wrong_rating)]
    )


class FlagField(serializers.BooleanField):
    """A boolean of a form or a query string; empty is the default."""

    default_error_messages = {"invalid": "Must be true or false."}

    def run_validation(self, data: Any = serializers.empty) -> Any:
        empty = data is None or data == ""
        return super().run_validation(serializers.empty if empty else data)


class WordField(serializers.CharField):
    """An option in lower case; "" when it is not given."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default="", allow_blank=True, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).lower()


class TrimmedField(RawCharField):
    """Trimmed first, then counted: a description of blanks is too short."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_blank=True, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).strip()

    def run_validation(self, data: Any = serializers.empty) -> Any:
        # CharField would refuse blanks with its own sentence before trimming; the rule has a better
        # one.
        return serializers.Field.run_validation(self, data)


class SkillInput(serializers.Serializer):
    name = RawCharField(validators=[Obeys(rules.wrong_name)])


class SkillChanges(serializers.Serializer):
    name = RawCharField(required=False, validators=[Obeys(rules.wrong_name)])


class LogFacts(serializers.Serializer):
    date_practiced = serializers.DateField()
    duration_minutes = _minutes()
    description = TrimmedField(validators=[Obeys(rules.wrong_description)])
    difficulty_rating = _rating()
    confidence_rating = _rating()


class LogInput(LogFacts):
    skill_id = OwnRow(Skill, source="skill")


class LogChanges(LogFacts):
    """PATCH: the fields that may change; sending a fixed one is an error."""

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        sent = self.initial_data if isinstance(self.initial_data, dict) else {}
        fixed = {name: ["This cannot be changed."] for name in FOREVER_FIXED if name in sent}
        if fixed:
            raise serializers.ValidationError(fixed)
        return data


class QuickLogInput(serializers.Serializer):
    skill_id = OwnRow(Skill, source="skill")
    duration_minutes = _minutes()
    description = TrimmedField(required=False, allow_null=True, default="")

    def validate_description(self, value: str | None) -> str:
        if value and (wrong := rules.wrong_description(value)):
            raise serializers.ValidationError(wrong)
        return value or ""


class ScreenshotInput(serializers.Serializer):
    filename = RawCharField(max_length=255)
    size_bytes = StrictIntegerField(
        required=False, allow_null=True, min_value=0, max_value=2**63 - 1
    )
    uploaded_at = MomentField(required=False, allow_null=True)
    storage_url = RawCharField(required=False, allow_null=True, allow_blank=True, max_length=2000)


class EvidenceInput(serializers.Serializer):
    practice_log_id = OwnRow(PracticeLog, source="log", required=False, allow_null=True)
    skill_id = OwnRow(Skill, source="skill", required=False, allow_null=True)
    evidence_type = serializers.ChoiceField(Evidence.Type.choices)
    title = RawCharField(required=False, allow_blank=True, max_length=200)
    content = RawCharField(required=False, allow_blank=True, allow_null=True)
    metadata = ScreenshotInput(required=False, allow_null=True)

    def validate_content(self, value: str | None) -> str:
        return value or ""


class Period(serializers.Serializer):
    date_from = serializers.DateField(required=False)
    date_to = serializers.DateField(required=False)


class LogFilters(Period):
    skill_id = RowIdField(required=False)


class EvidenceFilters(serializers.Serializer):
    skill_id = RowIdField(required=False)
    practice_log_id = RowIdField(required=False)


class Cascade(serializers.Serializer):
    cascade = FlagField(default=False, help_text="Delete its logs as well.")


class ExportFormat(serializers.Serializer):
    format = serializers.CharField(default="json")

    def validate_format(self, value: str) -> str:
        if value.lower() not in {"csv", "json", "xlsx"}:
            raise serializers.ValidationError("Must be csv, xlsx or json.")
        return value.lower()


class ColumnsField(serializers.DictField):
    """An object, or its JSON as a form or an address carries it."""

    child = serializers.CharField(allow_blank=True, max_length=1000)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if isinstance(data, str):
            try:
                data = orjson.loads(data)
            except orjson.JSONDecodeError:
                self.fail("not_a_dict", input_type="text")
        return super().to_internal_value(data)


class ApplyInput(serializers.Serializer):
    skip_errors = FlagField(default=False)
    create_skills = FlagField(
        default=None, allow_null=True, help_text="Replaces what was said with the file."
    )


class AnswersInput(serializers.Serializer):
    """What a file leaves open: the parameters of the plan's `questions`, and `columns`."""

    date_format = WordField(help_text="dmy or mdy: what 03/04/2026 is.")
    number_format = WordField(help_text="point or comma: which is the decimal sign in 1.000.")
    clock_format = WordField(help_text="hm or ms: what 1:30 is.")
    duration_unit = WordField(help_text="minutes, hours or seconds: of numbers without a unit.")
    minutes_each = WordField(help_text="1 to 1440: how long a check mark of a habit counts.")
    skill = RawCharField(
        default="", allow_blank=True, max_length=1000, help_text="The skill of rows that name none."
    )
    columns = ColumnsField(
        default=dict,
        help_text='Column of ours to title of the file, as JSON: {"skill": "Project"}. '
        '"" leaves a column out.',
    )


class ImportInput(AnswersInput):
    skip_errors = FlagField(default=False)
    create_skills = FlagField(
        default=True, help_text="Without it a row of an unknown skill is an error."
    )
    file = serializers.FileField(
        allow_empty_file=True,
        error_messages=dict.fromkeys(
            ("required", "invalid"), "Send the file as multipart field “file”."
        ),
    )
    dry_run = FlagField(default=True)
    encoding = WordField()

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        values = super().to_internal_value(data)
        values["answers"] = Answers(**{name: values.pop(name) for name in ANSWERS})
        return values


def query_of(request: Request) -> dict[str, Any]:
    """The query parameters; an empty one counts as missing."""
    return {name: value for name, value in request.query_params.items() if value != ""}


def options_of(request: Request) -> dict[str, Any]:
    """The body, completed by the query parameters."""
    body = request.data if hasattr(request.data, "items") else {}
    return {**query_of(request), **dict(body.items())}
