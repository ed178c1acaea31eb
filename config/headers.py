"""Headers of answers: what scripts of other sites may read, and the Content-Security-Policy.

To allow a source everywhere, add it to a list below; on one page, `csp_update` on its view
(`config/docs.py`).
"""

from collections.abc import Sequence
from typing import Any

from csp.constants import NONCE, NONE, SELF


def content_security_policy(*, forms_to: Sequence[str]) -> dict[str, Any]:
    """`forms_to`: other origins that a form may lead to, as signing in with a provider does."""
    return {"DIRECTIVES": {**DIRECTIVES, "form-action": [SELF, *forms_to]}}


# Those that docs/api.md names; the refusals of the proxy say the same (config/proxy).
EXPOSED_HEADERS = (
    "Accept-Encoding",
    "Allow",
    "Content-Disposition",
    "Idempotency-Replayed",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-ID",
)

DIRECTIVES: dict[str, list[Any]] = {
    "default-src": [NONE],
    "script-src": [SELF, NONCE],
    "style-src": [SELF, NONCE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "connect-src": [SELF],
    "worker-src": [SELF],
    "manifest-src": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
