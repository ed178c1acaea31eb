"""Whether a secret can be guessed: short, of few or repeated characters, or written by hand."""

from __future__ import annotations

import math
import re
from collections import Counter

# At least five letters: in random text of 64 characters one of these stands once in 50,000.
WRITTEN_BY_HAND = (
    *("password", "passwd", "passphrase", "secret", "changeme", "change-me", "change_me"),
    *("default", "develop", "production", "insecure", "example", "django", "etude", "testing"),
    *("tests-", "placeholder", "replace", "please", "random", "something", "character"),
    *("letmein", "qwerty", "12345", "23456", "34567", "98765", "abcde", "bcdef", "never", "admin"),
)
MIN_BITS = 90


def weakness(secret: str, *, least: int = 32) -> str:
    """Why this secret can be guessed, or "" when nothing says so. Never repeats any of it."""
    if len(secret) < least:
        return f"it has fewer than {least} characters"
    if secret in (secret + secret)[1:-1]:
        return "it repeats itself"
    if len(set(secret)) < 10 or _bits(secret) < MIN_BITS * least / 32:
        return "it has too few different characters"
    if re.fullmatch(r"[a-z\W_]+|[A-Z\W_]+|[\d\W_]+", secret):
        return "it has letters of one case or digits alone, as no random one of this length"
    if any(word in secret.lower() for word in WRITTEN_BY_HAND):
        return "it was written by hand"
    return ""


def _bits(secret: str) -> float:
    """How much its own characters say; random text of 32 hexadecimal digits has about 115."""
    counts, length = Counter(secret), len(secret)
    return -sum(n * math.log2(n / length) for n in counts.values())
