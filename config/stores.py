"""Where rows and cached values are kept: SQLite and memory, or PostgreSQL and Valkey."""

from __future__ import annotations

from typing import Any

from config.env import address, env, flag

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
    "PRAGMA busy_timeout=20000; PRAGMA mmap_size=134217728; "
    "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=2000;"
)
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": SQLITE_PRAGMAS,
}
POOL = {"min_size": 2, "max_size": 8, "timeout": 5}


def databases(*, var_dir: str) -> dict[str, dict[str, Any]]:
    """The DATABASES setting: what DATABASE_URL names, else a SQLite file under `var_dir`."""
    named = address("DATABASE_URL", schemes=("postgres", "postgresql", "sqlite"))
    database: dict[str, Any] = env.db_url_config(named or f"sqlite:///{var_dir}/etude.sqlite3")
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"] = SQLITE_OPTIONS
        return {"default": database}
    database["ENGINE"] = "common.postgresql"
    options = database.setdefault("OPTIONS", {})
    options["server_side_binding"] = True
    if flag("DATABASE_POOL", default=False):
        # A pool prepares statements per pooled connection; psycopg's own threshold is right there.
        options["pool"] = POOL
    else:
        options["prepare_threshold"] = 1
        database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)
        database["CONN_HEALTH_CHECKS"] = True
    return {"default": database}


def caches(*, redis_url: str) -> dict[str, dict[str, Any]]:
    """The CACHES setting: Valkey with short timeouts, else the memory of this process."""
    if not redis_url:
        memory = "common.cache.MemoryCache"
        return {"default": {"BACKEND": memory, "OPTIONS": {"MAX_ENTRIES": 10_000}}}
    return {
        "default": {
            "BACKEND": "common.cache.FallbackCache",
            "LOCATION": redis_url,
            "OPTIONS": {
                "CLIENT_CLASS": "common.cache.JSONClient",
                "SERIALIZER": "common.cache.JSONSerializer",
                "SOCKET_CONNECT_TIMEOUT": 0.3,
                "SOCKET_TIMEOUT": 0.3,
                "CONNECTION_POOL_KWARGS": {"retry": None},
            },
            "KEY_PREFIX": "etude",
        }
    }
