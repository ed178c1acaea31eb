"""What spreadsheets do to texts and titles, undone."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from common.text import is_blank, normalized

LONGEST_TITLE = 200  # of what is compared

# ECMA-376 part 1, 22.9.2.19 (ST_Xstring): characters that XML cannot hold.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_IN_XML = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def unescape_xlsx(text: str) -> str:
    """`_x000D_` is a carriage return, `_x005F_` an underscore that escapes nothing else."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def escape_xlsx(text: str) -> str:
    """`unescape_xlsx(escape_xlsx(text)) == text`; what is left can stand in XML."""
    return _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unix_lines(text: str) -> str:
    """Windows and old Macs end lines with a carriage return."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def plain_title(title: str) -> str:
    """A title for comparing: case, blanks of any kind, hyphens and invisible characters ignored."""
    seen = "".join(c for c in title[:LONGEST_TITLE] if unicodedata.category(c) != "Cf")
    folded = normalized(seen, longest=LONGEST_TITLE).casefold().replace("-", " ").replace("_", " ")
    return "_".join(folded.split())


def is_blank_cell(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and is_blank(cell))
