"""Who sows: the ground, the moment, and fresh people for each fault."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.models import User
from diagnostics import ground
from diagnostics.ground import Ground

HOUR = timedelta(hours=1)
NOWHERE = 9_000_000_000


@dataclass
class Sower:
    """`now` is when the faults will be looked for."""

    ground: Ground
    now: datetime
    users: list[User] = field(default_factory=list)

    def people(self, count: int) -> list[User]:
        """Fresh people, one for each fault: no two faults meet in one person."""
        made = ground.make_people(count, prefix=f"fault{uuid.uuid4().hex[:8]}", now=self.now)
        self.users.extend(made)
        return made
