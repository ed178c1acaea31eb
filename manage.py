#!/usr/bin/env python
"""Django's command line for Etude."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line
    from django.db import InterfaceError, OperationalError

    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, InterfaceError) as error:
        if "--traceback" in sys.argv:
            raise
        sys.stderr.write(f"The database cannot be used: {error}\n")
        sys.stderr.write("Is DATABASE_URL right, and is it up to date (manage.py migrate)?\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
