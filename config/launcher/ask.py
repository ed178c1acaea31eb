"""Request a path from the server of this machine: exit code 0 when it answers well.

python -m config.launcher.ask /readyz
"""

from __future__ import annotations

import http.client
import sys
import urllib.error
import urllib.request


def status_of(host: str, port: int, path: str, *, name: str = "localhost") -> int:
    """The HTTP status of `path`, 0 when nothing answers. `name` goes into the Host header."""
    reachable = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    address = f"[{reachable}]" if ":" in reachable else reachable
    # As behind a proxy that speaks https, so that the answer is no redirect to https.
    headers = {"Host": name, "X-Forwarded-Proto": "https"}
    question = urllib.request.Request(f"http://{address}:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(question, timeout=3) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except (OSError, http.client.HTTPException):
        return 0


def ask_here(path: str) -> int:
    """`status_of` the server that HOST and PORT name."""
    from config.env import env

    allowed = env.list("ALLOWED_HOSTS", default=[]) or ["localhost"]
    host, port = env.str("HOST", "127.0.0.1"), env.int("PORT", 8002)
    return status_of(host, port, path, name=allowed[0].lstrip("."))


def main(path: str) -> int:
    return 0 if ask_here(path) == 200 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "/healthz"))
