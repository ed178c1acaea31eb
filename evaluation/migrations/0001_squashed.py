import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("evaluation", "0001_evaluations"), ("evaluation", "0002_settle_calls")]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClaudeSwitch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("off", models.BooleanField(default=False)),
                (
                    "note",
                    models.CharField(blank=True, help_text="Shown to learners.", max_length=300),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "Claude switch",
                "verbose_name_plural": "Claude switch",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="claude_switch_single_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("succeeded", "Succeeded"),
                            ("withheld", "Withheld"),
                            ("refused", "Refused"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=12,
                    ),
                ),
                (
                    "provider",
                    models.CharField(
                        choices=[("local", "Local rubric check"), ("claude", "Claude")],
                        default="local",
                        max_length=12,
                    ),
                ),
                ("question_key", models.CharField(max_length=32)),
                ("input", models.JSONField()),
                ("band", models.CharField(blank=True, max_length=10)),
                ("overall_score", models.FloatField(blank=True, null=True)),
                ("framework_score", models.FloatField(blank=True, null=True)),
                ("structure_score", models.FloatField(blank=True, null=True)),
                ("completeness_score", models.FloatField(blank=True, null=True)),
                ("strengths", models.JSONField(blank=True, default=list)),
                ("improvements", models.JSONField(blank=True, default=list)),
                ("suggested_framework", models.TextField(blank=True)),
                ("example_point", models.TextField(blank=True)),
                ("key_points", models.JSONField(blank=True, default=list)),
                ("observations", models.JSONField(blank=True, default=list)),
                ("board_notes", models.JSONField(blank=True, default=list)),
                ("withheld_reason", models.CharField(blank=True, max_length=40)),
                ("statement", models.TextField(blank=True)),
                ("error_code", models.CharField(blank=True, max_length=40)),
                ("error", models.TextField(blank=True)),
                ("estimate", models.FloatField(blank=True, null=True)),
                ("injection_suspected", models.BooleanField(default=False)),
                ("model", models.CharField(blank=True, max_length=80)),
                ("prompt_id", models.CharField(blank=True, max_length=60)),
                ("prompt_hash", models.CharField(blank=True, max_length=64)),
                ("request_id", models.CharField(blank=True, max_length=120)),
                ("raw_reply", models.TextField(blank=True)),
                ("input_tokens", models.PositiveIntegerField(default=0)),
                ("output_tokens", models.PositiveIntegerField(default=0)),
                ("cost_usd", models.DecimalField(decimal_places=6, default=0, max_digits=12)),
                ("latency_ms", models.PositiveIntegerField(blank=True, null=True)),
                ("former_verdicts", models.JSONField(blank=True, default=list)),
                ("stage", models.CharField(blank=True, max_length=12)),
                (
                    "hold",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Nothing"),
                            ("switched_off", "Claude is switched off"),
                            ("budget_user", "The learner's daily budget is spent"),
                            ("budget_month", "The month's budget is spent"),
                            ("breaker_open", "Claude keeps failing, calls pause"),
                            ("retry", "The last try failed"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(blank=True, null=True)),
                ("claim", models.UUIDField(blank=True, null=True)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evaluations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["queued", "running"])),
                        fields=["status", "next_try_at"],
                        name="evaluation_open",
                    ),
                    models.Index(
                        fields=["owner", "question_key", "-id"], name="evaluation_same_question"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "succeeded"),
                            models.Q(
                                ("band", ""),
                                ("completeness_score__isnull", True),
                                ("framework_score__isnull", True),
                                ("overall_score__isnull", True),
                                ("structure_score__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="evaluation_numbers_only_when_succeeded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("overall_score__isnull", True),
                            models.Q(("overall_score__gte", 0), ("overall_score__lte", 10)),
                            _connector="OR",
                        ),
                        name="evaluation_overall_score_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("framework_score__isnull", True),
                            models.Q(("framework_score__gte", 0), ("framework_score__lte", 10)),
                            _connector="OR",
                        ),
                        name="evaluation_framework_score_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("structure_score__isnull", True),
                            models.Q(("structure_score__gte", 0), ("structure_score__lte", 10)),
                            _connector="OR",
                        ),
                        name="evaluation_structure_score_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("completeness_score__isnull", True),
                            models.Q(
                                ("completeness_score__gte", 0), ("completeness_score__lte", 10)
                            ),
                            _connector="OR",
                        ),
                        name="evaluation_completeness_score_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "running"), _negated=True),
                            models.Q(("claim__isnull", False), ("claimed_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="evaluation_running_is_claimed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ModelCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("model", models.CharField(max_length=80)),
                ("outcome", models.CharField(default="open", max_length=40)),
                ("request_id", models.CharField(blank=True, max_length=120)),
                ("input_tokens", models.PositiveIntegerField(default=0)),
                ("output_tokens", models.PositiveIntegerField(default=0)),
                ("cache_write_tokens", models.PositiveIntegerField(default=0)),
                ("cache_read_tokens", models.PositiveIntegerField(default=0)),
                ("cost_usd", models.DecimalField(decimal_places=6, max_digits=12)),
                ("latency_ms", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "evaluation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="calls",
                        to="evaluation.evaluation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, db_index=True, null=True)),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["owner", "at"], name="modelcall_owner_at")],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("point_title", models.CharField(max_length=300)),
                ("level", models.CharField(max_length=10)),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("created_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objections",
                        to="evaluation.evaluation",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("evaluation", "point_title"), name="objection_once_a_point"
                    )
                ],
            },
        ),
    ]
