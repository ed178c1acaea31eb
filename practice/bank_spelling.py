"""American spelling in what authors show to learners. Wordings, cues and regression answers are
exempt: they stand for what other people write."""

from __future__ import annotations

import re
from collections.abc import Iterator

from practice.bank_files import SetFile

# Each pattern with what it becomes; endings are kept.
BRITISH = tuple(
    (re.compile(rf"\b{pattern}", re.IGNORECASE), replacement)
    for pattern, replacement in (
        (
            r"(arm|behavi|col|endeav|fav|flav|harb|hon|hum|lab|neighb|od|rum|vap|vig)our(\w*)",
            r"\1or\2",
        ),
        (r"(cent|theat|kilomet|millimet|centimet|met|lit|fib|calib)re(s?)\b", r"\1er\2"),
        (r"(def|off|lic|pret)ence(s?)\b", r"\1ense\2"),
        (r"(anal|paral|catal)ys(e|ed|es|ing)\b", r"\1yz\2"),
        (
            r"(anonymi|apologi|authori|capitali|categori|characteri|critici|customi|emphasi|finali"
            r"|generali|initiali|itemi|materiali|maximi|memori|minimi|moderni|normali|optimi|organi"
            r"|penali|personali|prioriti|randomi|reali|recogni|seriali|speciali|stabili|standardi"
            r"|summari|synchroni|tokeni|utili|visuali)s(e|ed|er|es|ing|ation|ations)\b",
            r"\1z\2",
        ),
        (
            r"(cancel|channel|counsel|fuel|label|level|marvel|model|signal|total|travel)"
            r"l(ed|er|ers|ing)\b",
            r"\1\2",
        ),
        (r"(acknowledg|judg)ement(s?)\b", r"\1ment\2"),
        (r"(enrol|fulfil)(s?)\b", r"\1l\2"),
        (r"(skil|wil)ful\b", r"\1lful"),
        (r"(amid|among)st\b", r"\1"),
        (r"whilst\b", "while"),
        (r"cheque(s?)\b", r"check\1"),
        (r"grey(s?)\b", r"gray\1"),
        (r"programme(s?)\b", r"program\1"),
        (r"storey(s?)\b", r"story\1"),
        (r"tyre(s?)\b", r"tire\1"),
        (r"ageing\b", "aging"),
    )
)


def british_spellings(text: str) -> Iterator[tuple[str, str]]:
    """Each British word of the text with its American spelling."""
    for pattern, replacement in BRITISH:
        for found in pattern.finditer(text):
            yield found[0], found.expand(replacement)


def spelling_problems(one_set: SetFile) -> Iterator[str]:
    """A line for each British word that a learner would read in this set."""
    shown = [("", "\n".join((one_set.title, one_set.summary, one_set.sample_writeup)))]
    for question in one_set.questions:
        parts = [question.title, question.prompt, question.sample_answer, *question.follow_ups]
        for step in (*question.framework_steps, *question.structure_steps):
            parts += [step.title, step.hint]
        for point in question.key_points:
            parts += [point.title, point.text, point.why]
        shown.append((f"/{question.slug}", "\n".join(parts)))
    for place, text in shown:
        for british, american in british_spellings(text):
            said = f"“{british}” is “{american}” in American English."
            yield f"{one_set.slug}{place}: [spelling] {said}"
