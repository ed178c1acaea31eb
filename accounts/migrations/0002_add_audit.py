from django.db import migrations, models

# No row is ever changed; rows go only by their age, through `accounts.services.audit.forget_due`,
# which turns the setting on for its own transaction.
POSTGRESQL = """
CREATE FUNCTION accounts_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('etude.audit_retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The audit is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION accounts_audit_is_append_only();
"""
POSTGRESQL_BACK = """
DROP TRIGGER audit_is_append_only ON accounts_auditentry;
DROP FUNCTION accounts_audit_is_append_only();
"""
# SQLite knows no setting of a connection: there DELETE is refused by the model alone. A migration
# that alters this table makes it anew on SQLite, and must create the trigger again.
SQLITE = """
CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON accounts_auditentry
BEGIN SELECT RAISE(ABORT, 'The audit is append-only.'); END
"""
SQLITE_BACK = "DROP TRIGGER audit_is_append_only"


def create_trigger(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(SQLITE if is_sqlite else POSTGRESQL)


def drop_trigger(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(SQLITE_BACK if is_sqlite else POSTGRESQL_BACK)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_people_plans_usage"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("action", models.CharField(db_index=True, max_length=64)),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("person", "Person"),
                            ("candidate", "Candidate"),
                            ("nobody", "Not signed in"),
                            ("system", "Etude itself"),
                        ],
                        max_length=10,
                    ),
                ),
                ("actor_id", models.CharField(blank=True, default="", max_length=64)),
                ("actor_name", models.CharField(blank=True, default="", max_length=254)),
                ("subject_kind", models.CharField(blank=True, default="", max_length=64)),
                ("subject_id", models.CharField(blank=True, default="", max_length=64)),
                ("subject_name", models.CharField(blank=True, default="", max_length=254)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
                ("detail", models.JSONField(blank=True, default=dict)),
                ("address", models.GenericIPAddressField(blank=True, null=True)),
                ("request_id", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "verbose_name_plural": "audit entries",
                "indexes": [
                    models.Index(fields=["actor_id", "at"], name="audit_by_actor"),
                    models.Index(
                        fields=["subject_kind", "subject_id", "at"], name="audit_by_subject"
                    ),
                ],
            },
        ),
        migrations.RunPython(create_trigger, drop_trigger),
    ]
