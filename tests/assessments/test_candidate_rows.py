"""Lists of candidates are read however they are written; a plan says what each row would do."""

from __future__ import annotations

from datetime import date

import pytest

from common.errors import DomainError
from common.sheets import xlsx_bytes
from sessions_app.assessments.candidate_rows import MOST_ROWS, SheetRow, read_candidate_rows
from sessions_app.assessments.services.candidate_import import plan_candidates

ANA = ("Ana Lee", "ana@example.com", "15")
BEN = ("Ben", "ben@example.com", "")


@pytest.mark.parametrize(
    "written",
    [
        "Ana Lee, ana@example.com, 15\nBen, ben@example.com\n",
        "\n\nName;E-Mail;Extra minutes\r\nAna Lee;ana@example.com;15\r\n\r\nBen;ben@example.com;\r\n",
        "ana@example.com\tAna Lee\t15\nben@example.com\tBen\n",
        "First name,Last name,Email address,extra_minutes\nAna,Lee,ana@example.com,15\nBen,,ben@example.com,\n",
        "sep=|\nE-mail|Name|Minutes|Team\nana@example.com|Ana  Lee|15|x\nben@example.com|Ben||y\n",
        "Ana Lee <ana@example.com>, 15\nBen <ben@example.com>\n",
        "\ufeffname,email,minutes\n\"Ana Lee\",ana@example.com,15\nBen,ben@example.com,\n".encode(),
        "name\temail\tminutes\nAna Lee\tana@example.com\t15\nBen\tben@example.com\t\n".encode("utf-16"),
        xlsx_bytes(["Name", "Email", "Minutes"], [["Ana Lee", "ana@example.com", 15.0], BEN]),
        xlsx_bytes(["Ana Lee", "ana@example.com", "15"], [["Ben", "ben@example.com", None]]),
    ],
)  # fmt: skip
def test_every_way_of_writing_two_candidates_reads_the_same(written):
    assert read_candidate_rows(written) == [SheetRow(1, *ANA), SheetRow(2, *BEN)]


@pytest.mark.parametrize(
    "written",
    [
        "", "\n \n", "name,email\n", b"\xff\xfea", b"caf\xe9,a@b.co", "a\x00b", b"PK\x03\x04rest",
        "a@b.co\n" * (MOST_ROWS + 1), "x" * (2 * 1024 * 1024 + 1),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_a_sentence(written):
    with pytest.raises(DomainError) as refused:
        read_candidate_rows(written)
    assert refused.value.status in {400, 413} and refused.value.message.endswith(".")


def test_formulas_come_back_as_they_were_and_other_cells_as_text():
    rows = xlsx_bytes(
        ["name", "email"], [["=Ana", "ana@example.com"], [date(2026, 1, 2), "b@x.co"]]
    )
    assert [row.name for row in read_candidate_rows(rows)] == ["=Ana", "2026-01-02 00:00:00"]


def test_a_plan_says_what_each_row_would_do():
    rows = [
        SheetRow(1, *ANA),
        SheetRow(2, "Ana again", "ANA@example.com", ""),
        SheetRow(3, "Old", "old@example.com", ""),
        SheetRow(4, "Done", "Done@example.com", ""),
        SheetRow(5, "", "x@example.com", ""),
        SheetRow(6, "Nobody", "", ""),
        SheetRow(7, "Nowhere", "nowhere@", "much"),
        SheetRow(8, "Long", "long@example.com", "481"),
        SheetRow(9, "Minus", "minus@example.com", "-5"),
        SheetRow(10, "Digits", "digits@example.com", "9" * 5_000),
        SheetRow(11, *BEN),
    ]
    plan = plan_candidates(rows, known={"old@example.com": False, "done@example.com": True})
    assert [row.state for row in plan.rows] == [
        "create", "repeated", "known", "finished", *["error"] * 6, "create",
    ]  # fmt: skip
    assert (plan.rows[0].extra_minutes, plan.rows[10].extra_minutes) == (15, 0)
    assert plan.rows[1].why == "The same address as row 1."
    assert plan.rows[6].why.count(".") == 2 and len(plan.errors) == 6


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("", 0), ("0", 0), ("15", 15), ("0480", 480), ("481", None), ("-1", None), ("٣", None),
     ("1.5", None), ("0000000009999999", None), ("9" * 5000, None)],
)  # fmt: skip
def test_extra_minutes_are_a_number_that_a_candidate_may_have(written, minutes):
    (row,) = plan_candidates([SheetRow(2, "Ana", "ana@example.com", written)], known={}).rows
    assert (row.state == "create", row.extra_minutes) == (minutes is not None, minutes or 0)
