import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def leave_room(apps, schema_editor):
    """Beats rewrite their row in place (HOT) only when its page has room for the next version."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE test_session_beat SET (fillfactor = 50)")


class Migration(migrations.Migration):
    replaces = [
        ("sessions_app", "0001_proctoring"),
        ("sessions_app", "0002_room_for_beats"),
        ("sessions_app", "0003_interviews"),
        ("sessions_app", "0004_order_events_by_id"),
        ("sessions_app", "0005_find_due_by_deadline"),
        ("sessions_app", "0006_read_active_tests_from_the_index"),
        ("sessions_app", "0007_name_the_sources_of_pulses"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("evaluation", "0001_squashed"),
        ("practice", "0001_practice"),
    ]

    operations = [
        migrations.CreateModel(
            name="Outage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField(unique=True)),
                ("ended_at", models.DateTimeField()),
                ("sessions", models.PositiveIntegerField(default=0)),
            ],
            options={
                "db_table": "test_server_outage",
                "ordering": ("-started_at",),
            },
        ),
        migrations.CreateModel(
            name="ServerPulse",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Sweep"), (2, "Web")], primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "test_server_pulse",
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=120, unique=True)),
                (
                    "introduction",
                    models.TextField(blank=True, help_text="Markdown, shown before the start."),
                ),
                (
                    "duration_minutes",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(480),
                        ],
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "db_table": "assessment",
                "ordering": ("title",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("duration_minutes__gte", 1), ("duration_minutes__lte", 480)
                        ),
                        name="assessment_duration",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CodingQuestion",
            fields=[
                (
                    "uuid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("question", models.TextField(help_text="Markdown, shown to the candidate.")),
                ("sample_test_cases", models.JSONField(blank=True, default=list)),
                (
                    "test_cases",
                    models.JSONField(blank=True, default=list, help_text="Hidden from candidates."),
                ),
                ("boiler_plate", models.JSONField(blank=True, default=dict)),
                (
                    "difficulty",
                    models.CharField(
                        choices=[("easy", "Easy"), ("medium", "Medium"), ("hard", "Hard")],
                        max_length=10,
                    ),
                ),
                ("tags", models.JSONField(blank=True, default=list)),
                (
                    "solution",
                    models.TextField(blank=True, help_text="Reference solution in Python."),
                ),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "db_table": "coding_question_bank",
                "ordering": ("difficulty", "title"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("difficulty__in", ["easy", "medium", "hard"])),
                        name="coding_question_difficulty",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PracticeSession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "category_filter",
                    models.CharField(blank=True, db_index=True, max_length=50, null=True),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("standard", "Standard"),
                            ("timed", "Timed"),
                            ("rapid_fire", "Rapid fire"),
                            ("mock", "Mock interview"),
                        ],
                        default="standard",
                        max_length=20,
                    ),
                ),
                ("timer_minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("started_at", models.DateTimeField(db_index=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("questions_count", models.PositiveIntegerField(default=0)),
                ("avg_score", models.FloatField(blank=True, null=True)),
                (
                    "deadline",
                    models.DateTimeField(
                        blank=True,
                        help_text="Start plus timer; answers after it are kept, marked late.",
                        null=True,
                    ),
                ),
                (
                    "last_activity_at",
                    models.DateTimeField(help_text="Last attempt, draft save or page beat."),
                ),
                (
                    "ended_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Still open"),
                            ("learner", "The learner"),
                            ("sweep", "Left open, ended by the clock"),
                            ("staff", "Staff"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "plan",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Question ids of a mock interview, in order.",
                    ),
                ),
                (
                    "skipped",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Question ids the learner put off in this session.",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interview_sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "interview session",
                "db_table": "practice_sessions",
                "indexes": [
                    models.Index(
                        fields=["user", "-started_at", "-id"], name="idx_interview_newest"
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["last_activity_at"],
                        name="idx_interview_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mode__in", ["standard", "timed", "rapid_fire", "mock"])
                        ),
                        name="interview_mode_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("timer_minutes__isnull", True),
                            models.Q(("timer_minutes__gte", 1), ("timer_minutes__lte", 60)),
                            _connector="OR",
                        ),
                        name="interview_timer_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mode", "timed"), _negated=True),
                            ("timer_minutes__isnull", False),
                            _connector="OR",
                        ),
                        name="interview_timed_has_timer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deadline__isnull", True), ("timer_minutes__isnull", True)),
                            models.Q(("deadline__isnull", False), ("timer_minutes__isnull", False)),
                            _connector="OR",
                        ),
                        name="interview_deadline_with_timer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("email", models.EmailField(max_length=254)),
                (
                    "extra_minutes",
                    models.PositiveSmallIntegerField(
                        default=0, validators=[django.core.validators.MaxValueValidator(480)]
                    ),
                ),
                ("token_version", models.PositiveIntegerField(default=1, editable=False)),
                ("invited_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="candidates",
                        to="sessions_app.assessment",
                    ),
                ),
            ],
            options={
                "db_table": "candidate",
                "ordering": ("-created_at", "-id"),
                "indexes": [models.Index(fields=["-created_at", "-id"], name="candidate_newest")],
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60)),
                ("title", models.CharField(max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=1)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="sessions_app.assessment",
                    ),
                ),
            ],
            options={
                "db_table": "assessment_section",
                "ordering": ("position", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "key"), name="section_key_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="InterviewDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("answer_text", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.question",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="sessions_app.practicesession",
                    ),
                ),
            ],
            options={
                "db_table": "interview_drafts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "question"), name="one_interview_draft"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("answer_text", models.TextField()),
                ("time_spent_sec", models.PositiveIntegerField(blank=True, null=True)),
                ("overall_score", models.FloatField(blank=True, null=True)),
                ("framework_score", models.FloatField(blank=True, null=True)),
                ("structure_score", models.FloatField(blank=True, null=True)),
                ("completeness_score", models.FloatField(blank=True, null=True)),
                ("strengths", models.TextField(blank=True, default="")),
                ("improvements", models.TextField(blank=True, default="")),
                ("suggested_framework", models.CharField(blank=True, default="", max_length=100)),
                ("example_point", models.TextField(blank=True, default="")),
                ("raw_eval_json", models.TextField(blank=True, default="")),
                ("created_at", models.DateTimeField(db_index=True)),
                (
                    "late_by_sec",
                    models.PositiveIntegerField(default=0, help_text="Seconds after the deadline."),
                ),
                ("self_rating", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "question_title",
                    models.CharField(help_text="The wording that was answered.", max_length=120),
                ),
                ("question_prompt", models.TextField()),
                (
                    "unscored",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "An evaluation was asked for"),
                            ("limit", "The day's feedback was used up"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "evaluation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="interview_attempt",
                        to="evaluation.evaluation",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interview_attempts",
                        to="practice.question",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="sessions_app.practicesession",
                    ),
                ),
            ],
            options={
                "verbose_name": "interview attempt",
                "db_table": "practice_attempts",
                "indexes": [
                    models.Index(fields=["session", "created_at"], name="idx_session_created"),
                    models.Index(fields=["question", "overall_score"], name="idx_question_score"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("self_rating__isnull", True),
                            models.Q(("self_rating__gte", 1), ("self_rating__lte", 5)),
                            _connector="OR",
                        ),
                        name="interview_self_rating_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("overall_score__isnull", True),
                            models.Q(("overall_score__gte", 0), ("overall_score__lte", 10)),
                            _connector="OR",
                        ),
                        name="interview_overall_score_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("framework_score__isnull", True),
                            models.Q(("framework_score__gte", 0), ("framework_score__lte", 10)),
                            _connector="OR",
                        ),
                        name="interview_framework_score_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("structure_score__isnull", True),
                            models.Q(("structure_score__gte", 0), ("structure_score__lte", 10)),
                            _connector="OR",
                        ),
                        name="interview_structure_score_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("completeness_score__isnull", True),
                            models.Q(
                                ("completeness_score__gte", 0), ("completeness_score__lte", 10)
                            ),
                            _connector="OR",
                        ),
                        name="interview_completeness_score_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProctoredSession",
            fields=[
                (
                    "candidate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="session",
                        serialize=False,
                        to="sessions_app.candidate",
                    ),
                ),
                ("test_start_time", models.DateTimeField()),
                ("test_duration_minutes", models.PositiveSmallIntegerField(default=60)),
                ("last_heartbeat", models.DateTimeField(blank=True, null=True)),
                ("last_activity", models.DateTimeField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("completed", "Completed"),
                            ("abandoned", "Abandoned"),
                        ],
                        default="active",
                        max_length=12,
                    ),
                ),
                (
                    "completion_method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("manual", "Handed in"),
                            ("tab_close", "Tab closed"),
                            ("timer_expired", "Time ran out"),
                            ("heartbeat_timeout", "Connection lost"),
                            ("auto", "Closed by staff or a command"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                ("sections_completed", models.JSONField(blank=True, default=list)),
                ("pending_answers", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("deadline", models.DateTimeField()),
                (
                    "next_check_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When time alone will close it; empty once it has ended.",
                        null=True,
                    ),
                ),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                ("left_tab", models.CharField(blank=True, default="", max_length=100)),
                ("left_sequence", models.BigIntegerField(blank=True, null=True)),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                ("plan", models.JSONField(blank=True, default=list)),
                ("writers", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "verbose_name": "test session",
                "db_table": "test_session",
                "ordering": ("-test_start_time", "-candidate_id"),
                "indexes": [
                    models.Index(
                        fields=["-test_start_time", "-candidate"], name="test_session_newest"
                    ),
                    models.Index(
                        condition=models.Q(("status", "abandoned")),
                        fields=["-test_start_time"],
                        name="test_session_abandoned",
                    ),
                    models.Index(
                        condition=models.Q(("status", "active")),
                        fields=["deadline", "candidate"],
                        name="test_session_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "completed", "abandoned"])),
                        name="test_session_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("completion_method__isnull", True),
                            (
                                "completion_method__in",
                                [
                                    "manual",
                                    "tab_close",
                                    "timer_expired",
                                    "heartbeat_timeout",
                                    "auto",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="test_session_method",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("completed_at__isnull", False),
                                ("completion_method__isnull", False),
                                ("status", "completed"),
                            ),
                            models.Q(
                                ("completed_at__isnull", True),
                                ("completion_method__isnull", False),
                                ("status", "abandoned"),
                            ),
                            models.Q(
                                ("completed_at__isnull", True),
                                ("completion_method__isnull", True),
                                ("status", "active"),
                            ),
                            _connector="OR",
                        ),
                        name="test_session_end_matches_status",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AssessmentQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sessions_app.codingquestion",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="sessions_app.section",
                    ),
                ),
            ],
            options={
                "db_table": "assessment_question",
                "ordering": ("position", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("section", "question"), name="section_question_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InterviewDraftRevision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("answer_text", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField()),
                ("conflict", models.BooleanField(default=False)),
                ("late", models.BooleanField(default=False)),
                ("saved_at", models.DateTimeField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="sessions_app.interviewdraft",
                    ),
                ),
            ],
            options={
                "db_table": "interview_draft_revisions",
                "indexes": [
                    models.Index(fields=["draft", "-saved_at"], name="idx_interview_revisions")
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=100)),
                ("value", models.JSONField(null=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("other_tab", "Replaced from another tab"),
                            ("out_of_sequence", "Replaced by an older save"),
                            ("unnamed", "Replaced by a save that names no tab"),
                            ("removed", "Removed"),
                            ("late", "Sent after the end"),
                        ],
                        max_length=20,
                    ),
                ),
                ("tab", models.CharField(blank=True, default="", max_length=100)),
                ("sequence", models.BigIntegerField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="sessions_app.proctoredsession",
                    ),
                ),
            ],
            options={
                "db_table": "test_session_answer_revision",
                "ordering": ("at", "id"),
                "indexes": [
                    models.Index(fields=["session", "key", "at"], name="answer_revision_line")
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionBeat",
            fields=[
                (
                    "session",
                    models.OneToOneField(
                        db_column="candidate_id",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="beat",
                        serialize=False,
                        to="sessions_app.proctoredsession",
                    ),
                ),
                ("last_heartbeat", models.DateTimeField()),
                ("last_activity", models.DateTimeField(null=True)),
                ("tab", models.CharField(default="", max_length=100)),
                ("sequence", models.BigIntegerField(null=True)),
                ("deadline", models.DateTimeField()),
            ],
            options={
                "db_table": "test_session_beat",
            },
        ),
        migrations.CreateModel(
            name="SessionEvent",
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
                            ("move", "Move"),
                            ("staff", "Staff"),
                            ("clock", "Clock"),
                            ("integrity", "Integrity"),
                        ],
                        max_length=10,
                    ),
                ),
                ("type", models.CharField(max_length=40)),
                (
                    "from_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("active", "Active"),
                            ("completed", "Completed"),
                            ("abandoned", "Abandoned"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "to_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("active", "Active"),
                            ("completed", "Completed"),
                            ("abandoned", "Abandoned"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("who", models.CharField(max_length=40)),
                ("why", models.CharField(blank=True, default="", max_length=300)),
                ("detail", models.JSONField(blank=True, default=dict)),
                (
                    "at",
                    models.DateTimeField(help_text="When it took effect, by the server's clock."),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="sessions_app.proctoredsession",
                    ),
                ),
            ],
            options={
                "db_table": "test_session_event",
                "ordering": ("id",),
                "indexes": [models.Index(fields=["session", "id"], name="test_session_event_line")],
            },
        ),
        migrations.AddField(
            model_name="section",
            name="questions",
            field=models.ManyToManyField(
                through="sessions_app.AssessmentQuestion", to="sessions_app.codingquestion"
            ),
        ),
        migrations.RunPython(leave_room, migrations.RunPython.noop),
    ]
