"""Real servers for the tests. `conftest.py` imports this first, before Django reads its settings.

- PostgreSQL and Valkey come up from their wheels unless DATABASE_URL / REDIS_URL name others.
- `ETUDE_TEST_DB=sqlite` runs on a SQLite file and without Redis, as a bare laptop would.
- xdist workers inherit the servers; each has its own database and its own Valkey number.
- Nothing is started just to list options or fixtures.

(`-p tests.services` among the options would be early too, but plain `pytest` cannot import it then.)
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

# What the suite must not take from the developer's own .env or shell.
FIXED = {
    "ENVIRONMENT": "development",
    "DEBUG": "false",
    "SECRET_KEY": "only-for-the-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "SITE_URL": "http://localhost",
    "TRUSTED_PROXIES": "0",
    "STATIC_FROM_SOURCE": "true",
    # Tests of the second factor turn it on.
    "MFA_REQUIRED_OF_STAFF": "false",
    "OIDC_SERVER_URL": "",
    "EVALUATION_PROVIDER": "local",
    "ANTHROPIC_API_KEY": "",
    "EMAIL_URL": "memorymail://",
    "LOG_LEVEL": "WARNING",
    "LIMIT_FREE_PRACTICE_START": "3",
    "LIMIT_FREE_INTERVIEW_START": "3",
    "LIMIT_FREE_EVALUATION": "20",
    # Playwright keeps an event loop in the main thread; the ORM would refuse to run beside it.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}
ASKS_ONLY = {"--help", "-h", "--version", "-V", "--markers", "--fixtures"}


def on_sqlite() -> bool:
    return os.environ.get("ETUDE_TEST_DB", "").lower() == "sqlite"


def prepare() -> None:
    """Set the environment that `config.settings` reads, and start what it needs."""
    os.environ.update(FIXED)
    os.environ["VAR_DIR"] = str(folder())
    (folder() / "static").mkdir(exist_ok=True)
    if on_sqlite():
        os.environ["DATABASE_URL"] = f"sqlite:///{folder()}/etude.sqlite3"
        os.environ["REDIS_URL"] = ""
    elif not ASKS_ONLY & set(sys.argv[1:]):
        start_servers()
        take_own_valkey_number()


def configure_django() -> None:
    """Read the settings now: pytest-django sets Django up if they are there when it configures."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for logger in ("etude.request", "django.request"):
        # A line per request drowns what a failing test has to say; tests may lower it again.
        settings.LOGGING["loggers"].setdefault(logger, {})["level"] = "CRITICAL"
    if os.environ.get("REDIS_URL"):
        # An xdist worker inherits the settings module and has read the settings before us.
        settings.REDIS_URL = settings.CELERY_BROKER_URL = os.environ["REDIS_URL"]
        settings.CACHES["default"]["LOCATION"] = os.environ["REDIS_URL"]
    cache = settings.CACHES["default"].get("OPTIONS", {})
    # 0.3 s is right for people who wait; on a busy test machine it would lose a throttle's count.
    cache.update({name: 10 for name in cache if name.startswith("SOCKET_")})
    if on_sqlite():
        # A file, not memory: threads and a live server share it through the file system.
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"{folder()}/tests.sqlite3"


def folder() -> Path:
    """One temporary folder for the whole run, removed by the process that made it."""
    if "ETUDE_TEST_FOLDER" not in os.environ:
        made = tempfile.mkdtemp(prefix="etude-tests-")
        os.environ["ETUDE_TEST_FOLDER"] = made
        atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(os.environ["ETUDE_TEST_FOLDER"])


def start_servers() -> None:
    kinds = {"DATABASE_URL": "postgres", "REDIS_URL": "valkey"}
    missing = [kind for variable, kind in kinds.items() if not os.environ.get(variable)]
    if not missing:
        return
    from tests.servers.keeper import Keeper

    keeper = Keeper(*missing)
    atexit.register(keeper.close)
    os.environ.update(keeper.urls)


def take_own_valkey_number() -> None:
    """gw3 uses database 4 of the shared Valkey; a run without xdist uses database 0."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    url = os.environ.get("REDIS_URL", "")
    if url and worker.startswith("gw"):
        base = url.rsplit("/", 1)[0]
        os.environ["REDIS_URL"] = f"{base}/{int(worker[2:]) + 1}"


prepare()
configure_django()
