"""Candidates for accepted wordings: words of answers that may count for a key point.

Who accepts one writes it into a question, which evaluation does not know: practice does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from common.db.inserts import insert_if_absent
from evaluation.local.phrases import stems_in_order, telling_stems
from evaluation.models import Evaluation, WordingCandidate
from evaluation.scoring import verified_quote

# A wording is matched with its telling words close together: a whole sentence never is.
MOST_TELLING_WORDS = 8
LONGEST = 200
QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{2,200})[\"”“»]")


def suggest_wordings(
    *,
    evaluation: Evaluation,
    words: Mapping[str, Iterable[str]],
    source: str,
    now: datetime,
) -> int:
    """Keep words for each key point (by title) that the verdict did not meet; how many are new.

    Left out: what is an accepted wording already, no phrase (see `is_phrase`), or known. Joins the
    caller's transaction.
    """
    judged = {point["title"]: point["level"] for point in evaluation.key_points}
    aliases = {
        point["title"]: {form_of(alias) for alias in point.get("aliases") or ()}
        for point in evaluation.input["rubric"]["key_points"]
    }
    added = 0
    for title, texts in words.items():
        if judged.get(title) == "met" or title not in aliases:
            continue
        for text in (" ".join(one.split()) for one in texts):
            if not is_phrase(text) or form_of(text) in aliases[title]:
                continue
            added += insert_if_absent(
                WordingCandidate(
                    evaluation=evaluation,
                    question_key=evaluation.question_key,
                    point_title=title,
                    text=text,
                    source=source,
                    created_at=now,
                )
            )
    return added


def words_in(note: str, answer: str) -> list[str]:
    """What a learner's note takes from the answer: its quoted parts, or the note as a whole."""
    quotes = [verified_quote(text, answer) for text in [*QUOTED.findall(note), note]]
    return list(dict.fromkeys(quote.text for quote in quotes if quote))


def is_phrase(text: str) -> bool:
    """Short enough to be found again in another answer, and with a word that tells something."""
    return len(text) <= LONGEST and 1 <= len(telling_stems(text)) <= MOST_TELLING_WORDS


def form_of(wording: str) -> tuple[str, ...]:
    """Two wordings of one form are the same to the local check."""
    return tuple(sorted(telling_stems(wording))) or stems_in_order(wording)
