"""Copies are found whatever their names and layout; honest solutions of one question are not."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from itertools import combinations

import pytest
from django.urls import reverse

from common import clock
from judge.models import CodeRun
from judge.similarity import fingerprints, matches, share, words_of
from sessions_app.assessments.services.coding_bank import bank_files, read_question
from sessions_app.proctoring.models import AnswerPrint, SessionRun, SimilarPair
from sessions_app.proctoring.services import similarity
from sessions_app.proctoring.services.similarity import LEAST, LISTED_FROM, compare_answers
from tests.assessments.factories import CandidateFactory
from tests.judge.factories import ask
from tests.proctoring.coding import make_question, make_sitting
from tests.threads import run_together

BANK = {path.stem: read_question(path) for path in bank_files()}

ORIGINAL = BANK["expiring-cache"]["solution"]
NAMES = {
    "entries": "store", "ends": "heap", "make_room": "evict", "entry": "slot", "capacity": "size",
    "lines": "rows", "line": "row", "found": "hit", "cache": "box", "Cache": "Box", "value": "val",
    "verb": "op", "rest": "tail", "end": "till", "ttl": "life",
}  # fmt: skip


def renamed(source, names=NAMES):
    return re.sub(r"\b\w+\b", lambda word: names.get(word[0], word[0]), source)


def relaid(source):
    """Other indentation, blank lines, comments and a docstring."""
    lines = []
    for line in source.split("\n"):
        depth = (len(line) - len(line.lstrip())) // 4
        lines += ["\t" * depth + line.strip() + "  # so", ""]
    return '"""My own."""\n' + "\n".join(lines)


def reordered(source):
    """The methods of the class in another order."""
    head, put, room, get, tail = re.split(r"(?=    def put|    def make_room|    def get)|(?=\nlines)", source)  # fmt: skip
    return head + get + "\n" + room + put + tail


COPIES = {
    "renamed": renamed(ORIGINAL),
    "layout": relaid(ORIGINAL),
    "reordered": reordered(ORIGINAL),
    "all three": relaid(renamed(reordered(ORIGINAL))),
    "a third added": renamed(ORIGINAL)
    + "\n\ndef check(xs):\n    best = None\n    for i, x in enumerate(xs):\n        if best is None "
    "or x > xs[best]:\n            best = i\n    while best and best > 0:\n        best -= 1\n"
    "        print(best, file=sys.stderr)\n    return [y * 2 for y in xs if y % 3 == 1]\n",
}

# Written independently of each other and of the bank's.
HONEST = {
    "expiring-cache": [
        BANK["expiring-cache"]["naive"],
        """
import sys

def main():
    out = []
    it = iter(sys.stdin.read().split("\\n"))
    cap, n = (int(p) for p in next(it).split())
    data, used, clock = {}, {}, 0
    for _ in range(n):
        parts = next(it).split()
        now, k = int(parts[1]), parts[2]
        clock += 1
        alive = k in data and data[k][1] > now
        if parts[0] == "get":
            out.append(data[k][0] if alive else "-")
            if alive:
                used[k] = clock
            continue
        if not alive and len(data) - (k in data) >= cap:
            dead = [x for x in data if data[x][1] <= now]
            for x in dead:
                del data[x], used[x]
            if len(data) >= cap:
                oldest = min(used, key=used.get)
                del data[oldest], used[oldest]
        data[k] = (parts[3], now + int(parts[4]))
        used[k] = clock
    print("\\n".join(out))

main()
""",
        """
from sys import stdin

class Node:
    __slots__ = ("key", "val", "exp", "prev", "next")

class Cache:
    def __init__(self, capacity):
        self.capacity = capacity
        self.map = {}
        self.head, self.tail = Node(), Node()
        self.head.next, self.tail.prev = self.tail, self.head

    def _unlink(self, node):
        node.prev.next = node.next
        node.next.prev = node.prev

    def _push(self, node):
        last = self.tail.prev
        last.next = self.tail.prev = node
        node.prev, node.next = last, self.tail

    def put(self, t, key, value, ttl):
        node = self.map.pop(key, None)
        if node:
            self._unlink(node)
        if len(self.map) >= self.capacity:
            cur = self.head.next
            while cur is not self.tail:
                following = cur.next
                if cur.exp <= t:
                    self._unlink(cur)
                    del self.map[cur.key]
                cur = following
        if len(self.map) >= self.capacity:
            first = self.head.next
            self._unlink(first)
            del self.map[first.key]
        node = Node()
        node.key, node.val, node.exp = key, value, t + ttl
        self.map[key] = node
        self._push(node)

    def get(self, t, key):
        node = self.map.get(key)
        if not node or node.exp <= t:
            return None
        self._unlink(node)
        self._push(node)
        return node.val

lines = stdin.read().splitlines()
capacity, q = map(int, lines[0].split())
cache = Cache(capacity)
for line in lines[1 : q + 1]:
    verb, t, key, *rest = line.split()
    if verb == "put":
        cache.put(int(t), key, rest[0], int(rest[1]))
    else:
        found = cache.get(int(t), key)
        print("-" if found is None else found)
""",
    ],
    "cheapest-correction": [
        BANK["cheapest-correction"]["naive"],
        """
import sys
from functools import lru_cache
sys.setrecursionlimit(1000000)

def lowest_price(insert, delete, replace, swap, source, target):
    @lru_cache(None)
    def go(n, m):
        if not n or not m:
            return n * delete + m * insert
        if source[n - 1] == target[m - 1]:
            best = go(n - 1, m - 1)
        else:
            best = replace + go(n - 1, m - 1)
        options = [best, delete + go(n - 1, m), insert + go(n, m - 1)]
        if n >= 2 and m >= 2 and source[n - 1] == target[m - 2] and source[n - 2] == target[m - 1]:
            options.append(swap + go(n - 2, m - 2))
        return min(options)
    return go(len(source), len(target))

lines = sys.stdin.read().split("\\n") + ["", "", ""]
print(lowest_price(*map(int, lines[0].split()), lines[1].strip(), lines[2].strip()))
""",
        """
import sys

def lowest_price(insert, delete, replace, swap, source, target):
    n, m = len(source), len(target)
    dp = [[0] * (m + 1) for _ in range(n + 1)]
    for i in range(n + 1):
        dp[i][0] = i * delete
    for j in range(m + 1):
        dp[0][j] = j * insert
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost = 0 if source[i - 1] == target[j - 1] else replace
            dp[i][j] = min(dp[i - 1][j] + delete, dp[i][j - 1] + insert, dp[i - 1][j - 1] + cost)
            if i > 1 and j > 1 and source[i - 1] == target[j - 2] and source[i - 2] == target[j - 1]:
                dp[i][j] = min(dp[i][j], dp[i - 2][j - 2] + swap)
    return dp[n][m]

lines = sys.stdin.read().split("\\n") + ["", "", ""]
print(lowest_price(*map(int, lines[0].split()), lines[1].strip(), lines[2].strip()))
""",
    ],
}


def shared(slug, one, other, language="python"):
    plate = BANK[slug]["boiler_plate"][language]
    prints = [fingerprints(text, language, without=[plate]) for text in (one, other)]
    return share(*prints, least=LEAST)


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_is_found_however_it_was_changed(how):
    assert shared("expiring-cache", ORIGINAL, COPIES[how]) >= LISTED_FROM + 0.1, how


def test_a_copy_in_cpp_is_found():
    source = BANK["forklift-route"]["solution_cpp"]
    names = {name: f"v{n}" for n, name in enumerate(set(re.findall(r"\b[a-z]{2,}\b", source)))}
    keep = {"int", "while", "for", "if", "return", "include", "using", "namespace", "else",
            "continue", "break", "const", "auto", "char", "bool", "true", "false", "struct"}  # fmt: skip
    copy = renamed(source, {a: b for a, b in names.items() if a not in keep})
    assert copy != source
    assert shared("forklift-route", source, copy.replace("{", "\n{\n"), "cpp") >= 0.95


def test_honest_solutions_of_one_question_are_not_listed():
    pairs = {}
    for slug, question in BANK.items():
        texts = [question["solution"], question["naive"], *HONEST.get(slug, [])]
        for one, other in combinations(dict.fromkeys(texts), 2):
            pairs[slug, len(pairs)] = shared(slug, one, other)
    highest = max(pairs.values())
    assert highest <= LISTED_FROM - 0.1, {k: v for k, v in pairs.items() if v > 0.4}


def test_the_boiler_plate_leaves_no_fingerprint_and_a_short_answer_says_nothing():
    for question in BANK.values():
        for language, plate in question["boiler_plate"].items():
            assert fingerprints(plate, language, without=[plate]) == frozenset()
    short = "print(sum(map(int, input().split())))\n"
    assert share(*[fingerprints(short, "python")] * 2, least=LEAST) == 0


@pytest.mark.timeout(60)
def test_the_largest_and_oddest_source_is_read_in_bounded_time():
    for text in ("x=" * 32_000, "(" * 64_000, '"' * 65_000, "\\\n" * 32_000, "\ufffd" * 20_000):
        fingerprints(text, "python")
        words = words_of(text, "python")[:6000]
        assert sum(match.length for match in matches(words, words)) <= len(words)


# --- the task ---------------------------------------------------------------------------------

pytestmark: list = []


def scored(question, source, *, language="python", **values):
    """A test whose answer to the question has its verdict."""
    sitting = make_sitting(question, **values)
    run = ask(source, language=language)
    CodeRun.objects.filter(pk=run.pk).update(
        status="done", verdict="accepted", finished_at=clock.now()
    )
    SessionRun.objects.create(
        session=sitting, question=question, kind="scoring", run=run, counts=True,
        created_at=clock.now(),
    )  # fmt: skip
    return sitting


@pytest.fixture
def question(db):
    return make_question("cache", boiler_plate=BANK["expiring-cache"]["boiler_plate"])


def test_similar_answers_are_listed_once_and_honest_ones_not(question):
    for source in (ORIGINAL, *HONEST["expiring-cache"]):
        scored(question, source)
    copy = scored(question, COPIES["all three"])
    assert compare_answers(now=clock.now()) == 5
    assert compare_answers(now=clock.now()) == 0, "each once"

    pair = SimilarPair.objects.get()
    assert pair.second.session == copy and pair.percent >= 70
    assert AnswerPrint.objects.count() == 5


def test_what_is_scored_again_keeps_its_pairs_and_a_changed_answer_gets_new_ones(question):
    one, other = (scored(question, source) for source in (ORIGINAL, COPIES["renamed"]))
    compare_answers(now=clock.now())
    pair = SimilarPair.objects.get()
    for source, left in ((COPIES["renamed"], [pair.pk]), (HONEST["expiring-cache"][0], [])):
        SessionRun.objects.filter(session=other).update(counts=False)
        again = scored(question, source).runs.get()
        other_sitting = again.session
        SessionRun.objects.filter(pk=again.pk).update(session=other)
        other_sitting.delete()
        compare_answers(now=clock.now())
        assert list(SimilarPair.objects.values_list("pk", flat=True)) == left
    assert one.prints.count() == other.prints.count() == 1


def test_neither_another_language_nor_a_retake_of_the_same_person_is_compared(question):
    candidate = CandidateFactory(email="Ana@example.com")
    retake = CandidateFactory(email="ana@example.com")
    scored(question, ORIGINAL, candidate=candidate)
    scored(question, ORIGINAL, candidate=retake)
    scored(question, ORIGINAL, language="javascript")
    compare_answers(now=clock.now())
    assert AnswerPrint.objects.count() == 3 and not SimilarPair.objects.exists()


def test_an_answer_has_as_many_pairs_as_are_kept_and_is_compared_with_so_many(question, settings):
    settings.LIMITS = {**settings.LIMITS, "similar_answers": 2, "compared_answers": 3}
    for _ in range(5):
        scored(question, ORIGINAL)
    compare_answers(now=clock.now())
    assert SimilarPair.objects.count() == 0 + 1 + 2 + 2 + 2


@pytest.mark.django_db(transaction=True)
def test_two_copies_that_are_compared_at_the_same_moment_are_a_pair(question):
    for _ in range(5):
        SessionRun.objects.all().delete()
        for source in (ORIGINAL, COPIES["renamed"]):
            scored(question, source)
        rows = similarity.waiting(now=clock.now())
        compare = [partial(similarity.compare_answer, row, now=clock.now()) for row in rows]
        assert [type(made) for made in run_together(compare)] == [list, list]
        assert SimilarPair.objects.count() == 1
        AnswerPrint.objects.all().delete()


def test_what_most_answers_have_is_the_question_s_own(question, monkeypatch):
    monkeypatch.setattr(similarity, "COMMON_AMONG", 4)
    for _ in range(6):
        scored(question, ORIGINAL)
    compare_answers(now=clock.now())
    assert SimilarPair.objects.count() == 1 + 2, "until the fourth answer it was not known"


def test_runs_without_a_verdict_and_old_ones_wait_or_are_left(question):
    scored(question, ORIGINAL)
    CodeRun.objects.update(status="queued", verdict="", finished_at=None)
    assert compare_answers(now=clock.now()) == 0
    CodeRun.objects.update(status="done", finished_at=clock.now() - timedelta(days=8))
    assert compare_answers(now=clock.now()) == 0


def test_staff_see_both_texts_aligned_and_that_it_is_no_verdict(question, client, staff):
    one, other = (scored(question, text) for text in (ORIGINAL, COPIES["all three"]))
    compare_answers(now=clock.now())
    pair = SimilarPair.objects.get()
    client.force_login(staff)

    sitting = reverse("admin:sessions_app_proctoredsession_change", args=[one.pk])
    assert (
        str(other.candidate) in client.get(sitting).content.decode().partition("Similar answers")[2]
    )
    assert (
        "no verdict"
        in client.get(reverse("admin:sessions_app_similarpair_changelist")).content.decode()
    )
    page = client.get(reverse("admin:sessions_app_similarpair_change", args=[pair.pk]))
    rows = page.context["rows"]
    for side, sitting in (("left", one), ("right", other)):
        parts = [getattr(row, side) for row in rows if getattr(row, side)]
        lines = sorted((part.begin, part.lines) for part in parts)
        whole = "\n".join(line for _, some in lines for line in some)
        assert whole == sitting.runs.get().run.source, "each line once"
    same = [row for row in rows if row.number]
    assert same and all(row.left and row.right for row in same)
