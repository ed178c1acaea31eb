from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("diagnostics", "0001_squashed")]

    operations = [
        migrations.RenameField("repairrun", "state", "status"),
        migrations.RemoveField("repairrun", "worked_at"),
        migrations.AddField("repairrun", "claim", models.UUIDField(blank=True, null=True)),
        migrations.AddField(
            "repairrun", "claimed_until", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            "repairrun", "next_try_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField("repairrun", "tries", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            "repairrun",
            "error",
            models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]
