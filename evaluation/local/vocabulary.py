"""Weights of words: document frequencies of a bank's own references and prompts."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from evaluation.local.text import DATA, stems_of

TABLE = DATA / "word_frequencies.json"


@dataclass(frozen=True)
class Vocabulary:
    """`frequencies[stem]` = in how many of the `documents` texts it occurs. Never from answers."""

    documents: int = 0
    frequencies: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Vocabulary:
        counts: Counter[str] = Counter()
        documents = 0
        for text in texts:
            documents += 1
            counts.update(set(stems_of(text)))
        return cls(documents, dict(counts))

    def idf(self, stem: str) -> float:
        """Robertson's idf, smoothed so that it is positive for every word."""
        seen = self.frequencies.get(stem, 0)
        return math.log(1 + (self.documents - seen + 0.5) / (seen + 0.5))

    def to_json(self) -> str:
        return json.dumps({"documents": self.documents, "frequencies": dict(self.frequencies)})


@lru_cache(maxsize=1)
def shipped_vocabulary() -> Vocabulary:
    """The frequencies that come with the code, learned from the bank by `build_word_table`.

    They do not follow the bank of an installation: the same answer gets the same score in each
    process and at any time. A new table is a new `SCORING_VERSION`.
    """
    table = json.loads(TABLE.read_text("utf-8"))
    return Vocabulary(table["documents"], table["frequencies"])
