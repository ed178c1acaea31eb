from accounts.models.audit import AuditEntry
from accounts.models.storage import StorageUse, StoredKind
from accounts.models.tokens import ApiToken
from accounts.models.usage import ClosedAccountUsage, DailyUsage, LimitGrant, UsageReservation
from accounts.models.users import Subscription, User

__all__ = [
    "ApiToken",
    "AuditEntry",
    "ClosedAccountUsage",
    "DailyUsage",
    "LimitGrant",
    "StorageUse",
    "StoredKind",
    "Subscription",
    "UsageReservation",
    "User",
]
