from practice.admin import bank, sessions

__all__ = ["bank", "sessions"]
