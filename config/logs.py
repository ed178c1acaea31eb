"""How log lines look: readable in development, one JSON object a line in production."""

from __future__ import annotations

from typing import Any

import orjson
import structlog

FOREIGN = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


def console(logger, name, event_dict):  # type: ignore[no-untyped-def]
    return structlog.dev.ConsoleRenderer(colors=False)(logger, name, _without_meta(event_dict))


def as_json(logger, name, event_dict):  # type: ignore[no-untyped-def]
    return orjson.dumps(_without_meta(event_dict), default=repr).decode()


def _without_meta(event_dict):  # type: ignore[no-untyped-def]
    return {k: v for k, v in event_dict.items() if k not in {"_record", "_from_structlog"}}


def settings(*, level: str, debug: bool) -> dict[str, Any]:
    """The LOGGING setting: lines for people while developing, JSON otherwise."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "console": {
                "()": "structlog.stdlib.ProcessorFormatter",
                "processor": console,
                "foreign_pre_chain": FOREIGN,
            },
            "json": {
                "()": "structlog.stdlib.ProcessorFormatter",
                "processor": as_json,
                "foreign_pre_chain": FOREIGN,
            },
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "console" if debug else "json",
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers go: each line is said once, by the root.
            "django": {"handlers": [], "level": "INFO"},
            "etude.request": {"level": "WARNING" if debug else "INFO"},
            "django.server": {"level": "WARNING"},
            "celery": {"level": "INFO" if not debug else "WARNING"},
        },
    }
