"""Forms of the pages: shape only, limits from `tracking.rules`; services check the rules again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.errors import Conflict, Invalid, TooLarge
from common.text import LARGEST_INTEGER
from tracking import rules
from tracking.models import Evidence, PracticeLog, Skill, StreakPause
from tracking.sheets.answers import QUESTIONS
from tracking.sheets.readers import ENCODINGS

RATINGS = [("", "Not rated"), *((str(n), str(n)) for n in range(1, 6))]


@contextmanager
def refusals_on(form: forms.Form) -> Iterator[None]:
    """Shows a service's refusal at the field that it names."""
    try:
        yield
    except (Invalid, Conflict, TooLarge) as error:
        known = {name: messages for name, messages in error.fields.items() if name in form.fields}
        for name, messages in known.items():
            form.add_error(name, messages)
        if not known:
            form.add_error(None, error.message)


def obeys(rule: Callable[[Any], str | None]) -> Callable[[Any], None]:
    def validate(value: Any) -> None:
        if wrong := rule(value):
            raise ValidationError(wrong)

    return validate


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class RatingField(forms.TypedChoiceField):
    def __init__(self, label: str, help_text: str = "") -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            choices=RATINGS,
            coerce=int,
            empty_value=None,
            required=False,
        )


class SkillForm(forms.Form):
    name = forms.CharField(
        label="Name", max_length=100, strip=False, validators=[obeys(rules.wrong_name)]
    )


class LogForm(forms.Form):
    """Someone without any skill names the first one in place of choosing it."""

    skill = forms.ModelChoiceField(Skill.objects.none(), label="Skill", empty_label=None)
    skill_name = forms.CharField(
        label="Skill",
        help_text="Your first one: name what you practice, such as SQL.",
        max_length=rules.LONGEST_NAME,
        validators=[obeys(rules.wrong_name)],
    )
    date_practiced = forms.DateField(label="Date", widget=DayInput())
    duration_minutes = forms.IntegerField(
        label="Minutes", validators=[obeys(rules.wrong_minutes)], min_value=1, max_value=1440
    )
    description = forms.CharField(
        label="What did you practice?",
        help_text="10 to 500 characters.",
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 600}),
        validators=[obeys(rules.wrong_description)],
    )
    difficulty_rating = RatingField("How hard was it?", "1 easy, 5 very hard")
    confidence_rating = RatingField("How confident do you feel?", "1 not yet, 5 fully")

    def __init__(self, *args: Any, user: Any, log: PracticeLog | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if log is None:
            own = Skill.objects.visible_to(user).order_by("name_key")
            self.fields["skill"].queryset = own  # type: ignore[attr-defined]
            del self.fields["skill" if not own.exists() else "skill_name"]
        else:
            del self.fields["skill"], self.fields["skill_name"]
            self.initial = {name: getattr(log, name) for name in self.fields}


class EvidenceForm(forms.Form):
    evidence_type = forms.ChoiceField(label="Kind", choices=Evidence.Type.choices)
    log = forms.ModelChoiceField(
        PracticeLog.objects.none(),
        label="Session",
        required=False,
        empty_label="The skill in general",
    )
    title = forms.CharField(label="Title", max_length=200, required=False)
    content = forms.CharField(
        label="Link or note",
        required=False,
        strip=False,
        help_text="A link starts with https://. A note may use Markdown, up to 2,000 characters.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    filename = forms.CharField(label="File name", max_length=255, required=False)
    size_bytes = forms.IntegerField(label="Size in bytes", min_value=0, required=False)
    storage_url = forms.CharField(label="Where it is stored", max_length=2000, required=False)

    def __init__(self, *args: Any, skill: Skill, **kwargs: Any):
        super().__init__(*args, **kwargs)
        recent = PracticeLog.objects.filter(skill=skill).newest_first()
        newest = list(recent.values_list("pk", flat=True)[:50])
        field = self.fields["log"]
        field.queryset = recent.filter(pk__in=newest)  # type: ignore[attr-defined]
        field.label_from_instance = log_label  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """As `add_evidence` takes them."""
        data = dict(self.cleaned_data)
        metadata = {name: data.pop(name) for name in ("filename", "size_bytes", "storage_url")}
        is_screenshot = data["evidence_type"] == Evidence.Type.SCREENSHOT
        return {**data, "metadata": metadata if is_screenshot else None}


def log_label(log: PracticeLog) -> str:
    return f"{log.date_practiced:%-d %b %Y} · {log.description[:60]}"


class LogFilterForm(forms.Form):
    skill_id = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_INTEGER)
    date_from = forms.DateField(required=False)
    date_to = forms.DateField(required=False)

    def filters(self) -> dict[str, Any]:
        """The filters of an address; invalid ones are left out."""
        self.is_valid()
        return {k: v for k, v in self.cleaned_data.items() if v is not None}


class PauseForm(forms.Form):
    start_date = forms.DateField(label="From", widget=DayInput())
    end_date = forms.DateField(
        label="Until", required=False, widget=DayInput(), help_text="Empty: until you end it."
    )
    reason = forms.ChoiceField(label="Because of", choices=StreakPause.Reason.choices)

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["start_date"].initial = today


class GoalForm(forms.Form):
    weekly_goal_minutes = forms.IntegerField(
        label="Minutes a week", min_value=0, max_value=7 * 24 * 60, help_text="0: no goal."
    )


class ImportForm(forms.Form):
    file = forms.FileField(label="CSV, Excel (.xlsx) or WakaTime's JSON")
    encoding = forms.ChoiceField(
        label="Encoding of a CSV that is not UTF-8",
        required=False,
        choices=[("", "UTF-8"), *((name, name) for name in ENCODINGS if name != "utf-8")],
    )


def answers_in(posted: Any) -> dict[str, Any]:
    """What a form of an import's page says: answers, and columns as `column-skill` and so on."""
    said: dict[str, Any] = {name: posted[name] for name in QUESTIONS if posted.get(name)}
    columns = {
        name.removeprefix("column-"): posted[name] for name in posted if name.startswith("column-")
    }
    return {**said, "columns": columns} if columns else said
