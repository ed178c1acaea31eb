from __future__ import annotations


class CellError(Exception):
    """One cell cannot be read; the text says why. `asks` names the question that would help."""

    def __init__(self, message: str, *, asks: str = "") -> None:
        super().__init__(message)
        self.asks = asks
