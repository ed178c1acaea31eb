from django.db import migrations


class Migration(migrations.Migration):
    """The table keeps its name, so the database does nothing."""

    dependencies = [("sessions_app", "0002_add_answers_version")]

    operations = [migrations.RenameModel("ServerPulse", "ServerHeartbeat")]
