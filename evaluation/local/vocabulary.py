"""Weights of words: document frequencies of a bank's own references and prompts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from evaluation.local.text import stems_of


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
