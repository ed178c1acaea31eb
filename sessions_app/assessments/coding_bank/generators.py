"""The large hidden cases of the shipped questions: each function returns (input, expected output).

Expected outputs are worked out here by other means than the reference solutions use, so that the
lint compares two solutions. The same arguments give the same texts for ever: what changes gets a
new name. Inputs are at most 256 KiB. Of `Random` only `random()` is used, whose numbers never
change.
"""

from __future__ import annotations

import bisect
import heapq
from collections.abc import Callable
from random import Random

Texts = tuple[str, str]


class Dice(Random):
    def below(self, limit: int) -> int:
        return int(self.random() * limit)

    def mixed(self, count: int) -> list[int]:
        """0 … count - 1 in any order."""
        return sorted(range(count), key=[self.random() for _ in range(count)].__getitem__)


def sounds(count: int, most: int, seed: int) -> Texts:
    """Longest quiet stretch: `count` sounds, at most `most` minutes from one to the next."""
    dice, minute, longest, minutes = Dice(seed), -1000, 0, []
    for number in range(count):
        step = dice.below(most + 1)
        minute += step
        longest = max(longest, step if number else 0)
        minutes.append(minute)
    return f"{count}\n{' '.join(map(str, minutes))}\n", str(longest)


def brackets(count: int, wrong: str = "", at: int = 0) -> Texts:
    """Matching brackets: `count` nested pairs. `wrong` put in place of the character at `at` (from
    1) breaks them there: a closing bracket of another kind, or a letter for an opening one."""
    kinds = [("([{"[n % 3], ")]}"[n % 3]) for n in range(count)]
    text = "".join(left for left, _ in kinds) + "".join(right for _, right in reversed(kinds))
    if not wrong:
        return f"{text}\n", "ok"
    broken = f"{text[: at - 1]}{wrong}{text[at:]}"
    if wrong in ")]}":  # the first closing bracket that does not fit
        return f"{broken}\n", str(at)
    # The partner of what is missing closes the next outer bracket, which is of another kind.
    return f"{broken}\n", str(2 * count + 1 - at)


def brackets_in_a_row(count: int, left_open: int) -> Texts:
    """Matching brackets: many short pairs, among them `left_open` brackets that stay open."""
    text, opened = "", 0
    parts = []
    place = 0
    for number in range(count):
        if number % 50 == 25 and opened < left_open:
            parts.append("{")
            opened, place, text = opened + 1, place + 1, str(place + 1)
        parts.append("f(a[1])")
        place += 7
    return f"{''.join(parts)}\n", text or "ok"


def words(count: int, distinct: int, k: int, seed: int) -> Texts:
    """Busiest words: `count` words out of `distinct`, in any case, between any other characters."""
    dice, texts, counted = Dice(seed), [], [0] * distinct
    for number in range(count):
        chosen = number if number < distinct else dice.below(1 + dice.below(distinct))
        counted[chosen] += 1
        word = _word(chosen)
        texts.append((word, word.upper(), word.capitalize())[dice.below(3)])
        texts.append((" ", "\n", ", ", "-", "7")[dice.below(5)])
    order = sorted(range(distinct), key=lambda n: (-counted[n], _word(n)))[:k]
    lines = [f"{_word(n)} {counted[n]}" for n in order if counted[n]]
    return f"{k}\n{''.join(texts)}\n", "\n".join(lines)


def _word(number: int) -> str:
    letters = ""
    while True:
        number, letter = divmod(number, 26)
        letters += "abcdefghijklmnopqrstuvwxyz"[letter]
        if not number:
            return letters


def meetings(count: int, until: int, longest: int, seed: int) -> Texts:
    """Rooms for meetings: by walking through the sorted starts and ends side by side."""
    dice = Dice(seed)
    booked = []
    for _ in range(count):
        start = dice.below(until)
        booked.append((start, start + 1 + dice.below(longest)))
    starts, ends = sorted(a for a, _ in booked), sorted(b for _, b in booked)
    most = minute = ended = 0
    for begun, start in enumerate(starts, start=1):
        while ends[ended] <= start:
            ended += 1
        if begun - ended > most:
            most, minute = begun - ended, start
    lines = "".join(f"{start} {end}\n" for start, end in booked)
    return f"{count}\n{lines}", f"{most} {minute}"


def requests(count: int, clients: int, k: int, w: int, seed: int) -> Texts:
    """Fair rate limiter: accepted seconds are kept in full, and searched by halves."""
    dice, second, lines, said = Dice(seed), 0, [], []
    accepted: list[list[int]] = [[] for _ in range(clients)]
    for _ in range(count):
        second += dice.below(3)
        client = dice.below(clients)
        own = accepted[client]
        fits = len(own) - bisect.bisect_right(own, second - w) < k
        if fits:
            own.append(second)
        lines.append(f"{second} c{client}\n")
        said.append("yes" if fits else "no")
    return f"{count} {k} {w}\n{''.join(lines)}", "\n".join(said)


def warehouse(rows: int, columns: int, shelves: float, seed: int) -> Texts:
    """Forklift route: shelves at random."""
    dice = Dice(seed)
    grid = [["#" if dice.random() < shelves else "." for _ in range(columns)] for _ in range(rows)]
    grid[0][0], grid[-1][-1] = "S", "G"
    return _route(["".join(row) for row in grid])


def aisles(rows: int, columns: int, walls: int) -> Texts:
    """Forklift route: every other row is a wall with one gap, left and right in turn; the last
    `walls` of them have none."""
    closed = range((rows - 1) // 2 - walls, (rows - 1) // 2)
    grid = []
    for row in range(rows):
        line = ["."] * columns
        if row % 2:
            line = ["#"] * columns
            if row // 2 not in closed:
                line[0 if row // 2 % 2 else -1] = "."
        grid.append(line)
    grid[0][0], grid[-1][-1] = "S", "G"
    return _route(["".join(row) for row in grid])


def _route(grid: list[str]) -> Texts:
    """From both ends over free floor only; a way leads over at most one shelf between them."""
    rows, columns = len(grid), len(grid[0])
    flat = "".join(grid)
    there, back = _steps(flat, columns, flat.index("S")), _steps(flat, columns, flat.index("G"))
    both = [there[c] + back[c] for c in range(rows * columns) if there[c] >= 0 and back[c] >= 0]
    return f"{rows} {columns}\n" + "\n".join(grid) + "\n", str(min(both, default=-1))


def _steps(flat: str, columns: int, start: int) -> list[int]:
    """Steps to each cell, -1 where no way leads; a way may end on a shelf but not go on there."""
    steps = [-1] * len(flat)
    steps[start], border, count = 0, [start], 0
    while border:
        count += 1
        found = []
        for cell in border:
            if flat[cell] == "#":
                continue
            column = cell % columns
            for near, inside in (
                (cell - columns, cell >= columns),
                (cell + columns, cell + columns < len(flat)),
                (cell - 1, column > 0),
                (cell + 1, column < columns - 1),
            ):
                if inside and steps[near] < 0:
                    steps[near] = count
                    found.append(near)
        border = found
    return steps


def cache(capacity: int, count: int, keys: int, ttl: int, seed: int) -> Texts:
    """Expiring cache: two heaps, one by end and one by last use, whose old entries are skipped."""
    dice, second, lines, said = Dice(seed), 0, [], []
    entries: dict[int, tuple[str, int, int]] = {}  # key: value, end, number of the last use
    ends: list[tuple[int, int]] = []
    uses: list[tuple[int, int]] = []
    for number in range(count):
        second += dice.below(2)
        key = dice.below(keys)
        alive = key in entries and entries[key][1] > second
        if dice.below(3) == 0:
            lines.append(f"get {second} k{key}\n")
            said.append(entries[key][0] if alive else "-")
            if alive:
                value, end, _ = entries[key]
                entries[key] = (value, end, number)
                heapq.heappush(uses, (number, key))
            continue
        value, end = f"v{number % 97}", second + 1 + dice.below(ttl)
        lines.append(f"put {second} k{key} {value} {end - second}\n")
        if not alive:
            entries.pop(key, None)
            if len(entries) >= capacity:
                _make_room(entries, ends, uses, second, capacity)
        entries[key] = (value, end, number)
        heapq.heappush(ends, (end, key))
        heapq.heappush(uses, (number, key))
    return f"{capacity} {count}\n{''.join(lines)}", "\n".join(said)


def _make_room(
    entries: dict[int, tuple[str, int, int]],
    ends: list[tuple[int, int]],
    uses: list[tuple[int, int]],
    second: int,
    capacity: int,
) -> None:
    while ends and ends[0][0] <= second:
        _, key = heapq.heappop(ends)
        if key in entries and entries[key][1] <= second:
            del entries[key]
    while len(entries) >= capacity:
        used, key = heapq.heappop(uses)
        if key in entries and entries[key][2] == used:
            del entries[key]


def farm(count: int, needs: int, longest: int, seed: int) -> Texts:
    """Build farm: modules that need earlier ones of a hidden order, which gives the answer."""
    dice = Dice(seed)
    order = dice.mixed(count)
    minutes = [1 + dice.below(longest) for _ in range(count)]
    needed: list[list[int]] = [[] for _ in range(count)]
    edges = []
    for _ in range(needs):
        late = 1 + dice.below(count - 1)
        early = max(0, late - 1 - dice.below(8))
        needed[order[late]].append(order[early])
        edges.append((order[early], order[late]))
    return _built(minutes, order, needed, edges)


def chain(count: int) -> Texts:
    """Build farm: each module needs the one before, told from the last to the first."""
    needed = [[n - 1] if n else [] for n in range(count)]
    edges = [(n - 1, n) for n in range(count - 1, 0, -1)]
    return _built([1] * count, list(range(count)), needed, edges)


def circle(count: int) -> Texts:
    """Build farm: a chain whose end the first module needs."""
    edges = [(n, (n + 1) % count) for n in range(count)]
    lines = "".join(f"{a + 1} {b + 1}\n" for a, b in edges)
    return f"{count} {count}\n{' '.join(['2'] * count)}\n{lines}", "cycle"


def _built(
    minutes: list[int], order: list[int], needed: list[list[int]], edges: list[tuple[int, int]]
) -> Texts:
    ends = [0] * len(minutes)
    for module in order:
        ends[module] = minutes[module] + max((ends[n] for n in needed[module]), default=0)
    total = max(ends)
    module = ends.index(total)
    way = [module]
    while needed[module]:
        most = max(ends[n] for n in needed[module])
        module = min(n for n in needed[module] if ends[n] == most)
        way.append(module)
    lines = "".join(f"{a + 1} {b + 1}\n" for a, b in edges)
    given = f"{len(minutes)} {len(edges)}\n{' '.join(map(str, minutes))}\n{lines}"
    return given, f"{total}\n{' '.join(str(n + 1) for n in reversed(way))}"


def corrections(source: int, target: int, letters: int, prices: list[int], seed: int) -> Texts:
    """Cheapest correction: the whole table, filled backward from the ends of both words."""
    dice = Dice(seed)
    first = "".join("abcdefghij"[dice.below(letters)] for _ in range(source))
    second = "".join("abcdefghij"[dice.below(letters)] for _ in range(target))
    insert, delete, replace, swap = prices
    table = [[0] * (target + 1) for _ in range(source + 1)]
    for i in range(source, -1, -1):
        for j in range(target, -1, -1):
            if i == source:
                table[i][j] = (target - j) * insert
                continue
            best = table[i + 1][j] + delete
            if j < target:
                best = min(best, table[i][j + 1] + insert)
                step = 0 if first[i] == second[j] else replace
                best = min(best, table[i + 1][j + 1] + step)
                crossed = i + 1 < source and j + 1 < target and first[i] == second[j + 1]
                if crossed and first[i + 1] == second[j]:
                    best = min(best, table[i + 2][j + 2] + swap)
            table[i][j] = best
    return f"{' '.join(map(str, prices))}\n{first}\n{second}\n", str(table[0][0])


GENERATORS: dict[str, Callable[..., Texts]] = {
    function.__name__: function
    for function in (
        sounds, brackets, brackets_in_a_row, words, meetings, requests, warehouse, aisles, cache,
        farm, chain, circle, corrections,
    )
}  # fmt: skip
