"""The seven guards (EVALUATION.md, section 1): each withholds a score and says why.

A guard never lowers a score. The first that holds decides. Attacks on the formula (key words
shuffled, the sample pasted, the question repeated) would score up to .93 without them, while honest
full-mark answers average about .5.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from evaluation.local import prose
from evaluation.local.reading import Reading
from evaluation.local.text import DATA, FUNCTION_WORDS, stems_of, tokenise
from evaluation.types import Rubric

FOREIGN_WORDS = tuple(
    frozenset(words.split()) - FUNCTION_WORDS
    for words in json.loads((DATA / "foreign_words.json").read_text("utf-8")).values()
)
COPY_GRAM = 7
COPIED = 0.5
FEWEST_FUNCTION_WORDS = 0.12
SHORTEST_LIST = 8
# (pairs at least, limit): below this mean the words look shuffled. First-person stories run down to
# -0.04, since SAF, from which the table was learned, has hardly any "he told me that I"; the same
# stories shuffled lie around -0.35.
SHUFFLED = ((100, -0.08), (60, -0.05), (30, -0.03), (15, -0.05))
OFF_TOPIC_WORDS, OFF_TOPIC_SENTENCES, ON_TOPIC_SHARE = 60, 5, 0.3
TOPIC_WORDS, RICH_RUBRIC = 0.25, 120
FOREIGN_SHARE = 0.15
REPEAT_GRAM, REPEAT_WORDS, FRESH_SHARE = 4, 30, 0.45


@dataclass(frozen=True)
class Guard:
    """`code` is what the API says; `why` and `remedy` are sentences for the learner."""

    code: str
    why: str
    remedy: str
    holds: Callable[[Reading, Rubric], bool]

    @property
    def statement(self) -> str:
        return f"{self.why} {self.remedy}"


def first_guard(reading: Reading, rubric: Rubric) -> Guard | None:
    """The guard that withholds this answer's score, None when it may be scored."""
    return next((guard for guard in GUARDS if guard.holds(reading, rubric)), None)


def is_empty(reading: Reading, rubric: Rubric) -> bool:
    return not reading.tokens


def is_foreign(reading: Reading, rubric: Rubric) -> bool:
    """Mostly letters of another script, or more of another language's small words than English."""
    letters = [letter for letter in reading.text if letter.isalpha()]
    latin = sum("LATIN" in unicodedata.name(letter, "") for letter in letters)
    if letters and latin < 0.5 * len(letters):
        return True
    words = [token.text for sentence in reading.prose for token in sentence.tokens]
    english = sum(word in FUNCTION_WORDS for word in words)
    others = max(sum(word in small for word in words) for small in FOREIGN_WORDS)
    return len(words) >= SHORTEST_LIST and others > max(3, english, FOREIGN_SHARE * len(words))


def is_mostly_code(reading: Reading, rubric: Rubric) -> bool:
    return reading.code_share > 0.6


def restates_question(reading: Reading, rubric: Rubric) -> bool:
    """Nothing but repetition of the question: without those sentences no words are left."""
    return (
        len(reading.tokens) >= 4
        and len(reading.own_tokens) < len(reading.tokens)
        and not (reading.has_content_of_its_own)
    )


def is_too_little(reading: Reading, rubric: Rubric) -> bool:
    return not reading.has_content_of_its_own or len(reading.tokens) < rubric.min_words


def is_repetition(reading: Reading, rubric: Rubric) -> bool:
    """The same words over and over: too few distinct runs of four words."""
    words = [token.text for token in reading.tokens]
    if len(words) < REPEAT_WORDS:
        return False
    grams = _grams(words, REPEAT_GRAM)
    return len(grams) < FRESH_SHARE * (len(words) - REPEAT_GRAM + 1)


def is_copy(reading: Reading, rubric: Rubric) -> bool:
    """Over half of the runs of seven words of the sample, or of the key points' texts, occur."""
    given = _grams([token.text for token in reading.tokens], COPY_GRAM)
    points = [_grams_of(point.text) for point in rubric.key_points]
    for source in (_grams_of(rubric.sample_answer), frozenset().union(*points)):
        if source and len(source & given) > COPIED * len(source):
            return True
    return False


def is_not_prose(reading: Reading, rubric: Rubric) -> bool:
    """A list of key words (hardly any function words), or words in random order."""
    words = sum(len(sentence.tokens) for sentence in reading.prose)
    if words < SHORTEST_LIST:
        return False
    if prose.function_word_share(reading.prose) < FEWEST_FUNCTION_WORDS:
        return True
    mean, pairs = prose.flow(reading.prose)
    limit = next((limit for fewest, limit in SHUFFLED if pairs >= fewest), None)
    return limit is not None and mean < limit


def is_off_topic(reading: Reading, rubric: Rubric) -> bool:
    """Few sentences share words with the rubric. One shared word is no sign of topic ("time",
    "use"), so a quarter of them must be the rubric's; a short rubric has too few words for that."""
    if len(reading.tokens) < OFF_TOPIC_WORDS:
        return False
    topic = _topic(rubric)
    stems = [set(sentence.stems) for sentence in reading.prose]
    share = TOPIC_WORDS if len(topic) >= RICH_RUBRIC else 0
    on_topic = sum(len(own & topic) >= max(1, share * len(own)) for own in stems)
    enough = on_topic == 0 or len(stems) >= OFF_TOPIC_SENTENCES
    return enough and on_topic < ON_TOPIC_SHARE * len(stems)


GUARDS = (
    Guard(
        "too_little_to_score",
        "There are no words here to score.",
        "Write what you would say to an interviewer, then ask again.",
        is_empty,
    ),
    Guard(
        "not_english",
        "This does not seem to be written in English, and the check only reads English.",
        "Say it in English to get a score.",
        is_foreign,
    ),
    Guard(
        "mostly_code",
        "This is mostly code or data, and the check only reads sentences.",
        "Explain in sentences what the code does and why, then ask again.",
        is_mostly_code,
    ),
    Guard(
        "restates_question",
        "This repeats the question without adding to it.",
        "Answer it in your own words to get a score.",
        restates_question,
    ),
    Guard(
        "too_little_to_score",
        "There is too little here to score.",
        "Write a few full sentences that answer the question, then ask again.",
        is_too_little,
    ),
    Guard(
        "repetition",
        "The same words come back over and over.",
        "Say each thing once and add what is missing to get a score.",
        is_repetition,
    ),
    Guard(
        "copies_sample_answer",
        "More than half of this is word for word the sample answer or its key points.",
        "Put it in your own words to get a score.",
        is_copy,
    ),
    Guard(
        "not_running_prose",
        "This reads as a list of key words, not as sentences.",
        "Connect the words into sentences that explain your thinking to get a score.",
        is_not_prose,
    ),
    Guard(
        "mostly_off_topic",
        "Most of this is about something other than the question.",
        "Answer what was asked to get a score.",
        is_off_topic,
    ),
)


@lru_cache(maxsize=512)
def _grams_of(text: str) -> frozenset[tuple[str, ...]]:
    return _grams([token.text for token in tokenise(text)], COPY_GRAM)


def _grams(words: list[str], size: int) -> frozenset[tuple[str, ...]]:
    return frozenset(Counter(zip(*(words[i:] for i in range(size)), strict=False)))


@lru_cache(maxsize=256)
def _topic(rubric: Rubric) -> frozenset[str]:
    parts = [rubric.prompt, rubric.sample_answer]
    for point in rubric.key_points:
        parts += [point.title, point.text, *point.aliases]
    return frozenset(stems_of("\n".join(parts)))
