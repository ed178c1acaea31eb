"""The only reader of the environment: `.env` beside manage.py first, then real variables win."""

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from common.limits import Rate

BASE_DIR = Path(__file__).resolve().parent.parent
RATE = re.compile(r"([1-9]\d*)/(\d*)([smhd])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
MAIL_SCHEMES = tuple(environ.Env.EMAIL_SCHEMES)


class Environment(environ.Env):
    """A value that is no number stops the start with a sentence that names it."""

    def int(self, var: str, default: Any = environ.Env.NOTSET) -> Any:
        return self._number(super().int, var, default)

    def float(self, var: str, default: Any = environ.Env.NOTSET) -> Any:
        return self._number(super().float, var, default)

    def rates(self, var: str, default: str) -> list[Rate]:
        """`20/15m,100/d` is at most 20 in 15 minutes, and 100 in a day (s, m, h, d)."""
        text = self.str(var, default)
        found = [RATE.fullmatch(part.strip()) for part in text.split(",")]
        if not all(found):
            raise ImproperlyConfigured(f"{var} must be like {default}, not {text!r}.")
        return [Rate(int(m[1]), int(m[2] or 1) * SECONDS[m[3]]) for m in found if m]

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


def address(name: str, *, schemes: Sequence[str]) -> str:
    """A URL of a known scheme, or "". Messages never repeat it: it may contain a password."""
    value = env.str(name, "").strip()
    if value and urlsplit(value).scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must begin with {' or '.join(schemes)}, then ://")
    return value


def data_folder() -> str:
    """VAR_DIR, made when it is not there, and closed to other users of the machine."""
    folder = env.str("VAR_DIR", str(BASE_DIR / "var"))
    try:
        Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ImproperlyConfigured(
            f"VAR_DIR is {folder}, where nothing can be written: {error.strerror}."
        ) from error
    close_to_others(Path(folder))
    return folder


def close_to_others(folder: Path) -> None:
    """0700, unless it is another user's or looks like one of the system's own (/tmp, /var)."""
    found = folder.resolve()
    state = found.stat()
    is_of_the_system = len(found.parts) <= 2 or state.st_mode & stat.S_ISVTX
    if state.st_mode & 0o077 and state.st_uid == os.geteuid() and not is_of_the_system:
        found.chmod(0o700)
