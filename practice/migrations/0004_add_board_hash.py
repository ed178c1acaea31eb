from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0003_spell_practicing"),
    ]

    operations = [
        migrations.AddField(
            model_name=model,
            name="board_hash",
            field=models.CharField(blank=True, default="", max_length=64),
        )
        for model in ("submission", "submissionhistory")
    ]
