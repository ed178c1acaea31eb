"""How the API describes itself at /api/schema and /api/docs."""

from __future__ import annotations

from typing import Any

DESCRIPTION = (
    "Sign in with `POST /api/auth/token`, or with a token of your account page, and send it as "
    "`Authorization: Bearer …`. Errors are `{error, code, fields}`. Where an operation names the "
    "header `Idempotency-Key`, a request sent again with the same key answers as the first time."
)


def settings(*, version: str) -> dict[str, Any]:
    """drf-spectacular's settings."""
    return {
        "TITLE": "Etude API",
        "DESCRIPTION": DESCRIPTION,
        "VERSION": version,
        "SERVE_INCLUDE_SCHEMA": False,
        "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
        "SERVE_AUTHENTICATION": [],
        "SCHEMA_PATH_PREFIX": r"/api",
        "PATH_CONVERTER_OVERRIDES": {"rowid": int},
        "POSTPROCESSING_HOOKS": [
            "drf_spectacular.hooks.postprocess_schema_enums",
            "common.http.schema.say_errors",
            "config.docs.arrange",
        ],
        "ENUM_NAME_OVERRIDES": {
            "CandidateStateEnum": "sessions_app.proctoring.selectors.lists.CANDIDATE_STATES",
            "RunStatusEnum": "judge.models.CodeRun.Status",
            "TestStatusEnum": "sessions_app.proctoring.states.Status",
            "TestCompletionMethodEnum": "sessions_app.proctoring.states.Method",
        },
        "COMPONENT_SPLIT_REQUEST": True,
        "SWAGGER_UI_DIST": "SIDECAR",
        "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
        "REDOC_DIST": "SIDECAR",
        "SWAGGER_UI_SETTINGS": {
            "deepLinking": True,
            "persistAuthorization": True,
            "defaultModelsExpandDepth": 0,
        },
    }
