"""How log lines look: readable in development, one JSON object a line in production."""

from __future__ import annotations

from typing import Any

import orjson
import structlog

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        *SHARED,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


def as_json(event: dict[str, Any], **_: object) -> str:
    return orjson.dumps(event, default=repr).decode()


def settings(*, level: str, debug: bool) -> dict[str, Any]:
    """The LOGGING setting: lines for people while developing, JSON otherwise."""
    people = structlog.dev.ConsoleRenderer(colors=False)
    lines = {
        "()": "structlog.stdlib.ProcessorFormatter",
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            people if debug else structlog.processors.JSONRenderer(serializer=as_json),
        ],
        "foreign_pre_chain": SHARED,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": lines},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers are removed: each line is logged once, by the root logger.
            "django": {"handlers": [], "level": "INFO"},
            "etude.request": {"level": "WARNING" if debug else "INFO"},
            "django.server": {"level": "WARNING"},
            "celery": {"level": "INFO" if not debug else "WARNING"},
        },
    }
