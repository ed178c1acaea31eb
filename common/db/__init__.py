"""What every app asks of the database beyond the ORM: compiled reads, inserts that may race."""

from common.db.compiled import Compiled, compiled
from common.db.inserts import insert_if_absent

__all__ = ["Compiled", "compiled", "insert_if_absent"]
