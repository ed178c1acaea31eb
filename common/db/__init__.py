"""What every app asks of the database beyond the ORM: compiled reads, inserts that may race."""

from common.db.compiled import Compiled, compiled

__all__ = ["Compiled", "compiled"]
