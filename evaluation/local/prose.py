"""Whether a text is running prose: its function words, and which of them follow one another.

The table holds log(P(b after a) / P(b)) for pairs of function words, with "*" for any other word
and "." for a sentence's edge. It was learned from the answers of SAF (MIT license) alone;
`manage.py build_prose_table` learns it again. Words put in random order lose the pattern.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from evaluation.local.text import DATA, Sentence

TABLE = DATA / "prose_bigrams.json"
OTHER, EDGE = "*", "."
RARELY = 2


def function_word_share(prose: Sequence[Sentence]) -> float:
    """Share of function words among all words, 0–1."""
    words = [token for sentence in prose for token in sentence.tokens]
    return sum(token.is_function_word for token in words) / len(words) if words else 0.0


def flow(prose: Sequence[Sentence]) -> tuple[float, int]:
    """Mean log ratio of the pairs that hold a function word, and how many pairs there were.

    Running prose lies well above 0, shuffled words around 0 or below.
    """
    table, unseen = _table()
    ratios = [table.get(f"{a} {b}", unseen) for s in prose for a, b in pairs(s) if {a, b} - {OTHER}]
    return (sum(ratios) / len(ratios), len(ratios)) if ratios else (0.0, 0)


def pairs(sentence: Sentence) -> Iterable[tuple[str, str]]:
    words = [token.text if token.is_function_word else OTHER for token in sentence.tokens]
    return zip([EDGE, *words], [*words, EDGE], strict=True)


def learn(texts: Iterable[Sequence[Sentence]]) -> dict[str, float]:
    """The table of a collection of texts: pairs seen at least three times, and "unseen"."""
    pair_counts: Counter[tuple[str, str]] = Counter()
    for prose in texts:
        for sentence in prose:
            pair_counts.update(pairs(sentence))
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (a, b), count in pair_counts.items():
        first[a] += count
        second[b] += count
    total = sum(pair_counts.values())
    table = {
        f"{a} {b}": round(math.log((count / first[a]) / (second[b] / total)), 2)
        for (a, b), count in sorted(pair_counts.items())
        if count > RARELY
    }
    return table | {"unseen": -1.5}


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, float], float]:
    table = json.loads(TABLE.read_text("utf-8"))
    return table, table.pop("unseen")
