"""The only reader of the environment: `.env` beside manage.py first, then real variables win."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def flag(name: str, *, default: bool) -> bool:
    """Read true/false; anything else stops the start instead of silently meaning False."""
    value = env.str(name, "").strip().lower()
    if value == "":
        return default
    if value in {"true", "1", "yes", "on"}:
        return True
    if value in {"false", "0", "no", "off"}:
        return False
    from django.core.exceptions import ImproperlyConfigured

    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
