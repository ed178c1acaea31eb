from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0007_add_follow_ups"),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="loaded_hash",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="question",
            name="source",
            field=models.CharField(blank=True, default="", editable=False, max_length=300),
        ),
        migrations.AddField(
            model_name="questionmain",
            name="loaded_hash",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="questionmain",
            name="source",
            field=models.CharField(blank=True, default="", editable=False, max_length=300),
        ),
    ]
