from django.db import migrations

import accounts.models.users


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_add_names_with_vowel_signs"),
    ]

    operations = [
        migrations.AlterModelManagers(
            name="user",
            managers=[
                ("objects", accounts.models.users.PeopleManager()),
            ],
        ),
    ]
