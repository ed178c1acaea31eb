"""How log lines look: readable in development, one JSON object a line in production; and what never
stands in them or in an error report: secrets (`common.redaction`)."""

from __future__ import annotations

import re
from typing import Any

import orjson
import structlog
from django.views.debug import SafeExceptionReporterFilter

from common.redaction import redacted

VERBOSE_LOGGERS = ("django.db.backends", "anthropic", "httpx", "httpcore", "kombu", "amqp", "redis")
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


class WithoutSecrets:
    """Renders by another renderer, then takes secrets out of the whole line, traceback included."""

    def __init__(self, renderer: Any) -> None:
        self.renderer = renderer

    def __call__(self, *event: Any) -> str:
        return redacted(self.renderer(*event))


class ReporterFilter(SafeExceptionReporterFilter):
    """Django's page and mail of an error: addresses of our own servers hold passwords."""

    hidden_settings = re.compile(
        SafeExceptionReporterFilter.hidden_settings.pattern
        + "|URL|LOCATION|BROKER|DATABASES|HOST_USER",
        flags=re.IGNORECASE,
    )

    def cleanse_setting(self, key: Any, value: Any) -> Any:
        cleansed = super().cleanse_setting(key, value)
        return redacted(cleansed) if isinstance(cleansed, str) else cleansed


def settings(*, level: str, debug: bool) -> dict[str, Any]:
    """The LOGGING setting: lines for people while developing, JSON otherwise."""
    people = structlog.dev.ConsoleRenderer(colors=False)
    lines = {
        "()": "structlog.stdlib.ProcessorFormatter",
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            WithoutSecrets(
                people if debug else structlog.processors.JSONRenderer(serializer=as_json)
            ),
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
            # Whatever LOG_LEVEL says: statements with the keys of sign-ins, requests with words of
            # learners, messages of the broker.
            **{name: {"level": "INFO"} for name in VERBOSE_LOGGERS},
        },
    }
