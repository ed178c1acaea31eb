"""Passwords that many people use or that breaches made public, looked up without the network.

`known_passwords.bin` holds the first five bytes of the SHA-256 of each, sorted, with nothing in
between: 1 MB for 200,000 passwords, and one in five million others is taken for one of them.
To build it anew from lists with one password a line:

    python -m accounts.passwords.known LIST...
"""

from __future__ import annotations

import hashlib
import sys
from bisect import bisect_left
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("known_passwords.bin")
WIDTH = 5
# Shorter ones are refused for their length, also after digits are taken off their end.
SHORTEST = 6


class Digests:
    """The file as a sorted sequence, for `bisect`."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __len__(self) -> int:
        return len(self.content) // WIDTH

    def __getitem__(self, index: int) -> bytes:
        return self.content[index * WIDTH : (index + 1) * WIDTH]


def is_known(password: str) -> bool:
    """Whether a list has it, in any case."""
    digests, wanted = _digests(), _digest(password)
    place = bisect_left(digests, wanted)
    return place < len(digests) and digests[place] == wanted


def build(lists: list[Path]) -> int:
    words = {
        word
        for path in lists
        for word in path.read_text(errors="ignore").splitlines()
        if len(word) >= SHORTEST
    }
    digests = sorted({_digest(word) for word in words})
    FILE.write_bytes(b"".join(digests))
    return len(digests)


@cache
def _digests() -> Digests:
    return Digests(FILE.read_bytes())


def _digest(password: str) -> bytes:
    return hashlib.sha256(password.casefold().encode()).digest()[:WIDTH]


if __name__ == "__main__":
    sys.stdout.write(f"{build([Path(name) for name in sys.argv[1:]])} passwords\n")
