"""The one place that takes secrets out of what is written down: log lines, error reports, what
people report.

By the routes that carry one (`tests/test_secrets_in_logs.py` walks all of them), by the shape of
our own tokens, and by the names under which secrets travel. What is taken out becomes `***`.
"""

from __future__ import annotations

import re

GONE = "***"
# The next segment of such a path opens something.
SECRET_ROUTES = (
    "t",
    "skills/unsubscribe",
    "account/tokens",
    "accounts/confirm-email",
    "accounts/password/reset/key",
)
NAMES = (
    *("password", "passwd", "secret", "otp", "authorization", "cookie", "signature", "credential"),
    *(
        "api[_-]?key",
        "access[_-]?token",
        "refresh[_-]?token",
        "id[_-]?token",
        "csrf[a-z]{0,12}token",
    ),
    *("sessionid", "etude_session", "etude_candidate", "x-api-key"),
)
# In a query string short names mean a secret too.
ASKED = (*NAMES, "token", "key", "code", "state", "pass", "pwd")
VALUE = r"[^\s\"'&,;{}()<>\\#]+"
_PATTERNS = [
    (rf"((?:/|%2F)(?:{'|'.join(SECRET_ROUTES)})(?:/|%2F))[^\s/?#\"'\\&]+", rf"\1{GONE}"),
    (r"\bct_[\w.:-]{8,}", f"ct_{GONE}"),  # a candidate's signed token
    (r"\b[0-9a-f]{64}\b", GONE),  # an API token
    (r"\bsk-[\w-]{8,}", GONE),  # a key of Claude
    (r"\b(Bearer|Basic|Token)\s+[\w.~+/=:-]{8,}", rf"\1 {GONE}"),
    (r"(://[^\s/:@\"']*:)[^\s/@\"']+@", rf"\1{GONE}@"),  # a password in an address
    (rf"([?&;](?:{'|'.join(ASKED)})\w*=){VALUE}", rf"\1{GONE}"),
]
PATTERNS = [(re.compile(pattern, re.IGNORECASE), put) for pattern, put in _PATTERNS]
# Each word before a value is read once, and then searched for a name: a pattern with the names in
# its middle reads a word again from each name in it, which a sender can make thousands of.
NAMED_VALUE = re.compile(rf"((?<![\w-])([\w-]+)[\"']*\s*[:=]\s*[\"']*){VALUE}")
SECRET_NAME = re.compile("|".join(NAMES), re.IGNORECASE)


def redacted(text: str) -> str:
    """The text without secrets; JSON stays JSON."""
    for pattern, put in PATTERNS:
        text = pattern.sub(put, text)
    return NAMED_VALUE.sub(_without_secret, text)


def _without_secret(found: re.Match[str]) -> str:
    return f"{found[1]}{GONE}" if SECRET_NAME.search(found[2]) else found[0]
