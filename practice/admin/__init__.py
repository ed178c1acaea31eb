from practice.admin import bank, sessions, wordings

__all__ = ["bank", "sessions", "wordings"]
