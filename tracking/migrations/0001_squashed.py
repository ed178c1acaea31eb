import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("tracking", "0001_skills_logs_evidence"),
        ("tracking", "0002_import_questions_and_skills"),
        ("tracking", "0003_list_index_covers_minutes"),
        ("tracking", "0004_totals_index_walks_lists_of_a_skill"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planning", "Reading"),
                            ("planned", "Ready to apply"),
                            ("applying", "Applying"),
                            ("applied", "Applied"),
                            ("undone", "Undone"),
                            ("failed", "Refused"),
                        ],
                        max_length=10,
                    ),
                ),
                ("filename", models.CharField(blank=True, default="", max_length=255)),
                ("upload", models.BinaryField(blank=True, null=True)),
                ("date_format", models.CharField(blank=True, default="", max_length=4)),
                ("encoding", models.CharField(blank=True, default="", max_length=20)),
                ("create_skills", models.BooleanField(default=False)),
                ("skip_errors", models.BooleanField(default=False)),
                ("apply_when_planned", models.BooleanField(default=False)),
                ("ignored_columns", models.JSONField(default=list)),
                ("total_rows", models.PositiveIntegerField(default=0)),
                ("done_rows", models.PositiveIntegerField(default=0)),
                ("create_count", models.PositiveIntegerField(default=0)),
                ("same_count", models.PositiveIntegerField(default=0)),
                ("error_count", models.PositiveIntegerField(default=0)),
                ("failure", models.CharField(blank=True, default="", max_length=500)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="import_plans",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asks_date_format", models.BooleanField(default=False)),
                ("created_skills", models.JSONField(default=list)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["planning", "applying"])),
                        fields=["created_at"],
                        name="import_waiting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MailSent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("reminder", "Reminder"), ("summary", "Weekly summary")],
                        max_length=8,
                    ),
                ),
                ("about", models.DateField()),
                ("created_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tracking_mails",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "mails sent",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "kind", "about"), name="one_mail_per_kind_and_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("name_key", models.CharField(editable=False, max_length=200)),
                ("created_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="skills",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-id"], name="skill_user_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "name_key"), name="one_skill_per_name"),
                    models.CheckConstraint(
                        condition=models.Q(("name_key", ""), _negated=True), name="skill_has_a_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StreakPause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start_date", models.DateField()),
                ("end_date", models.DateField(blank=True, null=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("illness", "Illness"),
                            ("holiday", "Holiday"),
                            ("other", "Something else"),
                        ],
                        default="other",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="streak_pauses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end_date__isnull", True),
                            ("end_date__gte", models.F("start_date")),
                            _connector="OR",
                        ),
                        name="pause_ends_after_it_starts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Trash",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("skill", "Skill"),
                            ("practice_log", "Practice log"),
                            ("evidence", "Evidence"),
                        ],
                        max_length=12,
                    ),
                ),
                ("object_id", models.BigIntegerField()),
                ("rows", models.JSONField()),
                ("deleted_at", models.DateTimeField(db_index=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tracking_trash",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "trash",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "object_id"), name="deleted_once_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("create", "Create"),
                            ("same", "Already there"),
                            ("error", "Cannot be read"),
                        ],
                        max_length=6,
                    ),
                ),
                ("skill_name", models.TextField(blank=True, default="")),
                ("skill_key", models.TextField(blank=True, default="")),
                ("date_practiced", models.DateField(null=True)),
                ("duration_minutes", models.PositiveSmallIntegerField(null=True)),
                ("description", models.TextField(blank=True, default="")),
                ("difficulty_rating", models.PositiveSmallIntegerField(null=True)),
                ("confidence_rating", models.PositiveSmallIntegerField(null=True)),
                ("lacks_skill", models.BooleanField(default=False)),
                ("errors", models.JSONField(default=list)),
                (
                    "plan",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="tracking.importplan",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["plan", "action", "number"], name="import_row_action")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="one_row_per_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="PracticeLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date_practiced", models.DateField()),
                ("zone", models.CharField(max_length=64)),
                ("duration_minutes", models.PositiveSmallIntegerField()),
                ("description", models.CharField(max_length=500)),
                ("difficulty_rating", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("confidence_rating", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("source_kind", models.CharField(blank=True, default="", max_length=32)),
                ("source_id", models.CharField(blank=True, default="", max_length=64)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "import_plan",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="logs",
                        to="tracking.importplan",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="practice_logs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="logs",
                        to="tracking.skill",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["skill", "-date_practiced", "-id"], name="log_skill_newest"
                    ),
                    models.Index(
                        condition=models.Q(("import_plan__isnull", False)),
                        fields=["import_plan"],
                        name="log_of_import",
                    ),
                    models.Index(
                        fields=["user", "-date_practiced", "-id"],
                        include=("duration_minutes",),
                        name="log_user_newest",
                    ),
                    models.Index(
                        fields=["user", "skill", "-date_practiced", "-id"],
                        include=("duration_minutes",),
                        name="log_totals_covering",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("duration_minutes__range", (1, 1440))),
                        name="duration_is_within_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("difficulty_rating__isnull", True),
                            ("difficulty_rating__range", (1, 5)),
                            _connector="OR",
                        ),
                        name="difficulty_rating_is_1_to_5",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confidence_rating__isnull", True),
                            ("confidence_rating__range", (1, 5)),
                            _connector="OR",
                        ),
                        name="confidence_rating_is_1_to_5",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_kind", ""), _negated=True),
                        fields=("source_kind", "source_id"),
                        name="one_log_per_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "evidence_type",
                    models.CharField(
                        choices=[("link", "Link"), ("note", "Note"), ("screenshot", "Screenshot")],
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(blank=True, default="", max_length=200)),
                ("content", models.TextField(blank=True, default="")),
                ("filename", models.CharField(blank=True, default="", max_length=255)),
                ("size_bytes", models.PositiveBigIntegerField(blank=True, null=True)),
                ("uploaded_at", models.DateTimeField(blank=True, null=True)),
                ("storage_url", models.CharField(blank=True, default="", max_length=2000)),
                ("created_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "log",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="tracking.practicelog",
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="tracking.skill",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "evidence",
                "indexes": [
                    models.Index(fields=["user", "id"], name="evidence_user_oldest"),
                    models.Index(fields=["skill", "id"], name="evidence_skill_oldest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("evidence_type", "screenshot"),
                                models.Q(("filename", ""), _negated=True),
                            ),
                            models.Q(
                                ("evidence_type__in", ["link", "note"]),
                                models.Q(("content", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="evidence_has_its_content",
                    )
                ],
            },
        ),
    ]
