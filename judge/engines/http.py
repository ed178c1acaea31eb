"""Asks an engine on the network: every answer is bounded in time and size, and read as JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import httpx2

from judge.engines.errors import EngineUnavailable

CONNECT_SECONDS = 5.0
SAID_CHARACTERS = 200


def ask(
    method: str,
    url: str,
    *,
    seconds: float,
    most_bytes: int,
    headers: Mapping[str, str] | None = None,
    body: Any = None,
) -> Any:
    """The JSON of a 2xx answer. Raises `EngineUnavailable`, also for a server that never ends.

    Redirects are not followed: the secret goes to the address that was configured, nowhere else.
    """
    until = time.monotonic() + seconds
    timeout = httpx2.Timeout(seconds, connect=CONNECT_SECONDS)
    try:
        with (
            httpx2.Client(timeout=timeout, trust_env=False) as client,
            client.stream(method, url, json=body, headers=dict(headers or {})) as response,
        ):
            data = bytearray()
            for part in response.iter_bytes():
                data += part
                if len(data) > most_bytes:
                    raise EngineUnavailable(
                        f"The engine's answer is longer than {most_bytes} bytes."
                    )
                if time.monotonic() > until:
                    raise EngineUnavailable(f"The engine did not answer within {seconds:.0f} s.")
    except httpx2.TimeoutException as error:
        raise EngineUnavailable(f"The engine did not answer within {seconds:.0f} s.") from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise EngineUnavailable(f"The engine cannot be reached: {error}") from error
    if not response.is_success:
        said = data[:SAID_CHARACTERS].decode(errors="replace")
        raise EngineUnavailable(f"The engine answered {response.status_code}: {said}")
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise EngineUnavailable("The engine's answer is no JSON.") from error
