"""The only reader of the environment: `.env` beside manage.py first, then real variables win."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


class Environment(environ.Env):
    """Numbers that are none stop the start with a sentence that names them."""

    def int(self, var: str, default: Any = environ.Env.NOTSET) -> Any:
        return self._number(super().int, var, default)

    def float(self, var: str, default: Any = environ.Env.NOTSET) -> Any:
        return self._number(super().float, var, default)

    def _number(self, read: Any, var: str, default: Any) -> Any:
        try:
            return read(var, default)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} must be a number: {error}.") from error


env = Environment()
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
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
