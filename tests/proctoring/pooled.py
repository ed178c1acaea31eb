"""The heartbeats service, and at /pool what its connection pool says of itself."""

from __future__ import annotations

import json
from typing import Any

from config.wsgi_heartbeats import application as service


def application(environ: dict[str, Any], start_response: Any) -> Any:
    if environ["PATH_INFO"] != "/pool":
        return service(environ, start_response)
    from django.db import connection

    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(connection.pool.get_stats()).encode()]
