from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models


def evaluation(name: str, help_text: str) -> migrations.AddField:
    return migrations.AddField(
        model_name="attempt",
        name=f"{name}_evaluation",
        field=models.OneToOneField(
            blank=True,
            help_text=help_text,
            null=True,
            on_delete=django.db.models.deletion.SET_NULL,
            related_name={"whole": "interview_dialogue", "first": "interview_first_answer"}[name],
            to="evaluation.evaluation",
        ),
    )


STORED = models.PositiveIntegerField(
    default=0, help_text="What its content takes of its owner's quota."
)


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0004_add_marks_and_wordings"),
        ("sessions_app", "0013_add_growth_and_similarity"),
    ]

    operations = [
        migrations.AddField(
            model_name="practicesession",
            name="asks_back",
            field=models.BooleanField(
                default=False,
                help_text="After an answer the interviewer asks up to three questions back.",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="dialogue_ended_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When the last question back was answered, or declined.",
                null=True,
            ),
        ),
        evaluation(
            "whole",
            "Of the answer with the replies; once it has succeeded, it is the evaluation.",
        ),
        evaluation("first", "Of the answer alone, where that of the whole has replaced it."),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stored_bytes", STORED.clone()),
                ("version", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("question_text", models.TextField()),
                ("answer_text", models.TextField(blank=True, default="")),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_ups",
                        to="sessions_app.attempt",
                    ),
                ),
            ],
            options={
                "db_table": "interview_follow_ups",
                "ordering": ("attempt", "number"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=["attempt", "number"], name="one_follow_up_a_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUpRevision",
            fields=[
                ("stored_bytes", STORED.clone()),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("conflict", models.BooleanField(default=False)),
                ("late", models.BooleanField(default=False)),
                ("saved_at", models.DateTimeField()),
                (
                    "digest",
                    models.CharField(blank=True, default="", editable=False, max_length=64),
                ),
                ("answer_text", models.TextField(blank=True)),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="sessions_app.followup",
                    ),
                ),
            ],
            options={
                "db_table": "interview_follow_up_revisions",
                "indexes": [
                    models.Index(fields=["follow_up", "-saved_at"], name="idx_follow_up_revisions")
                ],
            },
        ),
    ]
