from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_app", "0008_add_runs_and_judging"),
    ]

    operations = [
        migrations.AddField(
            model_name="codingquestion",
            name="loaded_hash",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="codingquestion",
            name="source",
            field=models.CharField(blank=True, default="", editable=False, max_length=300),
        ),
    ]
