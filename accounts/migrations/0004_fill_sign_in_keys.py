"""Each person gets the key of their name and address; of those who share one, the oldest has it."""

import logging

from django.db import migrations

from accounts.names import key_of

logger = logging.getLogger(__name__)
BATCH = 1000


def fill(apps, schema_editor):
    people = apps.get_model("accounts", "User").objects.using(schema_editor.connection.alias)
    taken = set()
    batch = []
    for person in people.order_by("pk").only("username", "email").iterator(BATCH):
        person.name_key = _own_key(person, person.username, taken, is_address=False)
        person.email_key = _own_key(person, person.email, taken, is_address=True)
        batch.append(person)
        if len(batch) == BATCH:
            _write(people, batch)
            batch = []
    _write(people, batch)


def _own_key(person, text, taken, *, is_address):
    key = key_of(text)
    if not key:
        return None
    if key in taken or ("@" in key) != is_address:
        logger.warning(
            "account %s: %r looks like the name or address of another account, or a name like an"
            " address. It signs in by these exact words; give it another in the console.",
            person.pk,
            text,
        )
        return f"~{person.pk}"
    taken.add(key)
    return key


def _write(people, batch):
    # Not bulk_update: the historical field would compute the keys anew.
    for person in batch:
        people.filter(pk=person.pk).update(name_key=person.name_key, email_key=person.email_key)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_add_sign_in_keys")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
