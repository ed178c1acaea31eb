"""Which words of a sentence stand under a denial: cue words and the reach of each.

In the manner of NegEx (Chapman et al. 2001): a cue denies to the end of its clause, a verbal one
("does not") also back to its start, and what names an aim or a harm ("so that nobody has to") is no
denial. It decides about key points only; inside the coverage formula it costs agreement.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from evaluation.local.text import Token, tokenise
from evaluation.types import KeyPoint

Cues = dict[str, list[tuple[str, ...]]]

# Denied by these: what follows.
FORWARD_CUES = """
not | never | nor | neither | no | none | nobody | nothing | cannot | can't | don't | doesn't
didn't | isn't | aren't | wasn't | weren't | won't | wouldn't | shouldn't | couldn't | needn't
mustn't | haven't | hasn't | hadn't | instead of | rather than | waste time | waste of time | skip
refuse to | refused to | avoid | myth | mistake to | unlike | opposed to | far from | fail to
fails to | out of the question to | leave out | wrong to | useless to | pointless to
"""
# Denied by these: what stands before them, back to the start of the clause.
BACKWARD_CUES = """
is irrelevant | are irrelevant | is overrated | are overrated | is not needed | are not needed
isn't needed | aren't needed | is not necessary | are not necessary | isn't necessary
aren't necessary | is unnecessary | are unnecessary | isn't worth | aren't worth | is not worth
are not worth | out of the question | is pointless | are pointless | do not matter | don't matter
does not matter | doesn't matter | is not useful | is not helpful | is useless | are useless
is a waste | are a waste | is a mistake | is a myth | not our problem | not a problem
cannot be the cause | can't be the cause | decides nothing | decide nothing | never happen
never happens | are cosmetics | isn't the right | is not the right | nobody needs | makes no sense
make no sense | can be ignored | is ignored | are ignored
"""
# To call good what a point rejects is to deny that point.
APPROVAL_CUES = """
is fine | are fine | perfectly fine | is good | is okay | is ok | is best | is the best | is better
is enough | is safe | is harmless | works well | is the truth | source of truth | no problem
"""
# These look like a cue and deny nothing.
HARMLESS = """
not only | not just | not merely | not necessarily | no longer than | no more than | no later than
no doubt | no matter | without a doubt | not sure | if not | whether or not | cannot be overstated
nothing changes | no effect | not yet | why not | do not forget | don't forget | must not forget
not happy | no one | not until | nobody else | if nobody | not enough | no less than | not alone
"""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Of the forward cues, those that stand inside a verb deny their subject too.
VERBAL = _words(
    """not never cannot can't don't doesn't didn't isn't aren't wasn't weren't won't wouldn't
    shouldn't couldn't needn't mustn't"""
)
CLAUSE_WORDS = _words(
    """because since but although though whereas while however so that which who if when until
    unless instead therefore as then after before"""
)
SENTENCE_PARTS = _words("because but although though whereas however so since")
AIM_WORDS = _words("otherwise if when who which until")
# "So we never look" concludes, "so two groups cannot wait for each other" names an aim.
SPEAKERS = _words("i we i'd we'd i'll we'll")
LINKS = _words("is are was were does do did")
LISTING = _words("or nor a an any let")
STRONG_STOP = re.compile(r"[;:.!?()\n–—]| - ")  # noqa: RUF001
FARTHEST, FARTHEST_BACK = 14, 24
OWN_DENIAL = re.compile(
    r"\A(?:against|no|not|never|avoid|don't|without)\b|\b(?:cannot|are not|is not)\b"
)


def denied(text: str, tokens: Sequence[Token]) -> frozenset[int]:
    """Indices of the tokens under a denial; `text` is the source that the tokens' spans are of."""
    if not any(token.text in _STARTS for token in tokens):
        return frozenset()
    clauses = _Clauses(text, tokens)
    words = clauses.words
    harmless = {at + i for at, cue in _cues(words, _HARMLESS) for i in range(len(cue))}
    found: set[int] = set()
    for at, cue in _cues(words, _FORWARD):
        if not harmless.isdisjoint(range(at, at + len(cue))) or clauses.names_an_aim(at):
            continue
        found.update(range(at, clauses.end(at + len(cue) - 1) + 1))
        if cue[0] in VERBAL:
            found.update(range(clauses.start(at, FARTHEST, CLAUSE_WORDS), at))
    for at, cue in _cues(words, _BACKWARD):
        begin = clauses.start(at, FARTHEST_BACK, SENTENCE_PARTS, through_commas=True)
        found.update(range(begin, at + len(cue)))
    return frozenset(found)


def approved(text: str, tokens: Sequence[Token]) -> frozenset[int]:
    """Indices of the tokens that are called good."""
    clauses: _Clauses | None = None
    found: set[int] = set()
    for at, cue in _cues([token.text for token in tokens], _APPROVAL):
        clauses = clauses or _Clauses(text, tokens)
        found.update(range(clauses.start(at, FARTHEST, CLAUSE_WORDS), at + len(cue)))
    return frozenset(found)


@lru_cache(maxsize=4096)
def own_denials(point: KeyPoint) -> frozenset[str] | None:
    """Stems that the point itself denies; None when the whole point is a rejection ("Against …"),
    so that denying it is saying it."""
    if OWN_DENIAL.search(point.title.lower()):
        return None
    tokens = tokenise(point.text)
    return frozenset(
        tokens[at].stem for at in denied(point.text, tokens) if not tokens[at].is_function_word
    )


class _Clauses:
    """A sentence's words, and how far a clause reaches from one of them."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.words = [token.text for token in tokens]
        gaps = [text[one.end : two.start] for one, two in pairwise(tokens)]
        self._stops = [bool(STRONG_STOP.search(gap)) for gap in gaps]
        self._commas = ["," in gap for gap in gaps]

    def end(self, at: int) -> int:
        """The last word of the clause; a list goes on over its commas."""
        for here in range(at, min(at + FARTHEST, len(self._stops))):
            following = self.words[here + 1]
            ends_list = self._commas[here] and following not in LISTING
            subordinate = following in CLAUSE_WORDS and not self._goes_on(here + 1)
            if self._stops[here] or ends_list or subordinate:
                return here
        return min(at + FARTHEST, len(self.words) - 1)

    def _goes_on(self, at: int) -> bool:
        """As in "not checked when reading": the word belongs to the verb before it."""
        return self.words[at + 1 : at + 2] != [] and self.words[at + 1].endswith("ing")

    def start(
        self, at: int, farthest: int, borders: frozenset[str], *, through_commas: bool = False
    ) -> int:
        for here in range(at, max(at - farthest, 0), -1):
            comma = self._commas[here - 1] and not through_commas
            if self._stops[here - 1] or comma or self.words[here - 1] in borders:
                return here
        return max(at - farthest, 0)

    def names_an_aim(self, at: int) -> bool:
        """As in "so that two groups cannot …", "otherwise …", "to avoid …": an aim or a harm."""
        words = self.words
        begin = self.start(at, FARTHEST, CLAUSE_WORDS)
        before = words[max(0, begin - 2) : begin]
        if before[-1:] == ["so"]:
            concludes = words[begin] in SPEAKERS or (at > 0 and words[at - 1] in LINKS)
            return not concludes
        return (
            before in (["so", "that"], ["such", "that"])
            or (before[-1:] and before[-1] in AIM_WORDS)
            or words[begin] in {"otherwise", "if"}
            or (words[at] == "avoid" and at > 0 and words[at - 1] == "to")
        )


def _cues(words: Sequence[str], cues: Cues) -> Iterator[tuple[int, tuple[str, ...]]]:
    for at, word in enumerate(words):
        for cue in cues.get(word, ()):
            if tuple(words[at : at + len(cue)]) == cue:
                yield at, cue


def _by_first_word(listed: str) -> Cues:
    phrases: Iterable[str] = (part for line in listed.splitlines() for part in line.split("|"))
    cues: Cues = defaultdict(list)
    for phrase in phrases:
        if words := tuple(phrase.split()):
            cues[words[0]].append(words)
    return dict(cues)


_FORWARD, _BACKWARD = _by_first_word(FORWARD_CUES), _by_first_word(BACKWARD_CUES)
_HARMLESS, _APPROVAL = _by_first_word(HARMLESS), _by_first_word(APPROVAL_CUES)
_STARTS = frozenset(_FORWARD) | frozenset(_BACKWARD)
