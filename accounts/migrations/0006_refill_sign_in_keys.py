"""Small capitals and the palochka are read as the ASCII letters they look like: keys follow."""

import logging

from django.db import migrations

from accounts.names import key_of

logger = logging.getLogger(__name__)


def refill(apps, schema_editor):
    people = apps.get_model("accounts", "User").objects.using(schema_editor.connection.alias)
    for person in people.order_by("pk").iterator(1000):
        for column, text in (("name_key", person.username), ("email_key", person.email)):
            key, stored = key_of(text), getattr(person, column)
            # A key of its own (~) stays, and whoever has none gets none.
            if not stored or stored.startswith("~") or key == stored:
                continue
            if people.filter(**{column: key}).exclude(pk=person.pk).exists():
                logger.warning(
                    "account %s: %r looks like the name or address of another account. It signs in"
                    " by these exact words; give it another in the console.",
                    person.pk,
                    text,
                )
                key = f"~{person.pk}"
            # Not save: the historical field would compute the keys anew.
            people.filter(pk=person.pk).update(**{column: key})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_add_storage_use")]
    operations = [migrations.RunPython(refill, migrations.RunPython.noop)]
