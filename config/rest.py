"""How the API is read, answered, limited and signed in to: settings of DRF and knox."""

from __future__ import annotations

from typing import Any

from config.env import env

KNOX: dict[str, Any] = {
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_TTL": None,  # set per token by accounts.services.tokens
    "TOKEN_LIMIT_PER_USER": None,
    "AUTO_REFRESH": False,
}


def settings() -> dict[str, Any]:
    """The REST_FRAMEWORK setting: JSON in and out, signed in unless a view says otherwise."""
    return {
        "DEFAULT_AUTHENTICATION_CLASSES": [
            "accounts.api.authentication.BearerAuthentication",
            "accounts.api.authentication.PageSessionAuthentication",
        ],
        "DEFAULT_PERMISSION_CLASSES": [
            "rest_framework.permissions.IsAuthenticated",
            "common.http.permissions.AsksForOwn",
        ],
        "DEFAULT_RENDERER_CLASSES": ["common.http.json.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["common.http.json.JSONParser"],
        "DEFAULT_PAGINATION_CLASS": "common.http.pagination.NewestFirst",
        "DEFAULT_SCHEMA_CLASS": "common.http.schema.Schema",
        "DEFAULT_THROTTLE_CLASSES": ["common.http.throttles.ScopedThrottle"],
        "DEFAULT_THROTTLE_RATES": {
            "expensive": env.str("THROTTLE_EXPENSIVE", "120/min"),
        },
        "EXCEPTION_HANDLER": "common.http.errors.handle",
        "URL_FORMAT_OVERRIDE": None,
        "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
        "TEST_REQUEST_DEFAULT_FORMAT": "json",
        "TEST_REQUEST_RENDERER_CLASSES": [
            "rest_framework.renderers.JSONRenderer",
            "rest_framework.renderers.MultiPartRenderer",
        ],
    }
