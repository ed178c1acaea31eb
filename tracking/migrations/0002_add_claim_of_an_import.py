from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracking", "0001_squashed")]

    operations = [
        migrations.RenameField("importplan", "failure", "error"),
        migrations.AlterField("importplan", "error", models.TextField(blank=True)),
        migrations.AddField("importplan", "claim", models.UUIDField(blank=True, null=True)),
        migrations.AddField(
            "importplan", "next_try_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField("importplan", "tries", models.PositiveSmallIntegerField(default=0)),
    ]
