"""Files that people might bring, good and bad."""

from __future__ import annotations

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

HEADER = "skill,date,duration_minutes,description,difficulty,confidence\n"
IMPORT = "/api/v1/practice-logs/import"
EXPORT = "/api/v1/practice-logs/export"


def csv_of(*lines: str, header: str = HEADER) -> bytes:
    return (header + "\n".join(lines) + "\n").encode()


def row(n: int = 1, **changes: str) -> str:
    cells = {
        "skill": "React",
        "date": f"2026-01-{n:02d}",
        "minutes": "30",
        "description": f"Practiced number {n}",
        "difficulty": "",
        "confidence": "",
        **changes,
    }
    return ",".join(cells.values())


def xlsx_of(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for cells in rows:
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zip_of(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def bring(api, data: bytes, name: str = "practice.csv", query: str = "", **fields):
    upload = SimpleUploadedFile(name, data)
    return api.post(f"{IMPORT}{query}", {"file": upload, **fields}, format="multipart")
