"""A deadline for replies that would otherwise never end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx2


class Hurried(httpx2.BaseTransport):
    """Ends a reply that still sends bytes past the deadline, which socket time-outs do not."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.inner = httpx2.HTTPTransport()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self.inner.handle_request(request)
        response.stream = HurriedStream(response.stream, self.deadline)
        return response

    def close(self) -> None:
        self.inner.close()


class HurriedStream(httpx2.SyncByteStream):
    def __init__(self, inner: Any, deadline: float) -> None:
        self.inner, self.deadline = inner, deadline

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.inner:
            if time.monotonic() > self.deadline:
                raise httpx2.ReadTimeout("the reply took longer than CLAUDE_TIMEOUT_SECONDS")
            yield chunk

    def close(self) -> None:
        self.inner.close()
