from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0002_add_scoring_version")]

    operations = [
        migrations.AddField(
            model_name="evaluation",
            name="follow_ups",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="The model's own; the local check asks the rubric's.",
            ),
        ),
        migrations.AlterField(
            model_name="evaluation",
            name="provider",
            field=models.CharField(
                choices=[
                    ("local", "Local rubric check"),
                    ("claude", "Claude"),
                    ("own_model", "Own model"),
                ],
                default="local",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="evaluation",
            name="hold",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Nothing"),
                    ("switched_off", "The model is switched off"),
                    ("budget_user", "The learner's daily budget is spent"),
                    ("budget_month", "The month's budget is spent"),
                    ("breaker_open", "The model keeps failing, calls pause"),
                    ("retry", "The last try failed"),
                ],
                default="",
                max_length=16,
            ),
        ),
    ]
