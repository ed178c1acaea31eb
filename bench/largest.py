"""CPU that the largest legal input takes: `python -m bench.largest`. No server; SQLite in a file.

First every operation of the API that takes a body, from the request to the answer, then the parts:
boards, spreadsheets up to their 202, the local check and Markdown. A second is what each may take
on a quiet machine. Growth is tested by counts (`tests/test_largest_bodies.py`,
`tests/**/test_*growth*.py`), never by time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

LIMIT = 1.0
LONGEST_TEXT = 50_000

Case = tuple[str, Callable[[], Any]]


def main() -> None:
    os.environ["ETUDE_TEST_DB"] = "sqlite"
    import tests.services  # noqa: F401  # prepares the settings

    import django  # isort: skip

    django.setup()
    for cases in (endpoints, boards, files, texts):
        for name, work in cases():
            began = time.process_time()
            result = work()
            spent = time.process_time() - began
            status = getattr(result, "status_code", "")
            over = "  over a second" if spent > LIMIT else ""
            print(f"{name:76} {status:>4} {spent:6.2f} s{over}")


def endpoints() -> Iterator[Case]:
    """Each is asked twice, and the second time counts: what is read once is no work of the body."""
    from django.test.utils import setup_databases, setup_test_environment

    from tests.largest import askings
    from tests.rights.ground import build_ground
    from tests.rights.people import undone

    setup_test_environment()
    setup_databases(verbosity=0, interactive=False)
    with undone():
        for asking in askings(build_ground()):
            send = asking.prepared(asking.largest.most)
            with undone():
                send()
            with undone():
                yield asking.name, send


def boards() -> Iterator[Case]:
    from practice.board_svg import picture_of
    from practice.scene_reader import MOST_ELEMENTS, read_board
    from tests.practice import big_scenes

    for layout in ("tiny_frames", "plain", "realistic", "stacked", "in_one_group", "turned"):
        elements = getattr(big_scenes, layout)(MOST_ELEMENTS)
        scene = {"elements": elements}
        yield f"board read, {layout}", lambda s=scene: read_board(s, question_id=7, order=2)
        yield f"board drawn, {layout}", lambda e=elements: picture_of(e).drawing  # type: ignore[union-attr]


def files() -> Iterator[Case]:
    from tests.tracking.files import HEADER, csv_of, row, xlsx_of
    from tracking.sheets import bounds
    from tracking.sheets.readers import read_table, rows_for_worker

    lines = [row(1 + n % 28, description="x" * 400) for n in range(bounds.ROWS_AT_ONCE)]
    sheets = {
        "csv": csv_of(*lines),
        "csv of 10 MB in few rows": csv_of(*[row(1, description="x" * 9000)] * 1100),
        "xlsx": xlsx_of([HEADER.strip().split(","), *(line.split(",") for line in lines)]),
        "xlsx of 50,000 rows (202)": xlsx_of([["skill", "date"], *[["a", "b"]] * 50_000]),
    }
    for name, data in sheets.items():

        def read(data: bytes = data) -> Any:
            if not rows_for_worker(data):
                return list(islice(read_table(data).rows, bounds.ROWS_AT_ONCE + 1))
            return None

        yield f"import, {name}", read


def texts() -> Iterator[Case]:
    from common.markdown import render_markdown
    from evaluation.local.evaluator import evaluate
    from tests.evaluation.factories import GOOD, RUBRIC
    from tests.evaluation.test_growth import new_words

    evaluate(RUBRIC, GOOD)
    for name, text in {
        "prose": f"{GOOD}\n" * 120,
        "new words": new_words(6000),
        "short lines": "cache redirect\n" * 4000,
        "signs": "=" * LONGEST_TEXT,
    }.items():
        yield f"local check, {name}", lambda t=text[:LONGEST_TEXT]: evaluate(RUBRIC, t)
    for piece in ("*a ", "[a](b) ", "- a\n", "![", "|a|b|\n"):
        text = (piece * LONGEST_TEXT)[:LONGEST_TEXT]
        yield f"Markdown, {piece!r}", lambda t=text: render_markdown(t)


if __name__ == "__main__":
    main()
