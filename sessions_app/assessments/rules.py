"""How long a test may be, and the languages that candidates may answer in, in the order offered."""

from __future__ import annotations

DEFAULT_MINUTES = 60
MAX_MINUTES = 480
LANGUAGE_NAMES = {"python": "Python", "javascript": "JavaScript", "java": "Java", "cpp": "C++"}
