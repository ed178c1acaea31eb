from tests.practice.conftest import session

__all__ = ["session"]
