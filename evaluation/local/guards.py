"""The guards (EVALUATION.md, section 1): each withholds a score and says why.

A guard never lowers a score. The first that holds decides. Attacks on the formula (key words
shuffled, the sample pasted, the question repeated) would score up to .93 without them, while honest
full-mark answers average about .5.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from evaluation.local import prose
from evaluation.local.coverage import TypoIndex, share_found
from evaluation.local.reading import COPY_RUN, Reading
from evaluation.local.text import DATA, FUNCTION_WORDS, content_stems, known_runs, runs, stems_of
from evaluation.local.vocabulary import Vocabulary
from evaluation.types import MIN_WORDS, Rubric

FOREIGN_WORDS = tuple(
    frozenset(words.split()) - FUNCTION_WORDS
    for words in json.loads((DATA / "foreign_words.json").read_text("utf-8")).values()
)
COPIED = 0.5
LIST_COMMAS = 0.25
FEWEST_FUNCTION_WORDS = 0.12
SHORTEST_LIST = 8
# (pairs at least, limit): below this mean the words look shuffled. Stories and notes run down to
# -0.07, since SAF, from which the table was learned, has hardly any "he told me that I"; nine in
# ten shuffled answers lie below these limits.
SHUFFLED = ((100, -0.12), (60, -0.09), (30, -0.08), (15, -0.1))
# In notes a line of at most so many words on average says something by itself.
NOTE_LINES, NOTE_WORDS, SAYING_LINES = 3, 14, 0.6
RELATION = re.compile(r"->|=>|[→⇒=<>≤≥:]")
OFF_TOPIC_WORDS, OFF_TOPIC_SENTENCES, ON_TOPIC_SHARE = 60, 5, 0.3
TOPIC_WORDS, RICH_RUBRIC = 0.25, 120
KNOWN_WORDS = 0.25
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
    grams = runs(words, REPEAT_GRAM)
    return len(grams) < FRESH_SHARE * (len(words) - REPEAT_GRAM + 1)


def is_copy(reading: Reading, rubric: Rubric) -> bool:
    """Over half of the sample's runs of seven words, or of the key points', occur; or sentences
    taken from the key points make up over half of the answer."""
    given = runs([token.text for token in reading.tokens], COPY_RUN)
    points = [known_runs(point.text, COPY_RUN) for point in rubric.key_points]
    for source in (known_runs(rubric.sample_answer, COPY_RUN), frozenset().union(*points)):
        if source and len(source & given) > COPIED * len(source):
            return True
    copied = sum(len(s.tokens) for s in reading.sentences if reading.copies(s))
    return copied > COPIED * len(reading.tokens)


def is_list(reading: Reading, rubric: Rubric) -> bool:
    """Terms between commas."""
    words = len(reading.tokens)
    return words >= SHORTEST_LIST and reading.text.count(",") > LIST_COMMAS * words


def is_notes(reading: Reading) -> bool:
    """Short lines, most of which relate things to one another by a small word or a sign ("sort by
    id → no deadlock"). Lines of bare terms do not."""
    lines = reading.prose
    words = sum(len(line.tokens) for line in lines)
    if len(lines) < NOTE_LINES or words > NOTE_WORDS * len(lines):
        return False
    saying = sum(
        len(line.tokens) > 2
        and (
            any(token.is_function_word for token in line.tokens)
            or RELATION.search(reading.text, line.start, line.end) is not None
        )
        for line in lines
    )
    return saying >= SAYING_LINES * len(lines)


def is_not_prose(reading: Reading, rubric: Rubric) -> bool:
    """A list of key words (hardly any function words), or words in random order."""
    words = sum(len(sentence.tokens) for sentence in reading.prose)
    if words < SHORTEST_LIST:
        return False
    if is_list(reading, rubric):
        return True
    if prose.function_word_share(reading.prose) < FEWEST_FUNCTION_WORDS and not is_notes(reading):
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


def is_about_other_things(reading: Reading, rubric: Rubric, vocabulary: Vocabulary) -> bool:
    """Whether hardly any of the answer's words, weighed by how telling they are, are the rubric's.

    An answer to another question meets points by words that any answer holds ("per second",
    "percent"). Weak answers in words of their own have few of them too, so nothing is withheld for
    it; such an answer only cannot be more than weak. A short rubric has too few words to tell.
    """
    topic = _topic(rubric)
    if len(reading.tokens) < MIN_WORDS or len(topic) < RICH_RUBRIC:
        return False
    own = set(content_stems(reading.own_tokens))
    similar = TypoIndex(own)
    known = topic.union(*(similar.of(stem) for stem in topic))
    return share_found(own, known, vocabulary) < KNOWN_WORDS


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
        "This reads as a list of key words, not as sentences or notes that say something.",
        "Connect the words so that each line explains a part of your thinking to get a score.",
        is_not_prose,
    ),
    Guard(
        "mostly_off_topic",
        "Most of this is about something other than the question.",
        "Answer what was asked to get a score.",
        is_off_topic,
    ),
)


@lru_cache(maxsize=256)
def _topic(rubric: Rubric) -> frozenset[str]:
    parts = [rubric.prompt, rubric.sample_answer]
    for point in rubric.key_points:
        parts += [point.title, point.text, *point.aliases]
    return frozenset(stems_of("\n".join(parts)))
